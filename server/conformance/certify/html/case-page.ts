import { type Html, html } from '../../report/html.ts';
import { checkTitles } from '../check-titles.ts';
import { describeEvidence } from '../render-terminal.ts';
import type { CaseResult, CheckResult, CheckVerdict, WireExchange } from '../result.ts';
import { caseLabel, caseOf, orderChecks } from '../to-test-report.ts';
import { renderBars } from './bars.ts';
import { type CaseDetail, renderBadge, type VerdictLook } from './case-look.ts';

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
  const row = caseOf(one);
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
    : html`<p><b>A correct client</b> ${lowerFirst(row.must)}</p>
<p><b>Why.</b> ${row.why}</p>
<p class="quiet small">How: <code>docs/${row.remedy}</code> of the package${row.title['zh-HK'] === undefined ? '' : html` &middot; <span lang="zh-HK">${row.title['zh-HK']}</span>`}</p>`
}
</div>`;
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

const renderChecks = (checks: readonly CheckResult[], isShort: boolean): Html | undefined => {
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

const renderMembers = ({ members = [] }: CheckResult): Html | undefined =>
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

const renderClaim = ({ claim, log }: CaseResult): Html =>
  html`<p class="legend">${
    claim === undefined
      ? 'The driver made no claim.'
      : html`Last claim of the driver: <code>${JSON.stringify(claim)}</code>`
  }${log === undefined ? undefined : html` Its log: <code>${log}</code>`}</p>`;

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
