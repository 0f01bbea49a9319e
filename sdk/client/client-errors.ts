import type { Result, Unsettled } from './call-outcome.ts';
import type { OperationId } from './operations.ts';

interface CallFacts {
  readonly operation: OperationId;
  /** What the call is known by on both sides; absent where the operation has none. */
  readonly requestId: string | undefined;
  /** How often the request was sent. */
  readonly attempts: number;
}

/**
 * The platform said no, signed: F is final. Sending the same request again gets the same answer.
 */
export class OperationFailedError extends Error implements CallFacts {
  override readonly name = 'OperationFailedError';
  readonly operation: OperationId;
  readonly requestId: string | undefined;
  readonly attempts: number;
  readonly result: Result;
  /** The opened and verified answer. */
  readonly answer: Readonly<Record<string, unknown>>;

  constructor(
    { operation, requestId, attempts }: CallFacts,
    result: Result,
    answer: Readonly<Record<string, unknown>>,
  ) {
    super(
      `${operation} failed: ${result.resultCode}${result.resultMessage === undefined ? '' : `, ${result.resultMessage}`}`,
    );
    this.operation = operation;
    this.requestId = requestId;
    this.attempts = attempts;
    this.result = result;
    this.answer = answer;
  }
}

/**
 * Nobody knows whether the call was done: U, no answer, or none that can be trusted, as often as it
 * was sent. Keep the request and send it again later with the same requestId; a new one could do it
 * twice.
 */
export class UnknownOutcomeError extends Error implements CallFacts {
  override readonly name = 'UnknownOutcomeError';
  readonly operation: OperationId;
  readonly requestId: string | undefined;
  readonly attempts: number;
  /** Why each attempt settled nothing, oldest first. */
  readonly history: readonly Unsettled[];
  /** The body as it was sent: hand it to `resend` to go on. */
  readonly body: Buffer;

  constructor(
    { operation, requestId, attempts }: CallFacts,
    history: readonly Unsettled[],
    body: Buffer,
  ) {
    const last = history.at(-1);
    super(
      `${operation}: the outcome is unknown after ${attempts} attempt${attempts === 1 ? '' : 's'}; the last one: ${last?.sentence ?? 'not sent'}`,
      { cause: last?.cause },
    );
    this.operation = operation;
    this.requestId = requestId;
    this.attempts = attempts;
    this.history = history;
    this.body = body;
  }

  /** Why the last attempt settled nothing. */
  get reason(): Unsettled['unsettled'] | undefined {
    return this.history.at(-1)?.unsettled;
  }
}

/**
 * The client cannot work as it was set up: a key that cannot be read, an address that is none.
 * Nothing was sent.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
