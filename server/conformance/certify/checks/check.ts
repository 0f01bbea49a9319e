import type { CaseAttempt, CaseEvidence, CaseMessage } from '../case-evidence.ts';
import type { CheckVerdict, EvidenceLevel, OpenReason } from '../result.ts';

/** Limits that the settings of a run name. */
export interface JudgeLimits {
  /** A client gives up in this time. */
  readonly recommendedMs: number;
  /** And at the latest in this. */
  readonly ceilingMs: number;
}

/** What is known of the whole run, for checks that need more than their case. */
export interface RunFacts {
  /** Some claim named a result code: the driver is able to. */
  readonly reportsCodes: boolean;
  /** Some claim said whether a person was notified. */
  readonly reportsAlerts: boolean;
  /** The shortest pause after U, by operation, in microseconds. */
  readonly usualPauseUs: ReadonlyMap<string, number>;
  /** requestIds that different messages had, by operation. */
  readonly sharedIds: ReadonlyMap<string, readonly string[]>;
  /** All attempts of the operation, over all cases. */
  readonly attempts: ReadonlyMap<string, readonly CaseAttempt[]>;
}

export interface CheckContext {
  readonly evidence: CaseEvidence;
  readonly facts: RunFacts;
  readonly limits: JudgeLimits;
  /** What the merchant has decided where several behaviours are right. */
  readonly accept: Readonly<Record<string, string>>;
}

/** What a check found, before the case's own weight is laid on it. */
export interface CheckFinding {
  readonly verdict: CheckVerdict;
  readonly evidence: EvidenceLevel;
  readonly sentence: string;
  readonly reason?: OpenReason | undefined;
  /** What shows it; all attempts of the case when absent. */
  readonly attempts?: readonly CaseAttempt[] | undefined;
  readonly members?: readonly string[] | undefined;
  /** A client that was starved of time can have caused it: worth a second look, alone. */
  readonly isTiming?: true | undefined;
  /** A fact to mention that is no verdict. */
  readonly note?: string | undefined;
}

/** A pure function of what was seen. */
export type Check = (context: CheckContext) => CheckFinding;

type Details = Pick<CheckFinding, 'attempts' | 'members' | 'note' | 'isTiming'>;

export const pass = (
  evidence: EvidenceLevel,
  sentence: string,
  details: Details = {},
): CheckFinding => ({
  verdict: 'pass',
  evidence,
  sentence,
  ...details,
});

export const fail = (
  evidence: EvidenceLevel,
  sentence: string,
  details: Details = {},
): CheckFinding => ({
  verdict: 'fail',
  evidence,
  sentence,
  ...details,
});

export const warn = (
  evidence: EvidenceLevel,
  sentence: string,
  details: Details = {},
): CheckFinding => ({
  verdict: 'warn',
  evidence,
  sentence,
  ...details,
});

export const open = (reason: OpenReason, sentence: string): CheckFinding => ({
  verdict: 'open',
  evidence: '-',
  sentence,
  reason,
});

export const nothingArrived = open('no-traffic', 'no request of this message arrived');
export const notOpened = open('sealed-and-not-opened', 'the bodies could not be read');

export const notApplicable = (sentence: string): CheckFinding => ({
  verdict: 'n/a',
  evidence: '-',
  sentence,
});

const weights: Readonly<Record<CheckVerdict, number>> = {
  fail: 4,
  open: 3,
  warn: 2,
  pass: 1,
  'n/a': 0,
};

/** The worst of what was found for several messages; the first of those that weigh the same. */
export const worst = (findings: readonly CheckFinding[]): CheckFinding =>
  findings.reduce<CheckFinding | undefined>(
    (before, finding) =>
      before === undefined || weights[finding.verdict] > weights[before.verdict] ? finding : before,
    undefined,
  ) ?? notApplicable('there is no message to look at');

/** A check of each message by itself. */
export const ofMessages =
  (
    choose: (evidence: CaseEvidence) => readonly CaseMessage[],
    check: (message: CaseMessage, context: CheckContext) => CheckFinding,
  ): Check =>
  (context) =>
    worst(choose(context.evidence).map((message) => check(message, context)));

export const roundToMs = (microseconds: number): number => Math.round(microseconds / 1000);

/** `1 time`, `3 times`. */
export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** What an attempt was answered, in words. */
export const describeAnswer = (attempt: CaseAttempt): string => {
  const { view, code, status, fault, security } = attempt;
  if (view === 'pending') return 'an attempt that is still open';
  if (view === 'lost') return fault === undefined ? 'a lost answer' : `a lost answer (${fault})`;
  if (view === 'untrusted')
    return `an answer that proves nothing (${status} ${code}${security === undefined ? (fault === undefined ? '' : `, ${fault}`) : `, ${security}`})`;
  return `${status} ${code}`;
};

/** Times that are written in whole seconds can be equal although they were read one after the other. */
export const laterReadingUs = (requestTime = ''): number =>
  /\.\d/.test(requestTime) ? 1_000_000 : 3_000_000;
