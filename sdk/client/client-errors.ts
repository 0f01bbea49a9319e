import type { OperationId, Result, Unsettled } from './calls.ts';

/** What both errors of a call state. */
interface CallFacts {
  readonly operation: OperationId;
  /** The request's idempotency key; undefined where the operation has none. */
  readonly requestId: string | undefined;
  /** How many times the request was sent. */
  readonly attempts: number;
}

/**
 * The platform's signed response is F. It is final: the same request gets the same response again.
 * `code` is `OPERATION_FAILED`; the result code is in `result.resultCode`.
 *
 * @example
 * try {
 *   await client.syncOrder(order);
 * } catch (error) {
 *   if (error instanceof OperationFailedError) console.error(error.result.resultCode);
 * }
 */
export class OperationFailedError extends Error implements CallFacts {
  override readonly name = 'OperationFailedError';
  readonly code = 'OPERATION_FAILED';
  readonly operation: OperationId;
  readonly requestId: string | undefined;
  readonly attempts: number;
  readonly result: Result;
  /** The verified and decrypted response body. */
  readonly response: Readonly<Record<string, unknown>>;

  constructor(
    { operation, requestId, attempts }: CallFacts,
    result: Result,
    response: Readonly<Record<string, unknown>>,
  ) {
    super(
      `${operation} failed: ${[result.resultCode, result.resultMessage].filter(Boolean).join(', ')}`,
    );
    this.operation = operation;
    this.requestId = requestId;
    this.attempts = attempts;
    this.result = result;
    this.response = response;
  }
}

/**
 * Whether the platform carried out the call is unknown: every attempt got U, no response, or one
 * that cannot be trusted. Keep `body`, and send it again later with {@link AlipayHKClient.resend}: a
 * new requestId could carry the call out twice. `code` is `UNKNOWN_OUTCOME`.
 *
 * @example
 * try {
 *   await client.syncPaymentInfo(payment);
 * } catch (error) {
 *   if (error instanceof UnknownOutcomeError) await outbox.add(error.operation, error.body);
 * }
 */
export class UnknownOutcomeError extends Error implements CallFacts {
  override readonly name = 'UnknownOutcomeError';
  readonly code = 'UNKNOWN_OUTCOME';
  readonly operation: OperationId;
  readonly requestId: string | undefined;
  readonly attempts: number;
  /** Why each attempt left the outcome unknown, oldest first. */
  readonly history: readonly Unsettled[];
  /** The request body as it was sent, for `resend`. */
  readonly body: Buffer;

  constructor(
    { operation, requestId, attempts }: CallFacts,
    history: readonly Unsettled[],
    body: Buffer,
  ) {
    const last = history.at(-1);
    const count = `${attempts} attempt${attempts === 1 ? '' : 's'}`;
    super(
      `${operation}: the outcome is unknown after ${count}. Last: ${last?.sentence ?? 'not sent'}`,
      { cause: last?.cause },
    );
    this.operation = operation;
    this.requestId = requestId;
    this.attempts = attempts;
    this.history = history;
    this.body = body;
  }

  /** Why the last attempt left the outcome unknown. */
  get reason(): Unsettled['unsettled'] | undefined {
    return this.history.at(-1)?.unsettled;
  }
}

/**
 * The options of a client are unusable: a key cannot be read, or an address is not one. Nothing was
 * sent. `code` is `INVALID_SETUP`.
 *
 * @example
 * try {
 *   new AlipayHKClient({ ...options, baseUrl: 'localhost' });
 * } catch (error) {
 *   if (error instanceof SetupError) console.error(error.message);
 * }
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly code = 'INVALID_SETUP';
}
