import { hash } from 'node:crypto';
import type { HashName } from '../block/digest-info.ts';
import { type PssBlock, pssHash } from '../block/pss-block.ts';
import type { SignedBlock } from '../block/recover-block.ts';
import { type Blame, blame } from '../finding.ts';
import type { Trial } from './content-search.ts';

/** How a content turned out to be the signed one. */
export interface RsaProof {
  readonly hash: HashName;
  readonly blames: readonly Blame[];
  readonly pss?: PssBlock;
}

/** Hashes of hashes that people sign by calling a signing function on a hash. */
const rehashings: readonly (readonly [
  blame: Blame,
  input: (digest: Buffer, hex: string) => string | Buffer,
])[] = [
  [blame('HASHED_TWICE'), (digest) => digest],
  [blame('HASHED_TWICE_HEX', 'as hex'), (_, hex) => hex],
  [blame('HASHED_TWICE_HEX', 'as hex in capitals'), (_, hex) => hex.toUpperCase()],
  [blame('HASHED_TWICE_HEX', 'as base64'), (digest) => digest.toString('base64')],
];

/** As a string of bytes: the form in which digests are made and compared fastest. */
const recoverDigest = (name: HashName, content: Uint8Array | string): string =>
  hash(name, content, 'binary');

/** Compares contents with the digest that the signature holds: one hash each. */
export const rsaTrial = (block: SignedBlock): Trial<RsaProof> => {
  if (block.form === 'pss') return pssTrial(block.readings);
  const { hash: name, digest } = block;
  const signed = digest.toString('binary');
  return (content, deep) => {
    const found = recoverDigest(name, content);
    if (found === signed) return { hash: name, blames: [] };
    return deep ? rehashDigests(name, content, found, signed) : undefined;
  };
};

/** The inner hash is SHA-256 or the signature's own. */
const rehashDigests = (
  name: HashName,
  content: Uint8Array,
  once: string,
  signed: string,
): RsaProof | undefined => {
  const inner = name === 'sha256' ? [once] : [once, recoverDigest('sha256', content)];
  for (const first of inner) {
    const digest = Buffer.from(first, 'binary');
    const hex = digest.toString('hex');
    const found = rehashings.find(
      ([, input]) => recoverDigest(name, input(digest, hex)) === signed,
    );
    if (found !== undefined) return { hash: name, blames: [found[0]] };
  }
  return undefined;
};

const pssTrial = (readings: readonly PssBlock[]): Trial<RsaProof> => {
  const sealed = readings.map((reading) => ({ reading, seal: reading.seal.toString('hex') }));
  return (content) => {
    const found = sealed.find(
      ({ reading, seal }) => pssHash(reading, hash(reading.hash, content, 'hex')) === seal,
    );
    return found === undefined
      ? undefined
      : { hash: found.reading.hash, blames: [], pss: found.reading };
  };
};
