import type { CaseSeverity } from './catalogue/case.ts';
import {
  type CaseResult,
  type CaseVerdict,
  type CertifyResult,
  type CertifySummary,
  type EvidenceLevel,
  evidenceLevels,
} from './result.ts';

type Count = Exclude<keyof CertifySummary, 'flaky' | 'evidence'>;

const summaryKeys: Readonly<Record<CaseVerdict, Count>> = {
  PASS: 'pass',
  'PASS (claimed)': 'passClaimed',
  'PASS (alone)': 'pass',
  WARN: 'warn',
  FAIL: 'fail',
  'NOT JUDGED': 'notJudged',
  'NOT APPLICABLE': 'notApplicable',
  ERROR: 'error',
  XFAIL: 'xfail',
  XPASS: 'xpass',
};

export const summarizeCases = (cases: readonly CaseResult[]): CertifySummary => {
  const summary: Record<Count | 'flaky', number> = {
    pass: 0,
    passClaimed: 0,
    warn: 0,
    fail: 0,
    notJudged: 0,
    notApplicable: 0,
    error: 0,
    xfail: 0,
    xpass: 0,
    flaky: 0,
  };
  for (const { verdict } of cases) {
    summary[summaryKeys[verdict]]++;
    if (verdict === 'PASS (alone)') summary.flaky++;
  }
  return { ...summary, evidence: countEvidence(cases) };
};

const countEvidence = (cases: readonly CaseResult[]): Readonly<Record<EvidenceLevel, number>> => {
  const evidence = Object.fromEntries(evidenceLevels.map((level) => [level, 0])) as Record<
    EvidenceLevel,
    number
  >;
  for (const { checks } of cases)
    for (const check of checks)
      if (check.verdict === 'pass' || check.verdict === 'fail') evidence[check.evidence]++;
  return evidence;
};

/** From which severity on a failure ends the run with 1; `warn`: a warning does too. */
export const failLevels = ['critical', 'major', 'minor', 'warn'] as const;
export type FailLevel = (typeof failLevels)[number];

const failRanks: Readonly<Record<FailLevel, number>> = { critical: 0, major: 1, minor: 2, warn: 2 };

/** The severity of what failed in a case: a check may weigh less, or more, than its case. */
export const failedSeverity = ({ checks, severity }: CaseResult): CaseSeverity =>
  checks
    .filter(({ verdict, expectation }) => verdict === 'fail' && expectation === undefined)
    .map((check) => check.severity)
    .sort((a, b) => failRanks[a] - failRanks[b])[0] ?? severity;

/**
 * The exit code of a run that could be made: 1 when something failed that may fail a build, 4 when
 * nothing did but not enough was seen, else 0. A run in which nothing was judged is never 0.
 */
export const certifyExitCode = (result: CertifyResult, failOn: FailLevel): 0 | 1 | 4 => {
  const counted = result.cases.filter((one) => one.counted);
  const fails = counted.some(
    (one) =>
      one.verdict === 'XPASS' ||
      (one.verdict === 'WARN' && failOn === 'warn') ||
      (one.verdict === 'FAIL' && failRanks[failedSeverity(one)] <= failRanks[failOn]),
  );
  if (fails || (result.expectations?.stale.length ?? 0) > 0) return 1;
  const isUnseen = ({ verdict }: CaseResult): boolean =>
    verdict === 'NOT JUDGED' || verdict === 'ERROR';
  const isJudged = ({ verdict }: CaseResult): boolean => verdict !== 'NOT APPLICABLE';
  const isEnough =
    counted.some(isJudged) &&
    !counted.some(isUnseen) &&
    (result.expectations?.unconfirmed.length ?? 0) === 0 &&
    !result.harness.interrupted &&
    result.harness.selfChecks === 'pass';
  return isEnough ? 0 : 4;
};
