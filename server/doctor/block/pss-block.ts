import { hash } from 'node:crypto';
import { digestLength, type HashName } from './digest-info.ts';

/** A block that is laid out as RSASSA-PSS (RFC 8017, 9.1). */
export interface PssBlock {
  readonly hash: HashName;
  readonly mgfHash: HashName;
  readonly salt: Buffer;
  readonly seal: Buffer;
  /**
   * Bytes of the padding that had to be zero and were. Few of them can be chance; with eight it is
   * none.
   */
  readonly zeros: number;
}

const hashPairs: readonly (readonly [hash: HashName, mgfHash: HashName])[] = [
  ['sha256', 'sha256'],
  ['sha256', 'sha1'],
  ['sha1', 'sha1'],
  ['sha512', 'sha512'],
  ['sha512', 'sha1'],
  ['sha384', 'sha384'],
];

/**
 * Every hash under which the block has the layout of PSS; a long salt leaves more than one
 * possible.
 */
export const readPssBlocks = (block: Buffer): readonly PssBlock[] => {
  if (block.at(-1) !== 0xbc || (block[0] ?? 0xff) > 0x7f) return [];
  return hashPairs.flatMap(([name, mgfHash]) => readOne(block, name, mgfHash) ?? []);
};

const readOne = (block: Buffer, name: HashName, mgfHash: HashName): PssBlock | undefined => {
  const cut = block.length - digestLength[name] - 1;
  const seal = block.subarray(cut, -1);
  const data = unmask(block.subarray(0, cut), seal, mgfHash);
  data[0] = (data[0] ?? 0) & 0x7f;
  const end = data.findIndex((byte) => byte !== 0);
  if (end < 0 || data[end] !== 1) return undefined;
  return { hash: name, mgfHash, salt: data.subarray(end + 1), seal, zeros: end };
};

/** MGF1 (RFC 8017, B.2.1). */
const unmask = (masked: Buffer, seed: Buffer, mgfHash: HashName): Buffer => {
  const data = Buffer.from(masked);
  const size = digestLength[mgfHash];
  for (let at = 0; at < data.length; at += size) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(at / size);
    const mask = hash(mgfHash, Buffer.concat([seed, counter]), 'buffer');
    for (let i = 0; i < size && at + i < data.length; i++)
      data[at + i] = (data[at + i] ?? 0) ^ (mask[i] ?? 0);
  }
  return data;
};

/**
 * What the block holds in place of the content's digest: comparing it is the whole of a PSS
 * verification.
 */
export const pssHash = ({ hash: name, salt }: PssBlock, digestHex: string): string =>
  hash(name, Buffer.concat([Buffer.alloc(8), Buffer.from(digestHex, 'hex'), salt]), 'hex');
