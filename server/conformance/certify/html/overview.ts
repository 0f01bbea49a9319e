import {
  type CoverageGroup,
  type CoverageReport,
  type CoveredItem,
  describeHow,
  formatPercent,
} from '../../coverage/coverage-report.ts';
import { checkTitles } from '../catalogue/case.ts';
import { describeEvidence } from '../render-terminal.ts';
import type { CaseResult, CaseVerdict, CertifyResult, EvidenceLevel } from '../result.ts';
import {
  caseLabel,
  type FailureGroup,
  findCatalogueCase,
  groupFailures,
  isReceiverCase,
  orderChecks,
  severityRanks,
} from '../to-test-report.ts';
import {
  caseAnchor,
  familyTitle,
  type Html,
  html,
  renderBadge,
  type VerdictLook,
  verdictLooks,
} from './elements.ts';

/** The first page: what was run, what went wrong, and the matrix. */
export const renderOverview = (result: CertifyResult): Html => html`<main class="overview">
${renderHead(result)}
${renderWarnings(result)}
${renderProblems(result.cases)}
<h2>Cases</h2>
${renderMatrix(result.cases.filter((one) => !isReceiverCase(one)))}
${renderMatrix(result.cases.filter(isReceiverCase))}
${renderLint(result)}
${renderCoverageMap(result.coverage, coverageNote)}
${renderStray(result)}
</main>`;

const coverageNote =
  ' A certification plays each fault on one operation, so your own tests cover more.';

const renderHead = (result: CertifyResult): Html => {
  const { subject, tool, profile, mode, durationMs, startedAt, pauseFactor } = result;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['profile', profile ?? 'none: every case counts'],
    ['commit', subject.commit],
    ['driven by', mode],
    ['began', startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['took', `${(durationMs / 1000).toFixed(1)} s`],
    ['pauses × ', pauseFactor === 1 ? undefined : String(pauseFactor)],
    ['alipayhk-mock', tool.version],
    ['contract', tool.contract.slice(0, 19)],
  ];
  return html`<header>
<p class="eyebrow">alipayhk-mock certify &middot; ${subject.name}</p>
<h1>${renderTitle(result)}</h1>
<dl class="facts">${facts.map(([name, value]) =>
    value === undefined ? undefined : html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>
<p class="disclaimer">Not issued by AlipayHK. ${scope(result)} What no test from outside can show is
not judged: whether keys are kept safely, or whether a genuine answer that is sent a second time
within seconds would be noticed.</p>
${renderCounts(result)}
</header>`;
};

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const renderTitle = ({ summary, revealed, cases }: CertifyResult): string => {
  const failed = summary.fail + summary.xpass;
  if (failed > 0) return `${failed} of ${plural(cases.length, 'case')} failed`;
  if (summary.error > 0) return `${plural(summary.error, 'case')} broke`;
  if (summary.notJudged > 0) return `Nothing failed, but ${summary.notJudged} not judged`;
  if (summary.pass + summary.passClaimed === 0) return 'Nothing was judged';
  return revealed ? 'Nothing failed, but the driver knew the cases' : 'Nothing failed';
};

const scope = ({ summary, revealed }: CertifyResult): string =>
  summary.fail + summary.xpass + summary.error + summary.notJudged > 0 || revealed
    ? 'It compares an integration with what the public documents ask, as far as this catalogue looks.'
    : 'The integration behaves as the public documents ask, as far as this catalogue looks.';

const renderCounts = ({ summary }: CertifyResult): Html => {
  const counts: readonly (readonly [number, string, VerdictLook['tone']])[] = [
    [summary.fail, 'failed', 'bad'],
    [summary.xpass, 'passed unexpectedly', 'bad'],
    [summary.error, 'broke', 'bad'],
    [summary.warn, 'with a warning', 'unsure'],
    [summary.notJudged, 'not judged', 'unsure'],
    [summary.pass, 'passed', 'good'],
    [summary.passClaimed, 'passed by claim only', 'good'],
    [summary.flaky, 'passed alone only', 'unsure'],
    [summary.xfail, 'failed as expected', 'unsure'],
    [summary.notApplicable, 'not applicable', 'quiet'],
  ];
  return html`<ul class="counts">${counts
    .filter(([count]) => count > 0)
    .map(
      ([count, what, tone]) => html`<li class="${tone}"><b>${count}</b><span>${what}</span></li>`,
    )}</ul>`;
};

