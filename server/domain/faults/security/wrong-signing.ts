import * as z from 'zod';
import { lifeState } from '../../../protocol/keys/validity.ts';
import { type AvailableKeys, type Signing, securityFault } from '../fault.ts';
import { unrelatedKeyPair } from './foreign-keys.ts';

const shift = {
  byMs: z
    .int()
    .min(1000)
    .max(31_536_000_000)
    .default(86_400_000)
    .describe('how far Response-Time is off'),
};

/** The signature fits what is sent, but it was made with the wrong thing. */
export const wrongSigning = {
  'wrong-key': securityFault('signature', {
    sentence:
      'Signed with a key that is not the platform’s, under the version number of one that is.',
    expectedClientBehaviour:
      'Verifies with the platform’s key of that version, and holds what does not verify for unknown.',
    hooks: () => ({
      signing: (own, { family }) => ({ ...own, key: unrelatedKeyPair(family).privateKey }),
    }),
  }),
  'retired-key': securityFault('signature', {
    sentence:
      'Signed with a version of the platform’s key that no longer serves; where there never was one, with an invented version before the first.',
    expectedClientBehaviour:
      'Drops a key when it is retired: a signature of yesterday’s key proves nothing today.',
    hooks: () => ({ signing: retiredKey }),
  }),
  'unknown-version': securityFault('signature', {
    sentence: 'Well signed, but keyVersion names a version that was never published.',
    expectedClientBehaviour:
      'Does not fall back to the key it has: reports that a key is missing, and holds the outcome for unknown.',
    hooks: () => ({ signing: (own) => ({ ...own, keyVersion: own.keyVersion + 1000 }) }),
  }),
  'stale-time': securityFault('signature', {
    sentence:
      'Well signed, but Response-Time lies `byMs` in the past: an answer that was recorded and played again.',
    expectedClientBehaviour:
      'Compares Response-Time with its own clock and the time of its request, and does not trust an answer older than the question.',
    parameters: shift,
    hooks: ({ byMs }) => ({ signing: (own) => ({ ...own, timeMs: own.timeMs - byMs }) }),
  }),
  'future-time': securityFault('signature', {
    sentence: 'Well signed, but Response-Time lies `byMs` in the future.',
    expectedClientBehaviour: 'Allows a few minutes between the clocks and no more.',
    parameters: shift,
    hooks: ({ byMs }) => ({ signing: (own) => ({ ...own, timeMs: own.timeMs + byMs }) }),
  }),
  'foreign-client-id': securityFault('signature', {
    sentence:
      'Well signed, but for another client: Client-Id differs in its last character, and the signature covers it.',
    expectedClientBehaviour:
      'Puts its own Client-Id into the text that it verifies, not the one that came with the answer.',
    hooks: () => ({ signing: (own) => ({ ...own, clientId: neighbour(own.clientId) }) }),
  }),
} as const;

const retiredKey = (own: Signing, { platform, family }: AvailableKeys): Signing => {
  const held = platform.versions.filter((key) => key.family === family);
  const key = held.findLast(
    ({ life, privateKey }) => privateKey !== undefined && lifeState(life, own.timeMs) === 'retired',
  );
  if (key?.privateKey !== undefined)
    return { ...own, keyVersion: key.version, key: key.privateKey };
  return {
    ...own,
    keyVersion: Math.max(0, (held[0]?.version ?? 1) - 1),
    key: unrelatedKeyPair(family).privateKey,
  };
};

const neighbour = (clientId: string): string =>
  `${clientId.slice(0, -1)}${clientId.endsWith('0') ? '1' : '0'}`;
