import { printable } from '../../problems/display-text.ts';
import { inEnglish, type Translate, translateText } from '../report/translate.ts';
import { checkTitles } from './catalogue/case.ts';
import type {
  CaseCheckResult,
  CaseResult,
  CaseVerdict,
  CertifyResult,
  TimelineEvent,
} from './result.ts';
import {
  caseLabel,
  type FailureGroup,
  findCatalogueCase,
  groupFailures,
  orderChecks,
} from './to-test-report.ts';

/** How the terminal is written to. */
export interface TerminalOptions {
  /** Colours and bold text; off where the output is no terminal. */
  readonly isStyled: boolean;
  /** Into the language of the run. */
  readonly translate?: Translate;
}

const say = (text: string, { translate = inEnglish }: TerminalOptions): string =>
  translateText(text, translate);

type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** Escapes the text before it styles it: what a driver says must not control the terminal. */
const style = (name: Style, text: string, { isStyled }: TerminalOptions): string => {
  const [on, off] = codes[name];
  return isStyled ? `\u001b[${on}m${printable(text)}\u001b[${off}m` : printable(text);
};

const verdictMarks: Readonly<Record<CaseVerdict, readonly [mark: string, colour: Style]>> = {
  PASS: ['✓', 'green'],
  'PASS (claimed)': ['✓', 'green'],
  'PASS (alone)': ['✓', 'yellow'],
  WARN: ['!', 'yellow'],
  FAIL: ['✗', 'red'],
  'NOT JUDGED': ['?', 'yellow'],
  'NOT APPLICABLE': ['-', 'dim'],
  ERROR: ['✗', 'red'],
  XFAIL: ['x', 'yellow'],
  XPASS: ['✗', 'red'],
};

/**
 * One line for a case as it ends:
 * `✗ C-SEC-01[unsigned] syncOrder · believed an unsigned S · critical, doc`.
 */
export const renderCaseLine = (one: CaseResult, options: TerminalOptions): string => {
  const [mark, colour] = verdictMarks[one.verdict];
  const parts = [caseLabel(one), ...listSummary(one).map((part) => say(part, options))];
  const line = `${style(colour, mark, options)} ${printable(parts.join(' · '))}`;
  return one.verdict === 'NOT APPLICABLE' ? style('dim', `- ${parts.join(' · ')}`, options) : line;
};

const listSummary = (one: CaseResult): readonly string[] => {
  const { verdict, severity, basis } = one;
  const isNew = one.counted ? [] : ['not part of the profile'];
  if (verdict === 'PASS') return isNew;
  if (verdict === 'PASS (claimed)') return ['claimed only', ...isNew];
  if (verdict === 'PASS (alone)') return ['passed when repeated alone', ...isNew];
  const [lead] = notable(one);
  const weight = `${lead?.severity ?? severity}, ${lead?.basis ?? basis[0] ?? 'inf'}`;
  return [explainVerdict(one), weight, ...isNew];
};

/** Why the verdict is what it is, in one sentence. */
const explainVerdict = (one: CaseResult): string => {
  const { verdict, expectation, error, message } = one;
  const first = notable(one)[0]?.sentence;
  if (verdict === 'XPASS') return `passes, but was expected to fail: ${expectation?.reason ?? ''}`;
  if (verdict === 'XFAIL') return `expected: ${expectation?.reason ?? first ?? ''}`;
  return error?.message ?? first ?? message ?? verdict.toLowerCase();
};

const notable = ({ checks }: CaseResult): readonly CaseCheckResult[] =>
  orderChecks(checks).filter(
    ({ verdict, required }) =>
      verdict === 'fail' || verdict === 'warn' || (verdict === 'open' && required),
  );

/** Longest timeline of a failure; the HTML report has all of it. */
const maxTimelineLines = 8;
/** Of cases that fail in the same check, so many are shown in full. */
const maxShownAlike = 2;

