import { readTimestamp } from '../../server/protocol/timestamps.ts';
import type { MerchantAnswer } from './merchant-messages.ts';

/** The result object of every answer. */
export interface Result {
  readonly resultCode: string;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage?: string;
}

/** Why an attempt settles nothing. */
export type Unsettling =
  | 'answered-u'
  | 'no-answer'
  | 'unsigned'
  | 'signature-does-not-verify'
  | 'time-not-credible'
  | 'in-the-clear'
  | 'unreadable';

export interface Unsettled {
  readonly unsettled: Unsettling;
  /** The same in words, with what the answer claims. */
  readonly sentence: string;
  /** What the answer says; nothing vouches for it unless `unsettled` is `answered-u`. */
  readonly claim?: Result;
  readonly cause?: unknown;
}

export interface CallOutcome {
  readonly settled: 'S' | 'F';
  readonly result: Result;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Expected {
  readonly resultField: 'result' | 'resultInfo';
  /** The request was sealed, so its success must come sealed. */
  readonly sealed: boolean;
  /** When the answer came, milliseconds since 1970. */
  readonly now: number;
  readonly clockToleranceMs: number;
}

/**
 * What an answer settles. Only a signed S or F of our own, of now, does; everything else leaves the
 * outcome as unknown as silence does. An unsigned F or U may be a refusal from before the signature
 * check, or somebody's invention.
 */
export const classifyResponse = (
  answer: MerchantAnswer,
  expected: Expected,
): CallOutcome | Unsettled => {
  const result = readResult(answer.json, expected.resultField);
  const unsettled = (why: Unsettling, words: string): Unsettled => ({
    unsettled: why,
    sentence:
      result === undefined
        ? words
        : `${words} (it says ${result.resultStatus} ${result.resultCode})`,
    ...(result === undefined ? {} : { claim: result }),
  });
  if (answer.signature === 'unsigned')
    return unsettled(
      'unsigned',
      `HTTP ${answer.httpStatus} without a signature, so nothing vouches for the answer`,
    );
  if (answer.signature === 'bad')
    return unsettled(
      'signature-does-not-verify',
      answer.distrust ?? 'the signature does not verify',
    );
  const time = readTimestamp(answer.headers['response-time'] ?? '')?.epochMs;
  if (time === undefined || Math.abs(time - expected.now) > expected.clockToleranceMs)
    return unsettled(
      'time-not-credible',
      `Response-Time ${answer.headers['response-time']} is too far from this machine's clock`,
    );
  if (!isRecord(answer.json) || result === undefined)
    return unsettled(
      'unreadable',
      `signed, but no ${expected.resultField} can be read in it${answer.distrust === undefined ? '' : `: ${answer.distrust}`}`,
    );
  const { resultStatus: status } = result;
  if (status === 'U') return unsettled('answered-u', 'answered U');
  // A refusal from before the body was opened is not sealed; a success is.
  if (status === 'S' && expected.sealed && answer.headers['encrypt'] === undefined)
    return unsettled('in-the-clear', 'the request was sealed, but its success came in the clear');
  return { settled: status, result, body: answer.json };
};

/** The attempt got no answer: refused, reset, cut off, too late, too long. */
export const noAnswer = (cause: unknown): Unsettled => ({
  unsettled: 'no-answer',
  sentence: `no answer: ${describeFailure(cause)}`,
  cause,
});

const describeFailure = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error
    ? `${cause.message}: ${cause.cause.message || String(Reflect.get(cause.cause, 'code') ?? '')}`
    : cause.message;
};

/**
 * Sources disagree on the object's name on the membership path, so where the contract's name is
 * missing the other one is read.
 */
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
    ...(typeof resultMessage === 'string' ? { resultMessage } : {}),
  };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
