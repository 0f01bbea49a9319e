import { languageNames, languages } from '../../doctor/catalogue/remedies.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import type { ReportCase, TestReport } from '../report/test-report.ts';
import { inEnglish, padColumn, type Translate } from '../report/translate.ts';
import { Lint, type LintFinding, type LintOptions, type LintReport } from './lint.ts';
import { lintRemedies } from './lint-remedies.ts';
import {
  type LintRuleId,
  type LintSeverity,
  lintConditions,
  lintRule,
  lintRules,
  lintSeverities,
} from './lint-rules.ts';

/** Lints exchanges that are over, in the order in which they ended. */
export const lintRecorded = (
  entries: readonly JournalEntry[],
  options: Omit<LintOptions, 'isClockReal' | 'isTestClient' | 'since'>,
): LintReport => {
  const offsets = entries.map(clockOffset).sort((a, b) => a - b);
  const usual = offsets[offsets.length >> 1] ?? 0;
  const lint = new Lint({
    ...options,
    isClockReal: ({ receivedAt, atUs }) => Math.abs(receivedAt - atUs / 1000 - usual) < 2000,
    isTestClient: () => true,
    since: entries[0]?.receivedAt ?? 0,
  });
  const inOrder = [...entries].sort((a, b) => a.number - b.number);
  for (const entry of inOrder) lint.add(entry);
  const nowUs = Math.max(0, ...entries.map(({ delivery }) => delivery.endedUs));
  return lint.report({ nowUs, isEnd: true });
};

/** What only connections, pauses and ends as they were can show: a capsule has none of them. */
const measuredRules: ReadonlySet<LintRuleId> = new Set([
  ...(['L-RTY-06', 'L-RTY-07', 'L-RTY-09', 'L-RTY-10', 'L-ORD-04', 'L-ORD-05'] as const),
  ...(['L-TIM-01', 'L-TIM-02', 'L-TIM-03', 'L-TIM-04', 'L-HTTP-02'] as const),
]);

/** Lints exchanges of a capsule, which may be a selection, by the rules that it can show. */
export const lintCapsule = (...given: Parameters<typeof lintRecorded>): LintReport => {
  const report = lintRecorded(...given);
  return { ...report, findings: report.findings.filter(({ rule }) => !measuredRules.has(rule)) };
};

const clockOffset = ({ receivedAt, arrival }: JournalEntry): number =>
  receivedAt - arrival.atUs / 1000;

/** How many findings there are of each severity: `2 errors, 1 note`. */
export const countFindings = (findings: readonly LintFinding[]): string =>
  lintSeverities
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length])
    .filter(([, count]) => count !== 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? '' : 's'}`)
    .join(', ') || 'nothing';

export const isAtLeast = ({ severity }: LintFinding, least: LintSeverity): boolean =>
  lintSeverities.indexOf(severity) <= lintSeverities.indexOf(least);

/** For a terminal: a line a finding, then its exchanges and why it matters. */
export const renderFindings = (
  findings: readonly LintFinding[],
  translate: Translate = inEnglish,
): string =>
  findings
    .flatMap((finding) => {
      const { rule, severity, clientId, sentence, exchanges, count } = finding;
      const times = count === 1 ? '' : `, ${translate(`${count} times`)}`;
      const ids = exchanges.map(({ id }) => id).join(', ');
      return [
        `${translate(severity)}: ${rule} ${translate(sentence)}`,
        `  ${translate('client')} ${clientId}${times}; ${translate('exchanges')} ${ids}`,
        `  ${translate(lintRule(rule).why)} alipayhk-mock lint --explain ${rule}`,
      ];
    })
    .join('\n');

/** One rule in full, with the remedy in every language. */
export const renderRule = (
  id: LintRuleId,
  translate: Translate = inEnglish,
  translateCode: Translate = inEnglish,
): string => {
  const rule = lintRule(id);
  const remedy = lintRemedies[rule.remedy];
  return [
    `${id} ${translate(rule.title)} (${translate(rule.severity)}, ${translate(rule.basis)})`,
    '',
    `${translate('Found when')}${translate(': ')}${translate(lintConditions[id].condition)}`,
    `${translate('Why it matters')}${translate(': ')}${translate(rule.why)}`,
    `${translate('Not found')}${translate(': ')}${translate(lintConditions[id].exempt)}`,
    ...languages.flatMap((language) => [
      '',
      `${languageNames[language]}:`,
      ...translateCode(remedy[language])
        .split('\n')
        .map((line) => `  ${line}`),
    ]),
    '',
  ].join('\n');
};

export const listRules = (translate: Translate = inEnglish): string =>
  Object.entries(lintRules)
    .map(
      ([id, { severity, title }]) =>
        `${id.padEnd(10)} ${padColumn(translate(severity), 8)} ${translate(title)}\n`,
    )
    .join('');

/** The findings in the terms that test reports share: a case for each rule. */
export const toTestReport = (
  { findings, since }: LintReport,
  version: string,
  least: LintSeverity,
): TestReport => ({
  name: 'lint',
  version,
  startedAt: since,
  durationMs: 0,
  cases: Object.entries(lintRules).map(([id, { title }]): ReportCase => {
    const found = findings.filter(({ rule }) => rule === id);
    return {
      group: 'lint',
      name: `${id} ${title}`,
      status: found.some((one) => isAtLeast(one, least)) ? 'failed' : 'passed',
      durationMs: 0,
      findings: found.map(({ rule, severity, sentence, clientId, remedyId }) => ({
        rule,
        level: severity,
        message: `${sentence} (client ${clientId})`,
        remedy: lintRemedies[remedyId].node,
      })),
    };
  }),
  rules: Object.entries(lintRules).map(([id, { title, why, severity }]) => ({
    id,
    title,
    help: why,
    level: severity,
  })),
});
