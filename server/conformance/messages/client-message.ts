import type { MessageAttempt } from './attempt.ts';
import type { MessageContent } from './message-content.ts';

/**
 * One thing that a client wants to report: one requestId, or one body where the operation has no
 * requestId. Its attempts are in the order of their arrival.
 */
export interface ClientMessage {
  /**
   * Client and requestId, or the digest of the body; with the operation if an earlier message of
   * another one has the same.
   */
  readonly key: string;
  readonly clientId: string;
  readonly operation: string;
  /** The operation that used the requestId first, if it is another one. */
  readonly earlierOperation: string | undefined;
  readonly requestId: string | undefined;
  readonly identity: string;
  readonly eventTime: number | undefined;
  /** Content of its first attempt. */
  readonly content: MessageContent;
  /**
   * In a stream, those at the beginning are dropped once there are many; `first` and `last` stay.
   */
  readonly attempts: readonly MessageAttempt[];
  readonly first: MessageAttempt;
  readonly last: MessageAttempt;
  /** How many attempts there were, dropped ones included. */
  readonly count: number;
  /** How many of them the application made: the repetitions of its HTTP library do not count. */
  readonly applicationCount: number;
  /** When a signed final answer had been delivered first; undefined: not yet. */
  readonly settledUs: number | undefined;
  /** How many attempts were answered with a signed S. */
  readonly successCount: number;
  /** How many attempts in a row, up to the newest, carry the same signature. */
  readonly signedAlike: number;
}

/** Bounds of what a message keeps. */
export interface MessageLimits {
  /** For each message; the oldest are dropped first. */
  readonly attempts: number;
  /** Of them, after the first final answer: who repeats what is settled may do so for hours. */
  readonly repeats: number;
}

/** What is known from the second attempt on. */
interface Repetition {
  readonly attempts: MessageAttempt[];
  last: MessageAttempt;
  count: number;
  applicationCount: number;
  settledUs: number | undefined;
  successCount: number;
  signedAlike: number;
}

/** One that changes as attempts arrive. It has thousands of its kind, and most have one attempt. */
export class TrackedMessage implements ClientMessage {
  readonly first: MessageAttempt;
  readonly content: MessageContent;
  readonly earlierOperation: string | undefined;
  /** The next message with the same requestId, of another operation. */
  sibling: TrackedMessage | undefined = undefined;
  /** Until there is a second attempt, all follows from the first. */
  #repetition: Repetition | undefined = undefined;

  constructor(first: MessageAttempt, content: MessageContent, earlierOperation?: string) {
    this.first = first;
    this.content = content;
    this.earlierOperation = earlierOperation;
  }

  get key(): string {
    const key = `${this.clientId} ${messageId(this.content)}`;
    return this.earlierOperation === undefined ? key : `${key} ${this.operation}`;
  }

  get clientId(): string {
    return this.first.clientId ?? '';
  }

  get operation(): string {
    return this.first.operation ?? '';
  }

  get requestId(): string | undefined {
    return this.content.requestId;
  }

  get identity(): string {
    return this.content.identity;
  }

  get eventTime(): number | undefined {
    return this.content.eventTime;
  }

  get attempts(): readonly MessageAttempt[] {
    return this.#repetition?.attempts ?? [this.first];
  }

  get last(): MessageAttempt {
    return this.#repetition?.last ?? this.first;
  }

  get count(): number {
    return this.#repetition?.count ?? 1;
  }

  get applicationCount(): number {
    return this.#repetition?.applicationCount ?? 1;
  }

  get settledUs(): number | undefined {
    return this.#repetition === undefined ? settledUs(this.first) : this.#repetition.settledUs;
  }

  get successCount(): number {
    return this.#repetition?.successCount ?? countSuccess(this.first);
  }

  get signedAlike(): number {
    return this.#repetition?.signedAlike ?? 1;
  }

  /** The attempt before another one. */
  before(attempt: MessageAttempt): MessageAttempt | undefined {
    return attempt === this.first
      ? undefined
      : this.attempts.findLast(({ number }) => number < attempt.number);
  }

