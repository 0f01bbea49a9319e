import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import type { Playback } from '../journal/journal-entry.ts';

/**
 * Where ids, symmetric keys and paddings come from. With a seed everything repeats from run to run.
 */
export interface RandomSource {
  /** The shape of the documents' sample: 7 lower-case letters, 21 digits (register G-16). */
  readonly tracerId: (clientId: string, nth?: number) => string;
  /** Bytes for what is sealed in one exchange. */
  readonly bytesFor: (tracerId: string) => (count: number) => Buffer;
}

/**
 * @param seed 0: cryptographically random; any other number: each client's nth exchange gets the same ids and
 * keys in every run.
 */
export const createRandomSource = (seed: number): RandomSource =>
  seed === 0 ? { tracerId: secureIds(), bytesFor: () => randomBytes } : seededSource(seed);

/** What a recorded exchange drew. */
export const tapedRandomSource = ({
  tracerId,
  bytes,
}: Pick<Playback, 'tracerId' | 'bytes'>): RandomSource => ({
  tracerId,
  bytesFor: () => bytes,
});

/** Draws 7 KiB at a time: a call for 28 bytes a request would dominate the profile. */
const secureIds = (): (() => string) => {
  const page = Buffer.alloc(idBytes * 256);
  let at = page.length;
  return () => {
    if (at === page.length) {
      randomFillSync(page);
      at = 0;
    }
    at += idBytes;
    return formatTracerId(page.subarray(at - idBytes, at));
  };
};

const seededSource = (seed: number): RandomSource => {
  const counts = new Map<string, number>();
  return {
    tracerId: (clientId, nth) => {
      const count = nth ?? (counts.get(clientId) ?? 0) + 1;
      counts.set(clientId, count);
      return formatTracerId(stream(`${seed} ${clientId} ${count}`)(idBytes));
    },
    bytesFor: (tracerId) => stream(`${seed} ${tracerId}`),
  };
};

/** Bytes that depend on a text and on how many were drawn before, and on nothing else. */
const stream = (text: string): ((count: number) => Buffer) => {
  let block = 0;
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () =>
      createHash('sha256').update(`${text} ${block++}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, count);
  };
};

const idBytes = 28;

/** @param bytes random; changed into the id's characters */
const formatTracerId = (bytes: Buffer): string => {
  for (let at = 0; at < idBytes; at++) {
    const byte = bytes[at] ?? 0;
    bytes[at] = at < 7 ? 97 + (byte % 26) : 48 + (byte % 10);
  }
  return bytes.toString('latin1');
};
