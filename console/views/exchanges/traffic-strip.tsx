import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { omitUndefined } from '../../../server/problems/plain-object.ts';
import { formatDuration, formatTime } from '../../components/format.ts';
import { useMessages } from '../../i18n/messages.tsx';
import {
  createPreference,
  type Preference,
  themePreference,
  usePreference,
} from '../../shell/browser-storage.ts';
import { type Row, useSlowVersion } from '../../stream/feed.ts';

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

const lookIntervalMs = 1000;

/** S, U and F over time, the most frequent codes, and how long exchanges took. */
export const TrafficStrip = ({ rows, version, onRange, onCode }: TrafficStripProps) => {
  const t = useMessages();
  const isShown = usePreference(visibility) === 'shown';
  const look = useSlowVersion(version, rows, lookIntervalMs);
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

/** A colour of the style sheet, which a canvas cannot read itself. */
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

interface ColouredPlot {
  readonly plot: uPlot;
  /** Draws it again in the colours of the scheme that holds now. */
  recolour(): void;
}

const createPlot = (
  box: HTMLElement,
  data: uPlot.AlignedData,
  onRange: (from: number, to: number) => void,
): ColouredPlot => {
  // Each look at a style makes the browser compute the styles of the page: once a scheme is enough.
  const resolved = new Map<string, string>();
  const colour = (name: string) => (): string => {
    const value = resolved.get(name) ?? resolveColour(name);
    resolved.set(name, value);
    return value;
  };
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
  const plot = new uPlot(
    {
      width: Math.max(120, box.clientWidth),
      height: plotHeight,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max)] } },
      axes: [
        { ...axis, size: 18, ticks: { show: false }, gap: 2, space: 100 },
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
  return {
    plot,
    recolour: () => {
      resolved.clear();
      plot.redraw();
    },
  };
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
  const made = useRef<ColouredPlot | undefined>(undefined);
  const range = useRef(onRange);
  range.current = onRange;
  const theme = usePreference(themePreference);
  // Before the first frame, so that the strip is never seen without its bars.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const own = createPlot(element, toPlotData(summary), (from, to) => range.current(from, to));
    const { plot, recolour } = own;
    made.current = own;
    const watcher = new ResizeObserver(() => {
      const width = Math.max(120, element.clientWidth);
      if (width !== plot.width) plot.setSize({ width, height: plotHeight });
    });
    watcher.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', recolour);
    return () => {
      scheme.removeEventListener('change', recolour);
      watcher.disconnect();
      plot.destroy();
    };
  }, []);
  useEffect(() => made.current?.plot.setData(toPlotData(summary)), [summary]);
  useEffect(() => made.current?.recolour(), [theme]);
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

/** Exchanges of a part of the time. */
export interface TrafficBin {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly S: number;
  readonly U: number;
  readonly F: number;
}

interface TrafficSummary {
  readonly bins: readonly TrafficBin[];
  readonly binMs: number;
  readonly total: number;
  readonly S: number;
  readonly U: number;
  readonly F: number;
  /** The most frequent codes. */
  readonly codes: readonly {
    readonly code: string;
    readonly status: Row['status'];
    readonly count: number;
  }[];
  /** Durations in milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

const maxBins = 120;
const binSizesMs = [
  100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000, 21_600_000,
];
const maxCodes = 4;

/** Counts rows by time, code and duration. */
export const summarizeTraffic = (rows: readonly Row[]): TrafficSummary => {
  let [first, last] = [Infinity, -Infinity];
  for (const { receivedAt } of rows) {
    if (receivedAt < first) first = receivedAt;
    if (receivedAt > last) last = receivedAt;
  }
  if (rows.length === 0) [first, last] = [0, 0];
  const span = last - first;
  const binMs =
    binSizesMs.find((size) => span / size < maxBins) ?? Math.ceil(span / maxBins / 1000) * 1000;
  const start = Math.floor(first / binMs) * binMs;
  // At least some empty bins, so that one exchange is a bar and not a wall.
  const count = Math.max(20, Math.floor((last - start) / binMs) + 1);
  const bins = Array.from({ length: count }, (_, at) => ({
    from: start + at * binMs,
    S: 0,
    U: 0,
    F: 0,
  }));
  const sums = { S: 0, U: 0, F: 0 };
  const codes = new Map<string, { code: string; status: Row['status']; count: number }>();
  for (const { receivedAt, status, code } of rows) {
    const bin = bins[Math.floor((receivedAt - start) / binMs)];
    if (bin !== undefined) bin[status]++;
    sums[status]++;
    const known = codes.get(code);
    if (known === undefined) codes.set(code, { code, status, count: 1 });
    else known.count++;
  }
  const durations = Float64Array.from(rows, ({ milliseconds }) => milliseconds).sort();
  const percentile = (share: number): number =>
    durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0;
  return {
    bins,
    binMs,
    total: rows.length,
    ...sums,
    codes: [...codes.values()].sort((a, b) => b.count - a.count).slice(0, maxCodes),
    p50: percentile(0.5),
    p95: percentile(0.95),
  };
};