  /**
   * Adds an attempt that is not the first.
   * @param before the one before it
   * @param byLibrary whether the client's HTTP library made it
   */
  repeat(
    attempt: MessageAttempt,
    before: MessageAttempt | undefined,
    byLibrary: boolean,
    limits: MessageLimits,
  ): void {
    this.#repetition ??= {
      attempts: [this.first],
      last: this.first,
      count: 1,
      applicationCount: 1,
      settledUs: settledUs(this.first),
      successCount: countSuccess(this.first),
      signedAlike: 1,
    };
    const known = this.#repetition;
    keepAttempt(known.attempts, attempt, limits);
    known.last = known.attempts.at(-1) ?? attempt;
    known.count++;
    if (!byLibrary) known.applicationCount++;
    const isAlike = before !== undefined && hasSameSignature(before, attempt);
    known.signedAlike = isAlike ? known.signedAlike + 1 : 1;
    const newUs = settledUs(attempt);
    if (newUs !== undefined) known.settledUs = Math.min(known.settledUs ?? Infinity, newUs);
    known.successCount += countSuccess(attempt);
  }
}

const keepAttempt = (
  attempts: MessageAttempt[],
  attempt: MessageAttempt,
  limits: MessageLimits,
): void => {
  const place = attempts.findLastIndex(({ number }) => number < attempt.number) + 1;
  attempts.splice(place, 0, attempt);
  // What is settled first: its final answer stays, and the newest repetitions.
  const settling = attempts.length > limits.repeats ? attempts.findIndex(isFinal) : -1;
  if (settling >= 0 && attempts.length - settling - 1 > limits.repeats)
    attempts.splice(settling + 1, 1);
  else if (attempts.length > limits.attempts) attempts.shift();
};

/** When the client can have known by this attempt that the message is settled. */
const settledUs = (attempt: MessageAttempt): number | undefined =>
  isFinal(attempt) ? (knownAtUs(attempt) ?? Infinity) : undefined;

const countSuccess = (attempt: MessageAttempt): 0 | 1 =>
  isFinal(attempt) && attempt.view === 'S' ? 1 : 0;

/** What names it among the messages of its operation: its requestId, or the digest of its body. */
export const messageId = ({ requestId, digest }: MessageContent): string => requestId ?? digest;

/** Whether an attempt of the same client carries the message, also one that is not kept with it. */
export const isAttemptOf = (
  { operation, content, attempts }: ClientMessage,
  attempt: MessageAttempt,
): boolean =>
  attempt.content === undefined
    ? attempts.includes(attempt)
    : attempt.operation === operation && messageId(attempt.content) === messageId(content);

/**
 * What was handed to the operating system so recently cannot be assumed to have been read by the
 * client.
 */
export const readingTimeUs = 20_000;

/** When the client can have known the outcome of an attempt; undefined: never, or not yet. */
export const knownAtUs = ({ view, delivery }: MessageAttempt): number | undefined => {
  if (delivery === undefined || view === 'pending') return undefined;
  return (
    (view === 'lost' ? delivery.endedUs : (delivery.lastByteUs ?? delivery.endedUs)) + readingTimeUs
  );
};

/** Whether the client can have known the outcome of an attempt at that time. */
export const isKnown = (attempt: MessageAttempt, atUs: number): boolean =>
  (knownAtUs(attempt) ?? Infinity) <= atUs;

/** A signed final answer that every correct client must accept. */
export const isFinal = ({ view, isAmbiguous }: MessageAttempt): boolean =>
  (view === 'S' || view === 'F') && !isAmbiguous;

/**
 * Whether the client cannot know what became of the message: nothing it could rely on was
 * delivered, and it was not simply refused.
 */
export const hasUnknownOutcome = ({ view, isRefusal }: MessageAttempt): boolean =>
  (view === 'U' || view === 'lost' || view === 'untrusted') && !isRefusal;

/** Whether the client cannot have known a final answer to the message at that time. */
export const isOpen = ({ settledUs }: ClientMessage, atUs: number): boolean =>
  settledUs === undefined || settledUs > atUs;

