import type { KeyObject } from 'node:crypto';
import type { JsonObject } from '../domain/state/state.ts';
import { tryParseJsonObject } from '../problems/json-text.ts';
import { isRecord } from '../problems/plain-object.ts';
import { readHeaderPairs } from '../protocol/headers.ts';
import { openBody, type SealingScheme } from '../protocol/sealing.ts';

/** What an answer's body says, whatever the result object is called. */
export interface AnswerContent {
  /** Empty: there is no readable result. */
  readonly code: string;
  readonly letter: string;
  readonly message: string;
  /** `result`, `resultInfo`, or both. */
  readonly resultNames: readonly string[];
  /** Everything beside the result. */
  readonly fields: JsonObject;
}

/** Reads the JSON of an answer; anything else has no result. */
export const readAnswerContent = (plain: Buffer | undefined): AnswerContent => {
  const json = (tryParseJsonObject(plain?.toString('utf8') ?? '') ?? {}) as JsonObject;
  const resultNames = ['result', 'resultInfo'].filter((name) => isRecord(json[name]));
  const result = json[resultNames[0] ?? ''];
  const { resultCode, resultStatus, resultMessage } = isRecord(result) ? result : {};
  return {
    code: textOrEmpty(resultCode),
    letter: textOrEmpty(resultStatus),
    message: textOrEmpty(resultMessage),
    resultNames,
    fields: Object.fromEntries(
      Object.entries(json).filter(([name]) => !resultNames.includes(name)),
    ),
  };
};

/** The plain bytes of a body that an Encrypt header belongs to; undefined if it does not open. */
export const openEncryptedBody = (
  encryptHeader: string,
  body: Buffer,
  key: KeyObject,
  scheme: SealingScheme,
): Buffer | undefined => {
  const symmetricKey = readHeaderPairs(encryptHeader).pairs.get('symmetricKey') ?? '';
  const opened = openBody(symmetricKey, body, key, scheme);
  return 'plain' in opened ? opened.plain : undefined;
};

const textOrEmpty = (value: unknown): string => (typeof value === 'string' ? value : '');
