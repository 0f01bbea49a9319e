import type { components } from '../../server/domain/contract/types.gen.ts';
import { isRecord, omitUndefined } from '../../server/problems/plain-object.ts';
import { readTimestamp } from '../../server/protocol/timestamps.ts';
import { wireOperations } from './operations.gen.ts';
import type { MerchantResponse } from './signed-call.ts';

type Schemas = components['schemas'];

/** The name of an operation, as the contract has it. */
export type OperationId = keyof typeof wireOperations;

/** What a caller needs to know of an operation. */
export interface WireOperation {
  readonly path: string;
  readonly resultField: 'result' | 'resultInfo';
  /** Whether requests have a requestId. */
  readonly hasRequestId: boolean;
}

export const operationMetadata: Readonly<Record<OperationId, WireOperation>> = wireOperations;

/** Request bodies by operation. */
export interface Requests {
  syncAdditionalInfo: Schemas['SyncAdditionalInfoRequest'];
  syncAccountLinkage: Schemas['SyncAccountLinkageRequest'];
  syncPaymentInfo: Schemas['SyncPaymentInfoRequest'];
  syncOrder: Schemas['SyncOrderRequest'];
  updateMembershipCard: Schemas['UpdateMembershipCardRequest'];
}

/** Response bodies of success by operation. */
export interface Responses {
  syncAdditionalInfo: Schemas['SyncAdditionalInfoResponse'];
  syncAccountLinkage: Schemas['SyncAccountLinkageResponse'];
  syncPaymentInfo: Schemas['SyncPaymentInfoResponse'];
  syncOrder: Schemas['SyncOrderResponse'];
  updateMembershipCard: Schemas['UpdateMembershipCardResponse'];
}

/** With an optional `requestId`. Distributes over unions. */
type WithOptionalId<R> = R extends { requestId: string }
  ? Omit<R, 'requestId'> & { readonly requestId?: string }
  : R;

/** The body of a call. A missing requestId is generated. */
export type RequestOf<K extends OperationId> = WithOptionalId<Requests[K]>;
/** The response body of a successful call. */
export type ResponseOf<K extends OperationId> = Responses[K];

/** The result object of every response. */
export interface Result {
  readonly resultCode: string;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage?: string;
}

/**
 * Why an attempt leaves the outcome unknown.
 * - `result-u`: a signed U.
 * - `no-response`: refused, reset, truncated, timed out or too large.
 * - `unsigned`, `signature-does-not-verify`: the response is not authenticated.
 * - `time-not-credible`: its Response-Time is too far from the clock, as in a replay.
 * - `in-the-clear`: the request was encrypted, and its success was not.
 * - `unreadable`: signed, without a result.
 */
export type Unsettling =
  | 'result-u'
  | 'no-response'
  | 'unsigned'
  | 'signature-does-not-verify'
  | 'time-not-credible'
  | 'in-the-clear'
  | 'unreadable';

/** An attempt that leaves the outcome unknown. */
export interface Unsettled {
  readonly unsettled: Unsettling;
  /** The reason as a sentence, with what the response states. */
  readonly sentence: string;
  /** The result that the response states; authenticated for `result-u` only. */
  readonly claim?: Result;
  readonly cause?: unknown;
}

/** A final outcome: a signed S or F. */
export interface CallOutcome {
  readonly settled: 'S' | 'F';
  readonly result: Result;
  /** The response body, decrypted. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ClassifyOptions {
  readonly resultField: 'result' | 'resultInfo';
  /** The request was encrypted, so a success must be too. */
  readonly sealed: boolean;
  /** When the response arrived, milliseconds since 1970. */
  readonly now: number;
  readonly clockToleranceMs: number;
}

/**
 * Decides what a response says about the call. Only a signed S or F for this client, with a current
 * Response-Time, is final; anything else counts like no response. An unsigned F or U may be a
 * refusal from before the signature check, or forged.
 */