/** What a reader must know before believing the counts. */
const renderWarnings = (result: CertifyResult): Html | undefined => {
  const { expectations, harness } = result;
  const sentences = [
    ...(result.revealed ? ['The driver knew the names of the cases, so this proves nothing.'] : []),
    ...(result.claimConstant
      ? [
          'Every claim of the driver was the same, although S, F and U were delivered: what rests ' +
            'on claims alone was not judged.',
        ]
      : []),
    ...(harness.interrupted
      ? ['The run was interrupted: this is what was judged until then.']
      : []),
    ...(harness.selfChecks === 'fail' ? harness.messages : []),
    ...(expectations?.acceptsCritical === true
      ? ['Critical findings are accepted as expected.']
      : []),
    ...(expectations?.stale ?? []).map(
      ({ id }) => `${id} passes: remove it from the expected failures.`,
    ),
    ...(expectations?.unconfirmed ?? []).map(
      ({ id }) => `${id} is expected to fail, and was not judged.`,
    ),
    ...(expectations?.expired ?? []).map(
      ({ id, until }) => `${id} was expected to fail until ${until}.`,
    ),
    ...(expectations?.warnings ?? []),
  ];
  if (sentences.length === 0) return undefined;
  return html`<ul class="warnings">${sentences.map((one) => html`<li>${one}</li>`)}</ul>`;
};

const findingRanks: Partial<Readonly<Record<CaseVerdict, number>>> = {
  FAIL: 0,
  XPASS: 1,
  ERROR: 2,
  'NOT JUDGED': 3,
  WARN: 4,
};

/** What is wrong, the gravest first, each with its fix. */
const renderProblems = (cases: readonly CaseResult[]): Html | undefined => {
  const shown = cases
    .filter(({ verdict }) => verdict in findingRanks)
    .toSorted((a, b) => findingRank(a) - findingRank(b));
  if (shown.length === 0) return undefined;
  const failed = groupFailures(shown.filter(({ verdict }) => verdict === 'FAIL'));
  const others = shown.filter(({ verdict }) => verdict !== 'FAIL');
  return html`<h2>What was found</h2>
<ul class="findings">${failed.map(renderFailures)}${others.map((one) => renderFinding(one))}</ul>`;
};

/** One fault mostly fails many cases: the gravest shows it, and names the others. */
const renderFailures = ({ check, cases }: FailureGroup): Html | undefined => {
  const [first, ...others] = cases;
  if (first === undefined) return undefined;
  if (check === undefined || others.length === 0) return renderFinding(first);
  const links = others.map((one) => html`<a href="#${caseAnchor(one)}">${caseLabel(one)}</a>`);
  return renderFinding(
    first,
    html`<div class="alike">${checkTitles[check]} This fails in ${cases.length} cases, also in
${links.map((link, at) => html`${at === 0 ? undefined : ', '}${link}`)}.</div>`,
  );
};

const findingRank = ({ verdict, severity }: CaseResult): number =>
  (findingRanks[verdict] ?? 9) * 10 + severityRanks[severity];

const renderFinding = (one: CaseResult, alike?: Html): Html => {
  const [check] = orderChecks(one.checks);
  const isNotable =
    check?.verdict === 'fail' || check?.verdict === 'warn' || check?.verdict === 'open';
  const sentence =
    one.error?.message ??
    one.message ??
    (one.verdict === 'XPASS' ? `passes, but: ${one.expectation?.reason ?? ''}` : undefined) ??
    (isNotable ? check.sentence : '');
  const fix =
    one.error?.remedy ?? (one.verdict === 'NOT JUDGED' ? undefined : findCatalogueCase(one)?.must);
  const facts = [
    isNotable ? check.severity : one.severity,
    ...one.basis,
    ...(isNotable ? [describeEvidence(check.evidence)] : []),
    ...(one.counted ? [] : ['not part of the profile']),
  ];
  return html`<li>${renderBadge(one)}<div><a href="#${caseAnchor(one)}">${caseLabel(one)}</a>
<span class="quiet small">${facts.join(' · ')}</span></div>
<div class="what">${sentence}</div>
${fix === undefined ? undefined : html`<div class="fix">${fix}</div>`}${alike}</li>`;
};

