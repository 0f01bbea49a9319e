import type { OperationId } from '../../domain/contract/contract.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { AttemptOptions, MessageAttempt } from '../messages/attempt.ts';
import { buildMessages } from '../messages/message-tracker.ts';
import type { CatalogueCase } from './catalogue/case.ts';
import type { AttemptView, CheckVerdict, EvidenceLevel, OpenReason } from './result.ts';
import type { CaseRecord, ClaimedOutcome, JobRecord } from './types.ts';

/** What is needed to read the bodies of requests. */
export type ReadingOptions = Omit<AttemptOptions, 'keepEntries'>;

/** An attempt of a case, in its place. */
export interface CaseAttempt extends Omit<MessageAttempt, 'view'> {
  /** As the case's client can know it, with the platform keys that it was given. */
  readonly view: AttemptView;
  /** Which message of the case it carries, from 1. */
  readonly message: number;
  readonly body: JsonObject | undefined;
  /** A rule of the case answered it; undefined: answered as usual. */
  readonly played: number | undefined;
  readonly isLibraryRetry: boolean;
}

/** What the driver claimed about one message at one time. */
interface ClaimAt {
  readonly atUs: number;
  readonly outcome: ClaimedOutcome;
  readonly job: JobRecord;
  readonly resultCode: string | undefined;
}

/** One message of a case: all attempts, and all claims about it. */
export interface CaseMessage {
  /** From 1. */
  readonly number: number;
  readonly attempts: readonly CaseAttempt[];
  readonly claims: readonly ClaimAt[];
}

/** A case as its checks look at it. */
export interface CaseEvidence {
  readonly record: CaseRecord<CatalogueCase>;
  readonly plan: CatalogueCase;
  readonly operation: OperationId;
  /** In the order of arrival. */
  readonly attempts: readonly CaseAttempt[];
  readonly messages: readonly CaseMessage[];
  /** The field that orders events; undefined: the operation has none. */
  readonly eventTime: string | undefined;
  /** Jobs that ended without an opinion, and not by the harness. */
  readonly crashes: readonly JobRecord[];
}

export const readCase = (
  record: CaseRecord<CatalogueCase>,
  options: ReadingOptions,
): CaseEvidence => {
  const { run } = record;
  const endpoint = options.endpoints.get(run.operation);
  const eventTime = endpoint?.eventTime ?? undefined;
  const attempts = readAttempts(record, options, eventTime);
  return {
    record,
    plan: run.plan,
    operation: run.operation,
    attempts,
    messages: run.messages.map((_, index) => ({
      number: index + 1,
      attempts: attempts.filter(({ message }) => message === index + 1),
      claims: listClaims(record, index + 1, attempts),
    })),
    eventTime,
    crashes: record.jobs.filter(hasCrashed),
  };
};

const readAttempts = (
  record: CaseRecord<CatalogueCase>,
  options: ReadingOptions,
  eventTime: string | undefined,
): readonly CaseAttempt[] => {
  const { run, played } = record;
  const batch = buildMessages(record.exchanges, options, record.open);
  const retries = new Set(
    batch.attempts.flatMap(({ attempt, isLibraryRetry }) =>
      isLibraryRetry ? [attempt.number] : [],
    ),
  );
  const attribute = createAttribution(run.messages, eventTime);
  return [...batch.attempts.map(({ attempt }) => attempt), ...batch.pending]
    .filter(({ operation }) => operation === undefined || operation === run.operation)
    .sort((a, b) => a.number - b.number)
    .map((attempt) => {
      const body = readSentBody(attempt);
      return {
        ...attempt.kind,
        ...attempt,
        view: viewForCase(attempt, run.plan),
        message: attribute(attempt, body),
        body,
        played: played.get(attempt.number),
        isLibraryRetry: retries.has(attempt.number),
      };
    });
};

