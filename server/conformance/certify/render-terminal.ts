import { printable } from '../../problems/display-text.ts';
import type { CaseResult, CaseVerdict, CertifyResult, CheckResult } from './result.ts';
import { caseLabel, caseOf, orderChecks } from './to-test-report.ts';

/** How the terminal is written to. */
export interface TerminalOptions {
  /** Colours and bold text; off where the output is no terminal. */
  readonly isStyled: boolean;
}

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
  const parts = [caseLabel(one), ...summaryOf(one)];
  const line = `${style(colour, mark, options)} ${printable(parts.join(' · '))}`;
  return one.verdict === 'NOT APPLICABLE' ? style('dim', `- ${parts.join(' · ')}`, options) : line;
};

const summaryOf = (one: CaseResult): readonly string[] => {
  const { verdict, severity, basis } = one;
  const isNew = one.counted ? [] : ['not part of the profile'];
  if (verdict === 'PASS') return isNew;
  if (verdict === 'PASS (claimed)') return ['claimed only', ...isNew];
  if (verdict === 'PASS (alone)') return ['passed when repeated alone', ...isNew];
  return [explainVerdict(one), `${severity}, ${basis[0] ?? 'inf'}`, ...isNew];
};

/** Why the verdict is what it is, in one sentence. */
const explainVerdict = (one: CaseResult): string => {
  const { verdict, expectation, error, message } = one;
  const first = notable(one)[0]?.sentence;
  if (verdict === 'XPASS') return `passes, but was expected to fail: ${expectation?.reason ?? ''}`;
  if (verdict === 'XFAIL') return `expected: ${expectation?.reason ?? first ?? ''}`;
  return error?.message ?? first ?? message ?? verdict.toLowerCase();
};

const notable = ({ checks }: CaseResult): readonly CheckResult[] =>
  orderChecks(checks).filter(
    ({ verdict, required }) =>
      verdict === 'fail' || verdict === 'warn' || (verdict === 'open' && required),
  );

/** Longest timeline of a failure; the HTML report has all of it. */
const maxTimelineLines = 8;

/** What is printed when all cases have ended: failures first, then the counts. */
export const renderSummary = (result: CertifyResult, options: TerminalOptions): string => {
  const shown = result.cases.filter(({ verdict }) => ['FAIL', 'XPASS', 'ERROR'].includes(verdict));
  const contradictions = shown.filter(isContradicted);
  const failures = [...contradictions, ...shown.filter((one) => !contradictions.includes(one))];
  const warned = result.cases.filter(
    ({ verdict }) => verdict === 'WARN' || verdict === 'NOT JUDGED',
  );
  return [
    ...failures.map((one) => renderFailure(one, options)),
    ...warned.map((one) => renderCaseLine(one, options)),
    ...(failures.length + warned.length === 0 ? [] : ['']),
    ...summaryCounts(result, options),
    ...noteLines(result),
    '',
  ].join('\n');
};

/** Where claim and wire contradict each other, the other claims of the driver are worth little. */
const isContradicted = ({ checks }: CaseResult): boolean =>
  checks.some(({ id, verdict }) => id === 'honest-claim' && verdict === 'fail');

const renderFailure = (one: CaseResult, options: TerminalOptions): string => {
  const row = caseOf(one);
  const lines = one.timeline.map(
    ({ atMs, kind, text }) => `${`${Math.round(atMs)}`.padStart(7)} ms  ${kind}: ${text}`,
  );
  const timeline =
    lines.length <= maxTimelineLines
      ? lines
      : [
          ...lines.slice(0, maxTimelineLines - 1),
          `        … ${lines.length - maxTimelineLines + 1} more in the report`,
        ];
  const checks = notable(one).map(
    ({ id, verdict, evidence, basis, sentence }) =>
      `    ${verdict} ${id}: ${sentence} (${describeEvidence(evidence)}; ${basis})`,
  );
  const remedy = one.error?.remedy ?? row?.must;
  const rest = [
    ...(one.error === undefined ? [] : [`    ${one.error.message}`]),
    ...(one.verdict === 'XPASS' ? [`    ${explainVerdict(one)}`] : []),
    ...checks,
    ...timeline.map((line) => `  ${line}`),
    ...(remedy === undefined ? [] : [`    fix: ${remedy}`]),
    ...(row === undefined || one.error !== undefined ? [] : [`         docs/${row.remedy}`]),
    ...(one.again === undefined ? [] : [`    again: ${one.again}`]),
  ];
  const title = row === undefined ? '' : `: ${row.title.en}`;
  const [mark, colour] = verdictMarks[one.verdict];
  const heading = `${mark} ${caseLabel(one)}${title} (${one.severity})`;
  return `${style(colour, heading, options)}\n${printable(rest.join('\n'))}\n`;
};

const evidenceNames = {
  W: 'seen on the wire',
  'W+C': 'seen on the wire and claimed',
  C: 'claimed only',
  'W≠C': 'the claim contradicts the wire',
  '-': 'without evidence',
} as const;

export const describeEvidence = (evidence: CheckResult['evidence']): string =>
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
    .map(([count, what, colour]) => style(colour, `${count} ${what}`, options));
  const evidence = Object.entries(summary.evidence)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${count} ${evidenceNames[level as CheckResult['evidence']]}`);
  return [
    said.length === 0 ? 'nothing ran' : said.join(', '),
    `checks: ${evidence.join(', ') || 'none'}`,
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
