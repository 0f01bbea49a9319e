import type { JsonObject } from '../../domain/state/state.ts';
import {
  describeJsonError,
  findJsonLosses,
  isDeeperThan,
  type JsonLosses,
} from '../../problems/json-text.ts';
import { bodyFingerprint } from '../../protocol/body.ts';
import { refuseWithMessage } from '../exchange.ts';

export interface ParsedBody {
  readonly request: JsonObject;
  /** What the parsed body does not keep of the text. */
  readonly losses: JsonLosses;
  readonly fingerprint: string;
}

/**
 * Step 7: strict UTF-8, strict JSON, an object. The fingerprint is taken from the very bytes the
 * client wrote.
 */
export const parseBody = (plain: Buffer, maxDepth: number): ParsedBody => {
  const request = parseBodyObject(decodeBody(plain), maxDepth);
  return { request, losses: findJsonLosses(plain, request), fingerprint: bodyFingerprint(plain) };
};

const bodyDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decodeBody = (bytes: Buffer): string => {
  try {
    return bodyDecoder.decode(bytes);
  } catch {
    throw refuseWithMessage('PARAM_ILLEGAL', 'G-20', 'the body is not UTF-8');
  }
};

const parseBodyObject = (text: string, deepest: number): JsonObject => {
  if (text === '')
    throw refuseWithMessage('PARAM_ILLEGAL', 'G-02', 'the body is empty; it must be a JSON object');
  const value = parseBodyJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-02',
      `the body must be a JSON object, not ${describeKind(value)}`,
    );
  }
  if (isDeeperThan(value, deepest))
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-24',
      `the body is nested deeper than ${deepest} levels`,
    );
  // What JSON.parse returns and is an object is a JsonObject.
  return value as JsonObject;
};

const describeKind = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;

const parseBodyJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-02',
      `the body is not JSON: ${describeJsonError(text, error)}`,
    );
  }
};