export const classifyResponse = (
  response: MerchantResponse,
  options: ClassifyOptions,
): CallOutcome | Unsettled => {
  const result = readResult(response.json, options.resultField);
  const toUnsettled = (why: Unsettling, words: string): Unsettled => ({
    unsettled: why,
    sentence:
      result === undefined
        ? words
        : `${words} (it states ${result.resultStatus} ${result.resultCode})`,
    ...omitUndefined({ claim: result }),
  });
  if (response.signature === 'unsigned')
    return toUnsettled(
      'unsigned',
      `HTTP ${response.httpStatus} without a signature, so the response is not authenticated`,
    );
  if (response.signature === 'bad')
    return toUnsettled(
      'signature-does-not-verify',
      response.distrust ?? 'the signature does not verify',
    );
  const time = readTimestamp(response.headers['response-time'] ?? '')?.epochMs;
  if (time === undefined || Math.abs(time - options.now) > options.clockToleranceMs)
    return toUnsettled(
      'time-not-credible',
      `Response-Time ${response.headers['response-time']} is too far from this machine's clock`,
    );
  if (!isRecord(response.json) || result === undefined)
    return toUnsettled(
      'unreadable',
      [`signed, but without a readable ${options.resultField}`, response.distrust]
        .filter(Boolean)
        .join(': '),
    );
  const { resultStatus: status } = result;
  if (status === 'U') return toUnsettled('result-u', 'answered U');
  // A refusal from before decryption is not encrypted; a success is.
  if (status === 'S' && options.sealed && response.headers['encrypt'] === undefined)
    return toUnsettled('in-the-clear', 'the request was encrypted, but its success is not');
  return { settled: status, result, body: response.json };
};

/** The outcome of an attempt without a complete response. */
export const toNoResponse = (cause: unknown): Unsettled => ({
  unsettled: 'no-response',
  sentence: `no response: ${describeFailure(cause)}`,
  cause,
});

const describeFailure = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error
    ? `${cause.message}: ${cause.cause.message || String(Reflect.get(cause.cause, 'code') ?? '')}`
    : cause.message;
};

/** Sources disagree on the result object's name for membership cards: reads either name. */
const readResult = (json: unknown, field: string): Result | undefined => {
  const result = isRecord(json) ? (json[field] ?? json['result'] ?? json['resultInfo']) : undefined;
  if (!isRecord(result)) return undefined;
  const { resultCode, resultStatus, resultMessage } = result;
  if (
    typeof resultCode !== 'string' ||
    (resultStatus !== 'S' && resultStatus !== 'F' && resultStatus !== 'U')
  )
    return undefined;
  return {
    resultCode,
    resultStatus,
    ...omitUndefined({
      resultMessage: typeof resultMessage === 'string' ? resultMessage : undefined,
    }),
  };
};

/**
 * When a message is sent again while its outcome is unknown: the plan that AlipayHK documents for
 * the points programme.
 */
export interface RetryPlan {
  /** Pauses before the second and further attempts of a call, milliseconds; default 3 of 2000. */
  readonly pausesMs: readonly number[];
  /** Pauses before the attempts that an {@link Outbox} makes later; default 10 and 30 minutes. */
  readonly laterPausesMs: readonly number[];
  /** Multiplies every pause, e.g. 0.05 in tests; default 1. */
  readonly factor: number;
}

export const defaultRetry: RetryPlan = {
  pausesMs: [2000, 2000, 2000],
  laterPausesMs: [600_000, 1_800_000],
  factor: 1,
};

/**
 * The pause after an attempt, counted from 1, or undefined after the last one. It is up to a quarter
 * longer than planned, so that clients that failed together do not retry together.
 * @param random between 0 and 1
 */
export const pauseAfter = (
  attempt: number,
  { pausesMs, laterPausesMs, factor }: RetryPlan,
  random: number,
): number | undefined => {
  const pauseMs = [...pausesMs, ...laterPausesMs][attempt - 1];
  return pauseMs === undefined ? undefined : Math.round(pauseMs * factor * (1 + random / 4));
};
