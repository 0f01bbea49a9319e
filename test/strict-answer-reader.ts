import { createVerify, type KeyObject } from 'node:crypto';
import type { RawAnswer } from './raw-call.ts';

export interface StrictRead {
  readonly algorithm: string;
  readonly keyVersion: string;
  readonly signature: string;
  readonly responseTime: string;
  readonly clientId: string;
  readonly json: Record<string, unknown>;
}

/**
 * Reads an answer as the client of an integrator does whose calls reached AlipayHK (register G-04
 * and G-06). It is strict in ways that no document asks for: HTTP 200 only; the Signature header is
 * needed before the body is looked at; the header is split at commas without trimming, and each
 * pair must hold exactly one `=`. Header names are read in any letter case.
 */
export const readStrictly = ({ status, rawHeaders, body }: RawAnswer): StrictRead => {
  if (status !== 200) throw new Error(`HTTP status ${status}`);
  const headers = new Map<string, string>();
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.set((rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? '');
  const pairs = new Map<string, string>();
  for (const pair of needed(headers, 'signature').split(',')) {
    const parts = pair.split('=');
    if (parts.length !== 2) throw new Error(`"${pair}" is not one key and one value`);
    pairs.set(parts[0] ?? '', parts[1] ?? '');
  }
  return {
    algorithm: needed(pairs, 'algorithm'),
    keyVersion: needed(pairs, 'keyVersion'),
    signature: needed(pairs, 'signature'),
    responseTime: needed(headers, 'response-time'),
    clientId: needed(headers, 'client-id'),
    json: JSON.parse(body.toString('utf8')),
  };
};

const needed = (values: ReadonlyMap<string, string>, name: string): string => {
  const value = values.get(name);
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};

/**
 * Whether the signature is the platform's, over the answer as it came. RSA256 only: the integrator
 * uses nothing else.
 */
export const isSignedBy = (key: KeyObject, path: string, answer: RawAnswer): boolean => {
  const { clientId, responseTime, signature } = readStrictly(answer);
  return createVerify('sha256')
    .update(`POST ${path}\n${clientId}.${responseTime}.`)
    .update(answer.body)
    .verify(key, decodeURIComponent(signature), 'base64');
};