/** What is printed when all cases have ended: failures first, then the counts. */
export const renderSummary = (result: CertifyResult, options: TerminalOptions): string => {
  const shown = result.cases.filter(({ verdict }) => ['FAIL', 'XPASS', 'ERROR'].includes(verdict));
  const failures = groupFailures(shown).map((group) => renderCaseGroup(group, options));
  const warned = result.cases.filter(
    ({ verdict }) => verdict === 'WARN' || verdict === 'NOT JUDGED',
  );
  return [
    ...failures,
    ...warned.map((one) => renderCaseLine(one, options)),
    ...(failures.length + warned.length === 0 ? [] : ['']),
    ...summaryCounts(result, options),
    ...noteLines(result).map((line) => say(line, options)),
    '',
  ].join('\n');
};

/** One fault mostly fails many cases: what shows it is printed for the gravest of them. */
const renderCaseGroup = ({ check, cases }: FailureGroup, options: TerminalOptions): string => {
  if (check === undefined || cases.length <= maxShownAlike)
    return cases.map((one) => renderFailure(one, options)).join('\n');
  const [first, ...others] = cases;
  const heading = say(`${check} fails in ${cases.length} cases: ${checkTitles[check]}`, options);
  return [
    style('bold', heading, options),
    ...(first === undefined ? [] : [renderFailure(first, options)]),
    printable(
      `  ${say(`the same in ${others.map((one) => shortLabel(one, first)).join(', ')}`, options)}\n`,
    ),
  ].join('\n');
};

/** Without what is the same as before. */
const shortLabel = (one: CaseResult, before: CaseResult | undefined): string => {
  const label = caseLabel(one);
  const rest = ` ${caseLabel({ ...one, id: 'C-PRE-01', variant: undefined }).slice(9)}`;
  const isSame = before !== undefined && caseLabel(before).endsWith(rest);
  return isSame ? label.slice(0, -rest.length) : label;
};

const renderFailure = (one: CaseResult, options: TerminalOptions): string => {
  const row = findCatalogueCase(one);
  const checks = notable(one).map(
    ({ id, verdict, evidence, basis, sentence }) =>
      `    ${verdict} ${id}: ${say(sentence, options)} ` +
      `(${say(describeEvidence(evidence), options)}; ${basis})`,
  );
  const remedy = one.error?.remedy ?? row?.must;
  const rest = [
    ...(one.error === undefined ? [] : [`    ${say(one.error.message, options)}`]),
    ...(one.verdict === 'XPASS' ? [`    ${say(explainVerdict(one), options)}`] : []),
    ...checks,
    ...renderTimeline(one, options).map((line) => `  ${line}`),
    ...(remedy === undefined ? [] : [`    ${say(`fix: ${remedy}`, options)}`]),
    ...(row === undefined || one.error !== undefined ? [] : [`         docs/${row.remedy}`]),
    ...(one.again === undefined ? [] : [`    ${say(`again: ${one.again}`, options)}`]),
  ];
  const title = row === undefined ? '' : `: ${say(row.title.en, options)}`;
  const [mark, colour] = verdictMarks[one.verdict];
  const severity = say(notable(one)[0]?.severity ?? one.severity, options);
  const heading = `${mark} ${caseLabel(one)}${title} (${severity})`;
  return `${style(colour, heading, options)}\n${printable(rest.join('\n'))}\n`;
};

/** The events that matter, in their order: what shows the failure, jobs and claims, then others. */
const renderTimeline = (one: CaseResult, options: TerminalOptions): readonly string[] => {
  const [lead] = notable(one);
  const shows = new Set(lead?.exchanges.map(({ ref }) => ref));
  const rank = ({ ref }: TimelineEvent): number => (ref === undefined ? 1 : shows.has(ref) ? 0 : 2);
  const byRank = one.timeline.toSorted((a, b) => rank(a) - rank(b));
  for (let count = maxTimelineLines; count > 0; count--) {
    const lines = eventLines(one.timeline, new Set(byRank.slice(0, count)), options);
    // What is left out between two events takes a line, too.
    if (lines.length <= maxTimelineLines) return lines;
  }
  return [];
};

