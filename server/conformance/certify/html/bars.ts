import { type Html, html } from '../../report/html.ts';
import type { CaseResult, ExchangeReference } from '../result.ts';

const width = 1000;
const labelWidth = 210;
const rowHeight = 22;
const barHeight = 10;

interface Bar {
  readonly ref: string;
  readonly from: number;
  /** When the last byte of an answer had left; undefined: none did. */
  readonly answered: number | undefined;
  readonly to: number;
  readonly look: string;
  readonly label: string;
}

/**
 * The attempts of a case as bars over time, and the claims of the driver as lines. Sizes are
 * attributes: the policy of the page allows no style of an element.
 */
export const renderBars = (one: CaseResult): Html | undefined => {
  const bars = collectBars(one);
  if (bars.length === 0) return undefined;
  const claims = one.timeline.filter(({ kind }) => kind === 'report' || kind === 'killed');
  const end = Math.max(1, ...bars.map(({ to }) => to), ...claims.map(({ atMs }) => atMs));
  const x = (ms: number): number => round(labelWidth + ((width - labelWidth - 60) * ms) / end);
  const height = bars.length * rowHeight + 34;
  return html`<svg class="bars" viewBox="0 0 ${width} ${height}" role="img" aria-label="Attempts over time">
${[0, 0.25, 0.5, 0.75, 1].map((part) => renderTick(x(part * end), part * end, height))}
${bars.map((bar, index) => renderBar(bar, index * rowHeight + 8, x))}
${claims.map(
  ({
    atMs,
    kind,
  }) => html`<line class="claim" x1="${x(atMs)}" x2="${x(atMs)}" y1="2" y2="${height - 22}"/>
<text class="of-claim" x="${x(atMs) + 4}" y="${height - 24}">${kind === 'killed' ? 'killed' : 'claim'}</text>`,
)}
</svg>`;
};

const collectBars = (one: CaseResult): readonly Bar[] => {
  const references = new Map<string, ExchangeReference>();
  for (const { exchanges } of one.checks)
    for (const exchange of exchanges) references.set(exchange.ref, exchange);
  const wire = new Map((one.wire ?? []).map((exchange) => [exchange.ref, exchange]));
  const refs = [...new Set([...wire.keys(), ...references.keys()])];
  return refs
    .flatMap((ref): readonly Bar[] => {
      const reference = references.get(ref);
      const exchange = wire.get(ref);
      const from = reference?.arrivalMs ?? exchange?.arrivalMs;
      if (from === undefined) return [];
      const to = reference?.endedMs ?? exchange?.endedMs ?? from;
      return [
        {
          ref,
          from,
          answered: reference?.lastByteMs,
          to: Math.max(from, to),
          look: reference?.view ?? 'pending',
          label: describeAttempt(reference),
        },
      ];
    })
    .sort((a, b) => a.from - b.from);
};

const describeAttempt = (reference: ExchangeReference | undefined): string => {
  if (reference === undefined) return '';
  const { code, status, struck, view } = reference;
  // `fault:hang@after-commit`: its kind and phase are in the wire log.
  const fault = struck?.replace(/^\w+:/, '').replace(/@.*$/, '');
  if (view === 'lost' || view === 'untrusted' || view === 'pending')
    return [view, fault].filter((part) => part !== undefined).join(': ');
  return [code, status].filter((part) => part !== undefined).join(' ');
};

const renderBar = (
  { from, answered, to, look, label }: Bar,
  y: number,
  x: (ms: number) => number,
): Html => {
  const end = Math.max(x(to), x(from) + 3);
  const answer = answered === undefined ? undefined : Math.max(x(answered), x(from) + 3);
  return html`<text x="0" y="${y + barHeight - 1}">${label === '' ? 'attempt' : clip(label)}</text>
<rect class="wait" x="${x(from)}" y="${y}" width="${round(end - x(from))}" height="${barHeight}" rx="2"/>
<rect class="${look}" x="${x(from)}" y="${y}" width="${round((answer ?? end) - x(from))}" height="${barHeight}" rx="2"><title>${label}: ${from} to ${to} ms</title></rect>
`;
};

const maxLabelLength = 30;

const clip = (label: string): string =>
  label.length <= maxLabelLength ? label : `${label.slice(0, maxLabelLength - 1)}…`;

const renderTick = (
  x: number,
  ms: number,
  height: number,
): Html => html`<line class="tick" x1="${x}" x2="${x}" y1="0" y2="${height - 20}"/>
<text x="${x}" y="${height - 4}" text-anchor="middle">${formatTick(ms)}</text>
`;

const formatTick = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

const round = (value: number): number => Math.round(value * 10) / 10;
