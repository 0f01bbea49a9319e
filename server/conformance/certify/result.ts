import type { OperationId } from '../../domain/contract/contract.ts';
import type { OutboundCallId } from '../../domain/outbound/outbound-calls.ts';
import type { ResultStatus } from '../../domain/state/state.ts';
import type { CoverageReport } from '../coverage/coverage-report.ts';
import type { LintFinding } from '../lint/lint.ts';
import type {
  BasisKind,
  CaseId,
  CaseSeverity,
  CheckId,
  ProfileId,
  ReceiverCheckId,
} from './catalogue/case.ts';
import type { Claim, HarnessError, RunMode } from './types.ts';

/** What a check found. */
export const checkVerdicts = ['pass', 'fail', 'warn', 'open', 'n/a'] as const;
export type CheckVerdict = (typeof checkVerdicts)[number];

/**
 * How a case ended. `PASS (claimed)`: a required check rests on the driver's word alone.
 * `PASS (alone)`: a check of time failed among others and passed when it was repeated alone.
 */
export const caseVerdicts = [
  'PASS',
  'PASS (claimed)',
  'PASS (alone)',
  'WARN',
  'FAIL',
  'NOT JUDGED',
  'NOT APPLICABLE',
  'ERROR',
  'XFAIL',
  'XPASS',
] as const;
export type CaseVerdict = (typeof caseVerdicts)[number];

/**
 * What a verdict rests on: exchanges (`W`), exchanges and the driver's claim that agree (`W+C`), the
 * claim alone (`C`), both that contradict each other (`W≠C`), or nothing (`-`).
 */
export const evidenceLevels = ['W', 'W+C', 'C', 'W≠C', '-'] as const;
export type EvidenceLevel = (typeof evidenceLevels)[number];

/** Why a check could not be judged. */
const openReasons = [
  'fault-did-not-strike',
  'refused-before-script',
  'control-failed',
  'no-traffic',
  'stray-traffic',
  'observation-too-short',
  'server-ended-first',
  'claim-missing',
  'claim-constant',
  'sealed-and-not-opened',
  'evicted',
] as const;
export type OpenReason = (typeof openReasons)[number];

/** What the client can know of an attempt; the message model says what each means. */
export type AttemptView = ResultStatus | 'lost' | 'untrusted' | 'pending';

/** An exchange as evidence; times are milliseconds since the first job of the case was given. */
export interface EvidenceExchange {
  /** The exchange's id in the journal: its Tracer-Id. */
  readonly ref: string;
  readonly number: number;
  readonly arrivalMs: number;
  /** Absent: nothing of an answer left. */
  readonly lastByteMs?: number | undefined;
  readonly endedMs?: number | undefined;
  readonly endedBy?: 'server' | 'client' | 'keptAlive' | undefined;
  readonly view: AttemptView;
  readonly code?: string | undefined;
  readonly status?: string | undefined;
  /** The journal's tag of the fault: `security:unsigned`. */
  readonly struck?: string | undefined;
  readonly requestId?: string | undefined;
}

export interface CaseCheckResult {
  readonly id: CheckId | ReceiverCheckId;
  readonly verdict: CheckVerdict;
  readonly evidence: EvidenceLevel;
  /** Without it the case cannot pass. */
  readonly required: boolean;
  readonly severity: CaseSeverity;
  readonly basis: BasisKind;
  /** What was seen, in one sentence. */
  readonly sentence: string;
  /** Present when the verdict is `open`. */
  readonly reason?: OpenReason | undefined;
  readonly exchanges: readonly EvidenceExchange[];
  /** The failure of this check alone is expected; the case's other checks stay in force. */
  readonly expectation?: Expectation | undefined;
  /** A client that was starved of time can have caused it. */
  readonly isTiming?: true | undefined;
  /** Members of the body that differ, where the check compares bodies. */
  readonly members?: readonly string[] | undefined;
}

/** Something that happened in a case, for a timeline. */
export interface TimelineEvent {
  readonly atMs: number;
  readonly kind: 'job' | 'attempt' | 'delivered' | 'ended' | 'report' | 'exit' | 'killed';
  readonly text: string;
  /** The exchange that it is about. */
  readonly ref?: string | undefined;
}

/** What went over the wire, for the log of a case; `wireExchange` makes one of a journal entry. */
export interface WireExchange {
  readonly ref: string;
  readonly number: number;
  readonly arrivalMs: number;
  readonly endedMs: number;
  readonly method: string;
  readonly target: string;
  /** Names and values as sent, credentials redacted. */
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  /** Cut where it is long; a sealed one is shown as it was sent. */
  readonly requestBody: string;
  /** 0: no head of an answer left. */
  readonly httpStatus: number;
  readonly responseHeaders: readonly (readonly [name: string, value: string])[];
  readonly responseBody: string;
  /** The rule that answered, with its fault. */
  readonly rule?: string | undefined;
  /** Why the simulator decided so. */
  readonly reason: string;
}