const eventLines = (
  timeline: readonly TimelineEvent[],
  chosen: ReadonlySet<TimelineEvent>,
  options: TerminalOptions,
): readonly string[] => {
  const lines: string[] = [];
  let hidden = 0;
  const countHidden = (): void => {
    if (hidden > 0) lines.push(`        ${say(`… ${hidden} more in the report`, options)}`);
    hidden = 0;
  };
  for (const event of timeline) {
    if (!chosen.has(event)) hidden++;
    else {
      countHidden();
      const text = say(event.text, options);
      lines.push(`${`${Math.round(event.atMs)}`.padStart(7)} ms  ${event.kind}: ${text}`);
    }
  }
  countHidden();
  return lines;
};

const evidenceNames = {
  W: 'seen on the wire',
  'W+C': 'seen on the wire and claimed',
  C: 'claimed only',
  'W≠C': 'the claim contradicts the wire',
  '-': 'without evidence',
} as const;

export const describeEvidence = (evidence: CaseCheckResult['evidence']): string =>
  evidenceNames[evidence];

const summaryCounts = (result: CertifyResult, options: TerminalOptions): readonly string[] => {
  const { summary } = result;
  const counts: readonly (readonly [number, string, Style])[] = [
    [summary.fail, 'failed', 'red'],
    [summary.xpass, 'unexpectedly passed', 'red'],
    [summary.error, 'broke', 'red'],
    [summary.pass, 'passed', 'green'],
    [summary.passClaimed, 'passed by claim only', 'green'],
    [summary.warn, 'with a warning', 'yellow'],
    [summary.notJudged, 'not judged', 'yellow'],
    [summary.xfail, 'failed as expected', 'yellow'],
    [summary.notApplicable, 'not applicable', 'dim'],
  ];
  const said = counts
    .filter(([count]) => count > 0)
    .map(([count, what, colour]) => style(colour, `${count} ${say(what, options)}`, options));
  const evidence = Object.entries(summary.evidence)
    .filter(([, count]) => count > 0)
    .map(([level, count]) =>
      say(`${count} ${evidenceNames[level as CaseCheckResult['evidence']]}`, options),
    );
  return [
    said.length === 0 ? say('nothing ran', options) : said.join(', '),
    say(`checks: ${evidence.join(', ') || 'none'}`, options),
  ];
};

/** What a reader must know before believing the counts. */
const noteLines = ({
  profile,
  durationMs,
  revealed,
  claimConstant,
  expectations,
  stray,
  harness,
}: CertifyResult): readonly string[] => {
  const stale = expectations?.stale ?? [];
  const unconfirmed = expectations?.unconfirmed ?? [];
  const expired = expectations?.expired ?? [];
  return [
    `profile ${profile ?? 'all cases'}, ${(durationMs / 1000).toFixed(1)} s`,
    ...(revealed ? ['the driver knew the names of the cases: this is no proof'] : []),
    ...(claimConstant
      ? ['every claim was the same although S, F and U were delivered: claims count for nothing']
      : []),
    ...(expectations?.acceptsCritical === true ? ['with accepted critical findings'] : []),
    ...stale.map(({ id }) => `stale: ${id} passes. Remove it from the expected failures.`),
    ...unconfirmed.map(({ id }) => `not confirmed: ${id} was not judged`),
    ...expired.map(({ id, until }) => `expired: ${id} was expected until ${until}`),
    ...(expectations?.warnings ?? []).map((warning) => `warning: ${warning}`),
    ...(stray.length === 0 ? [] : [`${stray.length} exchanges belonged to no running case`]),
    ...(harness.selfChecks === 'fail' ? harness.messages.map((one) => `harness: ${one}`) : []),
    ...(harness.interrupted ? ['interrupted: this is what was judged until then'] : []),
  ].map(printable);
};