/** A version that the client was never given proves nothing to it. */
const viewForCase = (
  { view, entry }: MessageAttempt,
  { platformKeys }: CatalogueCase,
): AttemptView => {
  const signed = entry?.keyVersions.signed;
  const isGiven =
    platformKeys === undefined || signed === undefined || platformKeys.given.includes(signed);
  return isGiven || view === 'lost' || view === 'pending' ? view : 'untrusted';
};

const readSentBody = ({ entry, isSealed, content }: MessageAttempt): JsonObject | undefined => {
  if (entry === undefined || content === undefined) return undefined;
  const bytes = isSealed || entry.sealed ? entry.request.plain : entry.request.body;
  // It has been read as a JSON object before.
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString('utf8')) as JsonObject);
};

type Attribution = (attempt: MessageAttempt, body: JsonObject | undefined) => number;

/**
 * Which of the case's messages an attempt carries: the one whose members it has most of; of several
 * that differ in nothing but the event time, the one with this time or id, or else the next that
 * has not been sent.
 */
const createAttribution = (
  messages: readonly JsonObject[],
  eventTime: string | undefined,
): Attribution => {
  if (messages.length === 1) return () => 1;
  const byId = new Map<string, number>();
  const bySignature = new Map<string, number>();
  const sent = new Set<number>();
  return ({ content, signaturePiece }, body) => {
    if (body === undefined) return bySignature.get(signaturePiece ?? '') ?? 1;
    const scores = messages.map((message) => countEqual(message, body, eventTime));
    const best = Math.max(...scores);
    const candidates = scores.flatMap((score, index) => (score === best ? [index + 1] : []));
    const known = byId.get(content?.requestId ?? '');
    const chosen =
      candidates.length === 1
        ? candidates[0]
        : (candidates.find(
            (number) => messages[number - 1]?.[eventTime ?? ''] === body[eventTime ?? ''],
          ) ??
          candidates.find((number) => number === known) ??
          candidates.find((number) => !sent.has(number)) ??
          candidates.at(-1));
    const message = chosen ?? 1;
    sent.add(message);
    if (content?.requestId !== undefined) byId.set(content.requestId, message);
    if (signaturePiece !== undefined) bySignature.set(signaturePiece, message);
    return message;
  };
};

const countEqual = (
  message: JsonObject,
  body: JsonObject,
  eventTime: string | undefined,
): number => {
  let count = 0;
  for (const [name, value] of Object.entries(message))
    if (name !== eventTime && JSON.stringify(body[name]) === JSON.stringify(value)) count++;
  return count;
};

/** Claims about one message, in the order in which they were made. */
const listClaims = (
  { jobs, run }: CaseRecord<CatalogueCase>,
  message: number,
  attempts: readonly CaseAttempt[],
): readonly ClaimAt[] =>
  jobs.flatMap((job) => {
    const { claim, claimedUs } = job;
    if (claim === undefined || claimedUs === undefined || !isOpinion(claim.outcome)) return [];
    if (!concerns(job, message, run.messages, attempts)) return [];
    // Numbers are places in the job: they name messages of the case only where all were given.
    const own =
      job.job.action === 'sendAll' && claim.outcomes !== undefined
        ? claim.outcomes.find((one) => one.message === message)
        : claim;
    return own === undefined || !isOpinion(own.outcome)
      ? []
      : [{ atUs: claimedUs, outcome: own.outcome, job, resultCode: own.resultCode }];
  });

const isOpinion = (outcome: ClaimedOutcome): boolean =>
  outcome === 'SUCCESS' || outcome === 'FAILED' || outcome === 'UNKNOWN';

/**
 * Whether a job was about a message. A `resume` that has sent nothing of it says nothing about it:
 * "nothing is open" is reported as a success.
 */
