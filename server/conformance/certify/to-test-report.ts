import { omitUndefined } from '../../problems/plain-object.ts';
import type { LintFinding } from '../lint/lint.ts';
import { lintRules } from '../lint/lint-rules.ts';
import type {
  ReportCase,
  ReportFinding,
  ReportLocation,
  ReportRule,
  ReportStatus,
  TestReport,
} from '../report/test-report.ts';
import { type CaseSeverity, checkTitles, type DescribedCase } from './catalogue/case.ts';
import { catalogue } from './catalogue/index.ts';
import { receiverCatalogue } from './catalogue/receiver.ts';
import { listChecks } from './judge-case.ts';
import type { CaseCheckResult, CaseResult, CaseVerdict, CertifyResult } from './result.ts';

/** The result of a run in the terms of test reports. */
export const certifyTestReport = (
  result: CertifyResult,
  location?: ReportLocation,
): TestReport => ({
  name: 'certify',
  version: result.tool.version,
  startedAt: Date.parse(result.startedAt),
  durationMs: result.durationMs,
  cases: [
    ...result.cases.map((one) => toReportCase(one, location)),
    ...result.lint.map((one) => toLintCase(one, location)),
  ],
  rules: [
    ...catalogue.flatMap((row) => listReportRules(row, listChecks(row))),
    ...receiverCatalogue.flatMap((row) =>
      listReportRules(
        row,
        row.checks.map((id) => ({ id })),
      ),
    ),
    ...Object.entries(lintRules).map(([id, { title, why }]) => ({
      id,
      title,
      help: why,
      level: 'warning' as const,
    })),
  ],
  properties: omitUndefined({
    profile: result.profile,
    subject: result.subject.name,
    commit: result.subject.commit,
    mode: result.mode,
    contract: result.tool.contract,
  }),
});

/** Lint decides no verdict here: what it finds is a warning at most. */
const toLintCase = (
  { rule, clientId, sentence, severity, count }: LintFinding,
  location: ReportLocation | undefined,
): ReportCase => ({
  group: 'LINT',
  name: `${rule} ${clientId}`,
  status: 'passed',
  verdict: severity,
  durationMs: 0,
  findings: [
    {
      rule,
      level: severity === 'note' ? 'note' : 'warning',
      message: count === 1 ? sentence : `${sentence} (${count} times)`,
      ...omitUndefined({ location }),
    },
  ],
});

/** Whether AlipayHK called, and the merchant's own server is judged. */
export const isReceiverCase = ({ id }: Pick<CaseResult, 'id'>): boolean => id.startsWith('C-OUT-');

/** `C-SEC-01[unsigned] syncOrder, encrypted`. */
export const caseLabel = ({ id, variant, operation, crypto, sealed }: CaseResult): string =>
  [
    `${id}${variant === undefined ? '' : `[${variant}]`} ${operation}`,
    ...(crypto === 'RSA256' ? [] : [crypto]),
    ...(sealed ? ['encrypted'] : []),
  ].join(', ');

/** A case that was not judged is an error: a skipped one would be green. */
const reportStatuses: Readonly<Record<CaseVerdict, ReportStatus>> = {
  PASS: 'passed',
  'PASS (claimed)': 'passed',
  'PASS (alone)': 'passed',
  WARN: 'passed',
  FAIL: 'failed',
  XPASS: 'failed',
  ERROR: 'error',
  'NOT JUDGED': 'error',
  'NOT APPLICABLE': 'skipped',
  XFAIL: 'skipped',
};

const verdictName = (verdict: CaseVerdict): string =>
  verdict
    .toLowerCase()
    .replaceAll(/[ ()]+/g, '-')
    .replace(/-$/, '');

const toReportCase = (one: CaseResult, location: ReportLocation | undefined): ReportCase => {
  const isFlaky = one.verdict === 'PASS (alone)';
  return {
    group: one.id.split('-')[1] ?? one.id,
    name: caseLabel(one),
    // What the profile does not ask for is shown only.
    status:
      one.counted || reportStatuses[one.verdict] === 'passed'
        ? reportStatuses[one.verdict]
        : 'skipped',
    verdict: verdictName(one.verdict),
    durationMs: one.durationMs,
    findings: [...ownFindings(one), ...checkFindings(one)].map((finding) => ({
      ...finding,
      ...omitUndefined({ location }),
    })),
    details: describeCourse(one).join('\n'),
    retries: one.first === undefined ? 0 : 1,
    flaky: isFlaky,
    properties: {
      severity: one.severity,
      basis: one.basis.join(', '),
      evidence: [...new Set(one.checks.map(({ evidence }) => evidence))].join(', '),
      verdict: one.verdict,
    },
  };
};

/** What concerns the case as a whole. */
const ownFindings = (one: CaseResult): readonly ReportFinding[] => {
  const { verdict, expectation, error, message } = one;
  if (verdict === 'XPASS')
    return [
      {
        rule: one.id,
        level: 'error',
        message: `passes, but was expected to fail: ${expectation?.reason ?? ''}`,
        remedy: `Remove ${expectation?.id ?? one.id} from the expected failures.`,
      },
    ];
  if (error !== undefined)
    return [{ rule: one.id, level: 'error', message: error.message, remedy: error.remedy }];
  if (expectation !== undefined)
    return [{ rule: one.id, level: 'note', message: `expected: ${expectation.reason}` }];
  if (message === undefined) return [];
  return [{ rule: one.id, level: verdict === 'NOT JUDGED' ? 'warning' : 'note', message }];
};

