import { createHash, randomBytes } from 'node:crypto';

/** Where ids, symmetric keys and paddings come from. With a seed everything repeats from run to run. */
export interface Chance {
  /** The shape of the documents' sample: 7 lower-case letters, 21 digits (register G-16). */
  readonly tracerId: (clientId: string) => string;
  /** Bytes for what is sealed in one exchange. */
  readonly bytesFor: (tracerId: string) => (count: number) => Buffer;
}

/** @param seed 0: true chance; any other number: each client's nth exchange gets the same ids and keys in every run. */
export const createChance = (seed: number): Chance =>
  seed === 0 ? { tracerId: () => idOf(randomBytes(28)), bytesFor: () => randomBytes } : seeded(seed);

const seeded = (seed: number): Chance => {
  const counts = new Map<string, number>();
  return {
    tracerId: (clientId) => {
      const count = (counts.get(clientId) ?? 0) + 1;
      counts.set(clientId, count);
      return idOf(stream(`${seed} ${clientId} ${count}`)(28));
    },
    bytesFor: (tracerId) => stream(`${seed} ${tracerId}`),
  };
};

/** Bytes that hang on a text and on how many were asked for before, and on nothing else. */
const stream = (text: string): ((count: number) => Buffer) => {
  let block = 0;
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () => createHash('sha256').update(`${text} ${block++}`).digest());
    return Buffer.concat(blocks).subarray(0, count);
  };
};

const idOf = (bytes: Buffer): string =>
  [...bytes].map((byte, at) => (at < 7 ? String.fromCharCode(97 + (byte % 26)) : String(byte % 10))).join('');