const concerns = (
  { job, givenUs, endedUs }: JobRecord,
  message: number,
  messages: readonly JsonObject[],
  attempts: readonly CaseAttempt[],
): boolean => {
  if (job.action === 'sendAll') return true;
  if (job.action === 'send')
    return JSON.stringify(job.message) === JSON.stringify(messages[message - 1]);
  return attempts.some(
    (attempt) => attempt.message === message && attempt.atUs >= givenUs && attempt.atUs <= endedUs,
  );
};

/** The application or its driver ended, and nothing was said. */
const hasCrashed = ({ claim, end }: JobRecord): boolean =>
  claim === undefined && ((end.kind === 'exited' && end.code !== 0) || end.kind === 'signalled');

/** No final answer that a correct client must accept: the outcome is unknown to it. */
export const isUncertain = ({ view, isAmbiguous }: CaseAttempt): boolean =>
  isAmbiguous || (view !== 'S' && view !== 'F');

/**
 * The first moment at which the client can have had a success that it may accept; undefined: this
 * attempt brought none. The last byte is recorded late on a busy machine, so the first one counts.
 */
export const acceptableAtUs = ({ view, delivery }: CaseAttempt): number | undefined =>
  view === 'S' ? (delivery?.firstByteUs ?? delivery?.lastByteUs) : undefined;

/** Whether a verified success had been delivered at that time. */
export const hasSuccess = ({ attempts }: CaseMessage, atUs: number): boolean =>
  attempts.some((attempt) => (acceptableAtUs(attempt) ?? Infinity) <= atUs);

export const hasRefusal = ({ attempts }: CaseMessage, atUs: number): boolean =>
  attempts.some(({ view, delivery }) => view === 'F' && (delivery?.lastByteUs ?? Infinity) <= atUs);

/** Attempts that the application made; the repetitions of its HTTP library are left out. */
export const applicationAttempts = ({ attempts }: CaseMessage): readonly CaseAttempt[] =>
  attempts.filter(({ isLibraryRetry }) => !isLibraryRetry);

export const lastClaim = ({ claims }: CaseMessage): ClaimAt | undefined => claims.at(-1);

/** The messages that the checks of the case are about. */
export const subjects = ({ plan, messages }: CaseEvidence): readonly CaseMessage[] =>
  plan.subject === undefined ? messages : messages.filter(({ number }) => number === plan.subject);

/** Attempts that came while the application was resumed. */
export const attemptsOnResume = (
  { attempts }: Pick<CaseMessage, 'attempts'>,
  { record }: CaseEvidence,
): readonly CaseAttempt[] => {
  const resumes = record.jobs.filter(({ job }) => job.action === 'resume');
  return attempts.filter(({ atUs }) =>
    resumes.some(({ givenUs, endedUs }) => atUs >= givenUs && atUs <= endedUs),
  );
};

/** A `resume` that was given and done; without a driver, none is. */
const isResumed = ({ job, claim, end }: JobRecord): boolean =>
  job.action === 'resume' &&
  end.kind !== 'watched' &&
  end.kind !== 'not-given' &&
  end.kind !== 'deadline' &&
  claim?.outcome !== 'UNSUPPORTED' &&
  claim?.outcome !== 'ERROR';

export const hasResumed = ({ record }: CaseEvidence): boolean => record.jobs.some(isResumed);

/** Why nothing follows from a message not being sent again; undefined: it does. */
export const whyAbsenceIsOpen = (evidence: CaseEvidence): OpenReason | undefined => {
  const { record } = evidence;
  if (record.hasStray) return 'stray-traffic';
  if (record.hasEvicted) return 'evicted';
  return record.mode === 'passive' || hasResumed(evidence) ? undefined : 'observation-too-short';
};

/** As `whyAbsenceIsOpen`, where sending nothing more is right. */
export const whyQuietIsOpen = ({ record }: CaseEvidence): OpenReason | undefined => {
  if (record.hasStray) return 'stray-traffic';
  return record.hasEvicted ? 'evicted' : undefined;
};

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
const worst = (findings: readonly CheckFinding[]): CheckFinding =>
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