/** An entry of the expected-failures file that fits a result. */
export interface Expectation {
  readonly id: string;
  readonly reason: string;
  readonly until?: string | undefined;
  readonly issue?: string | undefined;
  readonly flaky?: boolean | undefined;
}

/** What became of the expected-failures file. */
export interface ExpectationSummary {
  /** Entries whose cases passed: their lines are to be removed. */
  readonly stale: readonly Expectation[];
  /** Entries whose case ran but was not judged, or did not run. */
  readonly unconfirmed: readonly Expectation[];
  /** Entries whose time is over: they count no more. */
  readonly expired: readonly Expectation[];
  /** What is odd about the file: a renamed id, a reason that is still TODO. */
  readonly warnings: readonly string[];
  /** A critical finding is among those that are accepted. */
  readonly acceptsCritical: boolean;
}

/** One case on one operation, in one variant and one crypto mode. */
export interface CaseResult {
  readonly id: CaseId;
  readonly variant?: string | undefined;
  /** Of the family OUT: the call that the merchant receives. */
  readonly operation: OperationId | OutboundCallId;
  readonly crypto: 'RSA256' | 'ECC224';
  readonly sealed: boolean;
  readonly verdict: CaseVerdict;
  readonly severity: CaseSeverity;
  /** Kinds and register ids: `doc`, `G-04`. */
  readonly basis: readonly string[];
  /** Whether the profile asks for it; others run and are shown only. */
  readonly counted: boolean;
  readonly durationMs: number;
  readonly attempts: number;
  readonly checks: readonly CaseCheckResult[];
  readonly timeline: readonly TimelineEvent[];
  /** Absent: the driver made none. */
  readonly claim?: Claim | undefined;
  /** Facts that are no verdict: `the HTTP library repeated the request by itself`. */
  readonly notes: readonly string[];
  /** Why it does not apply, or is not judged as a whole. */
  readonly message?: string | undefined;
  /** What broke, when the verdict is `ERROR`. */
  readonly error?: HarnessError | undefined;
  /** The driver's log, relative to the folder of the run. */
  readonly log?: string | undefined;
  /** The command that runs this case alone. */
  readonly again?: string | undefined;
  /** In the order of arrival. */
  readonly wire?: readonly WireExchange[] | undefined;
  /** The rules that were played, as YAML of a scenario file. */
  readonly script?: string | undefined;
  /** Why the verdict is `XFAIL` or `XPASS`, or why a failure is accepted as flaky. */
  readonly expectation?: Expectation | undefined;
  /** The first run of a case that was repeated alone. */
  readonly first?: Omit<CaseResult, 'first'> | undefined;
}

interface CertifySummary {
  readonly pass: number;
  readonly passClaimed: number;
  readonly warn: number;
  readonly fail: number;
  readonly notJudged: number;
  readonly notApplicable: number;
  readonly error: number;
  readonly xfail: number;
  readonly xpass: number;
  /** Passed only when they were repeated alone; counted among `pass` too. */
  readonly flaky: number;
  /** Checks that passed or failed, by what they rest on. */
  readonly evidence: Readonly<Record<EvidenceLevel, number>>;
}

/** An exchange that belongs to no running case. */
export interface StrayReference {
  readonly ref: string;
  readonly atMs: number;
  readonly clientId?: string | undefined;
  readonly operation?: string | undefined;
}

/** `certify.json`: the source of every report. */
export interface CertifyResult {
  readonly schema: 1;
  readonly tool: { readonly name: string; readonly version: string; readonly contract: string };
  /** Absent: every case counts. */
  readonly profile?: ProfileId | undefined;
  readonly subject: { readonly name: string; readonly commit?: string | undefined };
  readonly mode: RunMode;
  /** The drivers knew the names of the cases: the result carries no pass mark. */
  readonly revealed: boolean;
  readonly pauseFactor: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly summary: CertifySummary;
  /** Absent: no expected-failures file was given. */
  readonly expectations?: ExpectationSummary | undefined;
  /** Claims all said the same although verified S, F and U were delivered. */
  readonly claimConstant: boolean;
  readonly cases: readonly CaseResult[];
  /** Found in the traffic of all cases; it decides no verdict. */
  readonly lint: readonly LintFinding[];
  /** Of the traffic of all cases; it decides no verdict. */
  readonly coverage?: CoverageReport | undefined;
  readonly stray: readonly StrayReference[];
  readonly harness: {
    readonly selfChecks: 'pass' | 'fail';
    readonly messages: readonly string[];
    /** The run was interrupted; what was judged is here. */
    readonly interrupted: boolean;
  };
}

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
const failedSeverity = ({ checks, severity }: CaseResult): CaseSeverity =>
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
