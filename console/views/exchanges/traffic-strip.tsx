import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { omitUndefined } from '../../../server/protocol/omit-undefined.ts';
import { formatDuration, formatTime } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import {
  createPreference,
  type Preference,
  themePreference,
  usePreference,
} from '../../shell/preferences.ts';
import type { Row } from '../../stream/feed.ts';
import { summarizeTraffic, type TrafficSummary } from './traffic.ts';

const visibility: Preference<'shown' | 'hidden'> = createPreference(
  'traffic',
  ['shown', 'hidden'],
  () => 'shown',
);

export interface TrafficStripProps {
  readonly rows: readonly Row[];
  readonly version: number;
  onRange(from: number, to: number): void;
  onCode(code: string): void;
}

/** S, U and F over time, the most frequent codes, and how long exchanges took. */
export const TrafficStrip = ({ rows, version, onRange, onCode }: TrafficStripProps) => {
  const t = useMessages();
  const isShown = usePreference(visibility) === 'shown';
  const look = useSlowVersion(version, rows);
  const summary = useMemo(() => (isShown ? summarizeTraffic(rows) : undefined), [look, isShown]);
  return (
    <section class="traffic" aria-label={t.traffic.title}>
      <button
        type="button"
        class="traffic-toggle"
        aria-expanded={isShown}
        title={isShown ? t.traffic.hide : t.traffic.show}
        onClick={() => visibility.choose(isShown ? 'hidden' : 'shown')}
      >
        <span class="hidden">{isShown ? t.traffic.hide : t.traffic.show}</span>
        <span aria-hidden="true">{isShown ? '▾' : '▸'}</span>
      </button>
      {summary === undefined ? (
        <span class="quiet">{t.traffic.title}</span>
      ) : (
        <>
          <div class="traffic-plot">
            <Plot summary={summary} onRange={onRange} />
            <RangeKeys summary={summary} onRange={onRange} />
          </div>
          <TrafficFigures summary={summary} onCode={onCode} />
        </>
      )}
    </section>
  );
};

const lookIntervalMs = 1000;

/** Follows changes of a list at most once a second; another list is followed at once. */
const useSlowVersion = (version: number, rows: readonly Row[]): unknown => {
  const [shown, show] = useState({ version, rows });
  const latest = useRef({ version, rows });
  latest.current = { version, rows };
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (shown.rows !== rows) {
      show(latest.current);
      return;
    }
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      show(latest.current);
    }, lookIntervalMs);
  }, [version, rows]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
};

/** Colours of the style sheet, which a canvas cannot read itself. */
const resolveColour = (name: string): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const plotHeight = 64;
const minDragWidth = 4;

const createPlot = (
  box: HTMLElement,
  data: uPlot.AlignedData,
  onRange: (from: number, to: number) => void,
): uPlot => {
  const colour = (name: string) => (): string => resolveColour(name);
  const bars = uPlot.paths.bars?.({ size: [0.9, 24], align: 1 });
  const series = (name: string): uPlot.Series =>
    omitUndefined({
      fill: colour(name),
      stroke: colour(name),
      width: 0,
      points: { show: false },
      paths: bars,
    });
  const axis = { stroke: colour('--text-quiet'), grid: { show: false }, font: '11px sans-serif' };
  return new uPlot(
    {
      width: Math.max(120, box.clientWidth),
      height: plotHeight,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max)] } },
      axes: [
        { ...axis, size: 18, ticks: { show: false }, gap: 2 },
        {
          ...axis,
          size: 34,
          ticks: { show: false },
          splits: (plot) => [0, plot.scales['y']?.max ?? 1],
        },
      ],
      // The tallest is drawn first: each is the sum of itself and those below it.
      series: [{}, series('--bad'), series('--unsure'), series('--good')],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < minDragWidth) return;
            const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
            plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            onRange(Math.floor(from * 1000), Math.ceil(to * 1000));
          },
        ],
      },
    },
    data,
    box,
  );
};

const toPlotData = ({ bins }: TrafficSummary): uPlot.AlignedData => [
  bins.map(({ from }) => from / 1000),
  bins.map(({ S, U, F }) => S + U + F),
  bins.map(({ S, U }) => S + U),
  bins.map(({ S }) => S),
];

const Plot = ({
  summary,
  onRange,
}: {
  readonly summary: TrafficSummary;
  onRange(from: number, to: number): void;
}) => {
  const t = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const range = useRef(onRange);
  range.current = onRange;
  const theme = usePreference(themePreference);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = createPlot(element, toPlotData(summary), (from, to) => range.current(from, to));
    plot.current = made;
    const watcher = new ResizeObserver(() =>
      made.setSize({ width: Math.max(120, element.clientWidth), height: plotHeight }),
    );
    watcher.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => made.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      watcher.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(toPlotData(summary)), [summary]);
  useEffect(() => plot.current?.redraw(), [theme]);
  const { total, S, U, F } = summary;
  return (
    <div
      class="plot"
      ref={box}
      role="img"
      title={t.traffic.hint}
      aria-label={t.traffic.chart(total, S, U, F)}
    />
  );
};

/** What dragging does, for the keyboard: a slider for each end of the range. */
const RangeKeys = ({
  summary: { bins, binMs },
  onRange,
}: {
  readonly summary: TrafficSummary;
  onRange(from: number, to: number): void;
}) => {
  const t = useMessages();
  const first = bins[0]?.from ?? 0;
  const end = (bins.at(-1)?.from ?? 0) + binMs;
  const slider = (label: string, value: number, toRange: (at: number) => [number, number]) => (
    <label>
      <span class="hidden">{label}</span>
      <input
        type="range"
        min={first}
        max={end}
        step={binMs}
        value={value}
        aria-valuetext={formatTime(value)}
        onChange={({ currentTarget }) => {
          const [from, to] = toRange(Number(currentTarget.value));
          if (from < to) onRange(from, to);
        }}
      />
    </label>
  );
  return (
    <div class="range-keys">
      {slider(t.traffic.moveFrom, first, (at) => [at, end])}
      {slider(t.traffic.moveTo, end, (at) => [first, at])}
    </div>
  );
};

const TrafficFigures = ({
  summary: { codes, p50, p95 },
  onCode,
}: {
  readonly summary: TrafficSummary;
  onCode(code: string): void;
}) => {
  const t = useMessages();
  return (
    <dl class="traffic-figures">
      <div class="traffic-codes">
        <dt class="hidden">{t.traffic.topCodes}</dt>
        {codes.map(({ code, status, count }) => (
          <dd key={code}>
            <button
              type="button"
              class={`cell-filter code-${status}`}
              title={t.list.filterBy(`code:${code}`)}
              onClick={() => onCode(code)}
            >
              {code} <span class="quiet">{count}</span>
            </button>
          </dd>
        ))}
      </div>
      <div>
        <dt>{t.traffic.p50}</dt>
        <dd class="mono">{formatDuration(p50)}</dd>
      </div>
      <div>
        <dt>{t.traffic.p95}</dt>
        <dd class="mono">{formatDuration(p95)}</dd>
      </div>
    </dl>
  );
};
