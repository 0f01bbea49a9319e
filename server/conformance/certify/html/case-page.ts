import { languageNames, languages } from '../../../doctor/catalogue/remedies.ts';
import { checkTitles } from '../catalogue/case.ts';
import { correctHandling } from '../catalogue/index.ts';
import { describeEvidence } from '../render-terminal.ts';
import type {
  CaseCheckResult,
  CaseResult,
  CheckVerdict,
  EvidenceExchange,
  WireExchange,
} from '../result.ts';
import { caseLabel, findCatalogueCase, isReceiverCase, orderChecks } from '../to-test-report.ts';
import { type CaseDetail, type Html, html, renderBadge, type VerdictLook } from './elements.ts';

/** The page of one case: what was asked, what was seen, and what went over the wire. */
export const renderCasePage = (one: CaseResult, anchor: string, detail: CaseDetail): Html => {
  const isShort = detail === 'checks only';
  return html`<section class="case" id="${anchor}">
<a class="back" href="#">All cases</a>
${renderHeading(one, isShort)}
${renderChecks(one.checks, isShort)}
${isShort ? undefined : renderCourse(one)}
${detail === 'all' ? renderWire(one) : renderLeftOut(one)}
${isShort ? undefined : renderScript(one)}
</section>
`;
};

const renderHeading = (one: CaseResult, isShort: boolean): Html => {
  const row = findCatalogueCase(one);
  const title = row === undefined ? caseLabel(one) : row.title.en;
  const sentences: readonly (readonly [string, string | undefined])[] = [
    ['Error', one.error && `${one.error.message}. ${one.error.remedy}`],
    ['Verdict', one.message],
    ['Expected', one.expectation && describeAcceptance(one)],
  ];
  return html`<p class="eyebrow">${caseLabel(one)}</p>
<div class="case-title"><h1>${title}</h1>${renderBadge(one)}
<span class="quiet small">${one.severity}, ${one.basis.join(', ')}${one.counted ? '' : ', not part of the profile'}</span></div>
<div class="text">
${sentences.map(([name, text]) => (text === undefined ? undefined : html`<p><b>${name}.</b> ${text}</p>`))}
${
  row === undefined || isShort
    ? undefined
    : html`<p><b>A correct ${isReceiverCase(one) ? 'merchant' : 'client'}</b> ${lowerFirst(row.must)}</p>
<p><b>Why.</b> ${row.why}</p>
${renderHandling(one.id)}
<p class="quiet small">How: <code>docs/${row.remedy}</code> of the package${row.title['zh-HK'] === undefined ? '' : html` &middot; <span lang="zh-HK">${row.title['zh-HK']}</span>`}</p>`
}
</div>`;
};

/** The same in each language. */
const renderHandling = (id: string): Html | undefined => {
  const handling = correctHandling(id);
  if (handling === undefined) return undefined;
  return html`<details><summary>How to do it, in six languages</summary><dl class="handling">${languages.map(
    (language) =>
      html`<dt>${languageNames[language]}</dt><dd><pre>${handling[language]}</pre></dd>`,
  )}</dl></details>`;
};

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

const describeAcceptance = ({ expectation }: CaseResult): string => {
  if (expectation === undefined) return '';
  const { reason, until, issue } = expectation;
  return [
    reason,
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(issue === undefined ? [] : [issue]),
  ].join(', ');
};

const checkLooks: Readonly<Record<CheckVerdict, Pick<VerdictLook, 'tone' | 'name'>>> = {
  pass: { tone: 'good', name: 'holds' },
  fail: { tone: 'bad', name: 'violated' },
  warn: { tone: 'unsure', name: 'warning' },
  open: { tone: 'unsure', name: 'open' },
  'n/a': { tone: 'quiet', name: 'n/a' },
};