/** Longest pause after which equal header lines are an HTTP library's work. */
const libraryRetryUs = 1_000_000;

/**
 * The same where times are in whole seconds: an application that signs again within the second gets
 * equal lines. Its pauses are longer, also when they are scaled down for a test.
 */
const wholeSecondRetryUs = 50_000;

/**
 * Whether the client's HTTP library repeated the attempt before by itself: the same header lines
 * soon after an attempt that was lost.
 */
export const isLibraryRetry = (before: MessageAttempt, attempt: MessageAttempt): boolean => {
  if (before.view !== 'lost' || !hasSameSignature(before, attempt)) return false;
  const endedUs = Math.min(before.delivery?.endedUs ?? attempt.atUs, attempt.atUs);
  if (isFineTime(attempt)) return attempt.atUs - endedUs < libraryRetryUs;
  // That a client left is recorded late on a busy machine: its pause may have been a long one. But
  // an application that signs again after more than a second does not get equal lines.
  const mayBeSignedAgain =
    before.delivery?.endedBy === 'client' && attempt.atUs - before.atUs < libraryRetryUs;
  return !mayBeSignedAgain && attempt.atUs - endedUs < wholeSecondRetryUs;
};

/** Whether Request-Time is written to the millisecond, so that two signatures differ. */
export const isFineTime = ({ requestTime = '' }: MessageAttempt): boolean =>
  /[.,]\d|^\d{13}$/.test(requestTime);

/** How long after a request its copy comes from a proxy that delivers it twice. */
const copyUs = 100_000;

/**
 * Whether something between client and platform delivered the attempt before twice: an application
 * that sends again signs again. Of several copies the first alone counts as such.
 */
export const isCopy = (
  { signedAlike }: ClientMessage,
  before: MessageAttempt | undefined,
  attempt: MessageAttempt,
): boolean =>
  before !== undefined &&
  signedAlike === 2 &&
  (isFineTime(attempt) ? attempt.atUs - before.atUs < copyUs : !isKnown(before, attempt.atUs));

/** Whether both carry the same Request-Time and Signature, so the same bytes were signed once. */
export const hasSameSignature = (a: MessageAttempt, b: MessageAttempt): boolean =>
  a.signaturePiece !== undefined &&
  a.signaturePiece === b.signaturePiece &&
  a.requestTime === b.requestTime;

/** The pause between the end of an attempt and the arrival of the next one of its message. */
export interface Pause {
  readonly before: MessageAttempt;
  readonly after: MessageAttempt;
  /**
   * The longest that it can have been, microseconds; undefined: the attempt before was still open
   * here, so it is not known when the client gave up.
   */
  readonly us: number | undefined;
  /** The shortest that it can have been: from the end of the attempt, as recorded. */
  readonly leastUs: number | undefined;
}

/** Pauses between the attempts that the application made. */
export const listPauses = (attempts: readonly MessageAttempt[]): readonly Pause[] =>
  attempts.flatMap((after, at) => {
    const before = attempts[at - 1];
    return before === undefined || isLibraryRetry(before, after)
      ? []
      : [{ before, after, us: pauseUs(before, after), leastUs: leastPauseUs(before, after) }];
  });

/**
 * From the first moment at which the client can have known that the attempt was over: what is
 * recorded afterwards is recorded late on a busy machine, and would make the pause look shorter.
 */
const pauseUs = (before: MessageAttempt, { atUs }: MessageAttempt): number | undefined => {
  const { delivery } = before;
  if (delivery === undefined || delivery.endedUs > atUs) return undefined;
  if (delivery.complete || delivery.endedBy === 'server')
    return atUs - (delivery.firstByteUs ?? before.atUs);
  return atUs - delivery.endedUs;
};

const leastPauseUs = (
  { delivery }: MessageAttempt,
  { atUs }: MessageAttempt,
): number | undefined =>
  delivery === undefined || delivery.endedUs > atUs ? undefined : atUs - delivery.endedUs;