/** Cases by operations; a row for each variant. */
const renderMatrix = (cases: readonly CaseResult[]): Html | undefined => {
  if (cases.length === 0) return undefined;
  const columns = [...new Set(cases.map(columnTitle))];
  const rows = new Map<string, CaseResult[]>();
  for (const one of cases) {
    const key = `${one.id}\n${one.variant ?? ''}`;
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  let family = '';
  let id = '';
  const lines = [...rows.values()].flatMap((row) => {
    const [first] = row;
    if (first === undefined) return [];
    const heading = first.id.split('-')[1] ?? '';
    const group =
      heading === family
        ? []
        : [
            html`<tr class="family"><th colspan="${columns.length + 1}">${familyTitle(heading)}</th></tr>`,
          ];
    family = heading;
    const title =
      first.id === id
        ? undefined
        : html`${first.id} <span class="title">${findCatalogueCase(first)?.title.en}</span>`;
    id = first.id;
    const variant =
      first.variant === undefined ? undefined : html`<div class="variant">${first.variant}</div>`;
    return [
      ...group,
      html`<tr><th scope="row">${title}${variant}</th>${columns.map(
        (column) =>
          html`<td>${row.filter((one) => columnTitle(one) === column).map(renderCell)}</td>`,
      )}</tr>\n`,
    ];
  });
  return html`<div class="scroll"><table class="matrix">
<thead><tr><th scope="col">case</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${lines}</tbody></table></div>
<p class="legend">After the mark: what the verdict rests on. W: seen on the wire; C: claimed by the
driver; W+C: both agree; W&ne;C: they contradict each other.</p>`;
};

const columnTitle = ({ operation, crypto, sealed }: CaseResult): string =>
  [operation, ...(crypto === 'RSA256' ? [] : [crypto]), ...(sealed ? ['encrypted'] : [])].join(
    ', ',
  );

const evidenceRanks: Readonly<Record<EvidenceLevel, number>> = {
  'W≠C': 0,
  C: 1,
  'W+C': 2,
  W: 3,
  '-': 4,
};

const renderCell = (one: CaseResult): Html => {
  const { mark, tone, name } = verdictLooks[one.verdict];
  const decisive = one.checks.filter(({ verdict, required }) => required && verdict !== 'n/a');
  const [weakest] = decisive
    .map(({ evidence }) => evidence)
    .sort((a, b) => evidenceRanks[a] - evidenceRanks[b]);
  return html`<a class="cell" href="#${caseAnchor(one)}" title="${caseLabel(one)}: ${name}"><span class="badge ${tone}">${mark}</span><span class="evidence">${weakest}</span></a>`;
};

const renderLint = ({ lint }: CertifyResult): Html | undefined => {
  if (lint.length === 0) return undefined;
  return html`<h2>Lint</h2>
<p class="quiet small">Found in the traffic of all cases; it decides no verdict.</p>
<div class="scroll"><table><thead><tr><th>rule</th><th>found</th><th>times</th></tr></thead>
<tbody>${lint
    .slice(0, maxTableRows)
    .map(
      ({ rule, severity, sentence, count }) =>
        html`<tr><td><code>${rule}</code> <span class="badge ${severity === 'note' ? 'quiet' : 'unsure'}">${severity}</span></td><td class="found">${sentence}</td><td>${count}</td></tr>`,
    )}</tbody></table></div>`;
};

/** More rows say nothing more; the JSON report has all. */
const maxTableRows = 50;

const renderStray = ({ stray }: CertifyResult): Html | undefined => {
  if (stray.length === 0) return undefined;
  return html`<h2>Exchanges of no running case</h2>
<p class="quiet small">Usually a background worker that still repeats an earlier message.</p>
<div class="scroll"><table><thead><tr><th>after</th><th>operation</th><th>Client-Id</th><th>exchange</th></tr></thead>
<tbody>${stray
    .slice(0, maxTableRows)
    .map(
      ({ atMs, operation, clientId, ref }) =>
        html`<tr><td>${Math.round(atMs)} ms</td><td>${operation}</td><td>${clientId}</td><td class="code">${ref}</td></tr>`,
    )}</tbody></table></div>
${stray.length > maxTableRows ? html`<p class="legend">${stray.length - maxTableRows} more are in the JSON report.</p>` : undefined}`;
};

/** What the run has covered: a square for each item, and what is missing with the rule for it. */
export const renderCoverageMap = (
  report: CoverageReport | undefined,
  note = '',
): Html | undefined => {
  if (report === undefined || report.exchanges === 0) return undefined;
  const { handled, total, answered, groups, pairs, notIntegrated } = report;
  return html`<h2 id="coverage">Coverage</h2>
<p class="quiet small">${handled} of ${total} items handled (${formatPercent(handled, total)}),
${answered} answered. Handled: answered, and what the client then did was right.${note}${
    notIntegrated.length === 0 ? '' : ` Not integrated: ${notIntegrated.join(', ')}.`
  }</p>
<div class="scroll"><table class="coverage"><thead><tr><th>group</th><th>handled</th><th>items</th></tr></thead>
<tbody>${groups.filter(({ items }) => items.length > 0).map(renderGroup)}</tbody></table></div>
<p class="legend"><span class="item good"></span> handled <span class="item unsure"></span> answered,
and not handled <span class="item"></span> not seen; smaller: optional, not counted.</p>
${pairs.length === 0 ? undefined : renderPairs(pairs)}`;
};

/** Code for retries is often written for each operation by itself. */
const renderPairs = (pairs: CoverageReport['pairs']): Html => html`<div class="scroll"><table>
<thead><tr><th>operation</th><th>answered with</th><th>handled</th></tr></thead>
<tbody>${pairs.map(
  ({ operation, view, handled, answered }) =>
    html`<tr><th scope="row">${operation}</th><td>${view}</td><td>${handled} of ${answered}</td></tr>
`,
)}</tbody></table></div>`;

const renderGroup = ({ id, title, handled, total, items }: CoverageGroup): Html => {
  const missing = items.filter((item) => !item.isOptional && item.handled === 0);
  return html`<tr><th scope="row">${id} ${title}</th>
<td>${total === 0 ? 'none declared' : `${handled} of ${total}`}</td>
<td>${items.map(renderItem)}${
    missing.length === 0
      ? undefined
      : html`<details><summary>${missing.length} not handled</summary><ul>${missing.map(renderMissing)}</ul></details>`
  }</td></tr>
`;
};

const renderItem = (item: CoveredItem): Html => {
  const name = `${item.id}: ${stateNames[toneFor(item)]}`;
  return html`<span class="item ${toneFor(item)}${item.isOptional ? ' optional' : ''}" role="img" title="${name}" aria-label="${name}"></span>`;
};

type ItemTone = Extract<VerdictLook['tone'], 'good' | 'unsure' | 'quiet'>;

const toneFor = ({ handled, answered }: CoveredItem): ItemTone =>
  handled > 0 ? 'good' : answered > 0 ? 'unsure' : 'quiet';

const stateNames: Readonly<Record<ItemTone, string>> = {
  good: 'handled',
  unsure: 'answered, and not handled',
  quiet: 'not seen',
};

const renderMissing = ({ id, answered, oneShot, how }: CoveredItem): Html =>
  html`<li>${id}${
    answered > 0 ? ' (answered)' : ''
  }${describeHow({ oneShot, how }).map((line) => html`<br><code>${line}</code>`)}</li>`;
