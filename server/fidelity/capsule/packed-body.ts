import type * as z from 'zod';
import { findReservedKey, isDeeperThan } from '../../problems/json-text.ts';

/** A body that is nested deeper stays text: a capsule is read up to a depth. */
const maxJsonBodyDepth = 90;

export interface PackedBody {
  readonly json?: z.infer<ReturnType<typeof z.json>> | undefined;
  readonly body?: string | undefined;
  readonly bodyBase64?: string | undefined;
}

/** The bytes of a body as a capsule holds them: as short as they can be read. */
export const packBody = (bytes: Buffer): PackedBody => {
  if (bytes.length === 0) return {};
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return { bodyBase64: bytes.toString('base64') };
  const json = readExactJson(text);
  return json === undefined ? { body: text } : { json };
};

/** The value of a text that is written from its value again, byte for byte. */
const readExactJson = (text: string): PackedBody['json'] => {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text);
    const isExact =
      JSON.stringify(value) === text &&
      !isDeeperThan(value, maxJsonBodyDepth) &&
      findReservedKey(value) === undefined;
    return isExact ? value : undefined;
  } catch {
    return undefined;
  }
};

export const unpackBody = ({ json, body, bodyBase64 }: PackedBody): Buffer => {
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64');
  return Buffer.from(json === undefined ? (body ?? '') : JSON.stringify(json));
};

/** The first value of a header, whatever its spelling. */
export const headerValue = (
  headers: readonly (readonly [name: string, value: string])[] | undefined,
  wanted: string,
): string | undefined => headers?.find(([name]) => name.toLowerCase() === wanted)?.[1];