/** What the checks found, the gravest first; a claim that is not true devalues all others. */
export const orderChecks = (checks: readonly CaseCheckResult[]): readonly CaseCheckResult[] =>
  checks.toSorted((a, b) => checkRank(a) - checkRank(b));

const verdictRanks = { fail: 0, warn: 10, open: 20, pass: 30, 'n/a': 40 } as const;
export const severityRanks: Readonly<Record<CaseSeverity, number>> = {
  critical: 1,
  major: 2,
  minor: 3,
};

const checkRank = ({ id, verdict, severity }: CaseCheckResult): number =>
  verdictRanks[verdict] +
  (id === 'honest-claim' && verdict === 'fail' ? 0 : severityRanks[severity]);

/** What keeps one check from being judged mostly keeps all of a case from it: it is said once. */
const isShown = (
  check: CaseCheckResult,
  index: number,
  checks: readonly CaseCheckResult[],
): boolean => {
  const { verdict, required, sentence } = check;
  if (verdict !== 'open') return verdict === 'fail' || verdict === 'warn';
  return required && checks.findIndex((other) => other.sentence === sentence) === index;
};

const checkFindings = (one: CaseResult): readonly ReportFinding[] =>
  orderChecks(one.checks)
    .filter(isShown)
    .map((check): ReportFinding => {
      const must = findCatalogueCase(one)?.must;
      return {
        rule: `${one.id}.${check.id}`,
        level: findingLevel(one, check),
        message: check.sentence,
        ...omitUndefined({ remedy: check.verdict === 'open' ? undefined : must }),
        properties: {
          evidence: check.evidence,
          severity: check.severity,
          basis: check.basis,
          ...omitUndefined({ reason: check.reason }),
        },
      };
    });

const findingLevel = (one: CaseResult, check: CaseCheckResult): ReportFinding['level'] => {
  if (one.verdict === 'XFAIL' || check.expectation !== undefined) return 'note';
  if (!one.counted) return 'note';
  return check.verdict === 'fail' ? 'error' : 'warning';
};

/** Cases that fail in the same check first of all: mostly one fault of the client. */
export interface FailureGroup {
  /** Undefined: what is wrong is no failed check. */
  readonly check: CaseCheckResult['id'] | undefined;
  /** The gravest first. */
  readonly cases: readonly CaseResult[];
}

/** Claims that are not true come first: the other claims of the driver are then worth little. */
export const groupFailures = (cases: readonly CaseResult[]): readonly FailureGroup[] => {
  const groups = new Map<string, CaseResult[]>();
  for (const one of cases) {
    const [check] = failedChecks(one);
    const key = one.verdict === 'FAIL' ? (check?.id ?? one.id) : `${caseLabel(one)} ${one.verdict}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()]
    .map((group) => group.toSorted((a, b) => gravity(a) - gravity(b)))
    .sort((a, b) => gravity(a[0]) - gravity(b[0]))
    .map((group) => ({
      check: group[0]?.verdict === 'FAIL' ? failedChecks(group[0])[0]?.id : undefined,
      cases: group,
    }));
};

const failedChecks = ({ checks }: CaseResult): readonly CaseCheckResult[] =>
  orderChecks(checks).filter(({ verdict }) => verdict === 'fail');

const gravity = (one: CaseResult | undefined): number => {
  const [check] = one === undefined ? [] : failedChecks(one);
  return check === undefined ? severityRanks.minor + 1 : checkRank(check);
};

const byId = new Map<string, DescribedCase>(
  [...catalogue, ...receiverCatalogue].map((row) => [row.id, row]),
);

/** The row of the catalogue that a case was made from; undefined: this version has it no more. */
export const findCatalogueCase = ({ id }: Pick<CaseResult, 'id'>): DescribedCase | undefined =>
  byId.get(id);

/** What happened, a line for each event, and how to run the case alone. */
const describeCourse = ({ timeline, notes, again }: CaseResult): readonly string[] => [
  ...timeline.map(({ atMs, kind, text }) => `${String(atMs).padStart(6)} ms  ${kind}: ${text}`),
  ...notes.map((note) => `note: ${note}`),
  ...(again === undefined ? [] : [`again: ${again}`]),
];

const levels: Readonly<Record<CaseSeverity, ReportFinding['level']>> = {
  critical: 'error',
  major: 'error',
  minor: 'warning',
};

const listReportRules = (
  row: DescribedCase,
  checks: readonly { readonly id: CaseCheckResult['id']; readonly severity?: CaseSeverity }[],
): readonly ReportRule[] => {
  const help = `${row.must}\n\n${row.why}\n\nSee docs/${row.remedy} of the package.`;
  return [
    { id: row.id, title: row.title.en, help, level: levels[row.severity] },
    ...checks.map(({ id, severity = row.severity }) => ({
      id: `${row.id}.${id}`,
      title: checkTitles[id],
      help,
      level: levels[severity],
      properties: { case: row.title.en },
    })),
  ];
};