const renderChecks = (checks: readonly CaseCheckResult[], isShort: boolean): Html | undefined => {
  if (checks.length === 0) return undefined;
  const rows = orderChecks(checks).map((check) => {
    const { tone, name } = checkLooks[check.verdict];
    return html`<tr><td><span class="badge ${tone}">${name}</span></td>
<td class="sentence"><code>${check.id}</code>${isShort ? undefined : html` <span class="quiet">${checkTitles[check.id]}</span>`}<br>${check.sentence}${renderMembers(check)}</td>
<td class="small">${describeEvidence(check.evidence)}<br><span class="quiet">${check.severity}, ${check.basis}${check.required ? '' : ', optional'}${check.reason === undefined ? '' : `; ${check.reason}`}</span></td></tr>
`;
  });
  return html`<h2>Checks</h2><div class="scroll"><table class="checks">
<thead><tr><th>result</th><th>check</th><th>rests on</th></tr></thead><tbody>${rows}</tbody></table></div>`;
};

const renderMembers = ({ members = [] }: CaseCheckResult): Html | undefined =>
  members.length === 0
    ? undefined
    : html`<br><span class="small">differs in: <code>${members.join(', ')}</code></span>`;

const renderCourse = (one: CaseResult): Html => html`<h2>What happened</h2>
<div class="card">${renderBars(one)}
<table class="events"><tbody>${one.timeline.map(
  ({ atMs, kind, text }) =>
    html`<tr><td>${Math.round(atMs)} ms</td><td>${kind}</td><td>${text}</td></tr>`,
)}</tbody></table></div>
${one.notes.map((note) => html`<p class="legend">${note}</p>`)}
${renderClaim(one)}
${
  one.first === undefined
    ? undefined
    : html`<p class="legend">Repeated alone. The first time, among others: ${one.first.verdict}, ${
        orderChecks(one.first.checks)[0]?.sentence
      }</p>`
}`;

const renderClaim = (one: CaseResult): Html | undefined => {
  const { claim, log } = one;
  if (isReceiverCase(one)) return undefined;
  return html`<p class="legend">${
    claim === undefined
      ? 'The driver made no claim.'
      : html`Last claim of the driver: <code>${JSON.stringify(claim)}</code>`
  }${log === undefined ? undefined : html` Its log: <code>${log}</code>`}</p>`;
};

const renderWire = ({ wire = [] }: CaseResult): Html | undefined =>
  wire.length === 0 ? undefined : html`<h2>On the wire</h2>${wire.map(renderExchange)}`;

const renderLeftOut = ({ wire = [] }: CaseResult): Html | undefined =>
  wire.length === 0
    ? undefined
    : html`<p class="legend">The wire log is left out to keep this file small; it is in the JSON report.</p>`;

const renderExchange = (exchange: WireExchange, index: number): Html => {
  const { arrivalMs, endedMs, method, target, httpStatus, rule, reason } = exchange;
  return html`<details${index === 0 ? html` open` : undefined}><summary>${arrivalMs} to ${endedMs} ms &middot; ${method} ${target} &middot; ${
    httpStatus === 0 ? 'no answer' : `HTTP ${httpStatus}`
  }${rule === undefined ? undefined : html` <span class="quiet">&middot; ${rule}</span>`}<br><span class="quiet small">${reason} &middot; exchange ${exchange.ref}</span></summary>
<div class="messages"><div><h3>Request</h3><pre>${exchange.requestHeaders.map(
    ([name, value]) => `${name}: ${value}\n`,
  )}
${exchange.requestBody}</pre></div>
<div><h3>Answer</h3><pre>${httpStatus === 0 ? '(none)' : ''}${exchange.responseHeaders.map(([name, value]) => `${name}: ${value}\n`)}
${exchange.responseBody}</pre></div></div></details>
`;
};

const renderScript = ({ script, again }: CaseResult): Html =>
  html`${
    again === undefined ? undefined : html`<h2>Run it alone</h2><pre class="block">${again}</pre>`
  }${
    script === undefined
      ? undefined
      : html`<details><summary>What was played, as a scenario file</summary><div class="messages"><div><pre>${script}</pre></div></div></details>`
  }`;

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
  const references = new Map<string, EvidenceExchange>();
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

const describeAttempt = (reference: EvidenceExchange | undefined): string => {
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
