import { constants, type KeyObject, publicDecrypt } from 'node:crypto';
import { type NamedDigest, readBareDigest, readDigestInfo } from './digest-info.ts';
import { type PssBlock, readPssBlocks } from './pss-block.ts';

/** What one public-key operation shows of an RSA signature. */
export type SignedBlock =
  | ({ readonly form: 'pkcs1' } & NamedDigest)
  /** PKCS#1 padding or none at all around a digest that is not named. */
  | ({ readonly form: 'bare' } & NamedDigest)
  | { readonly form: 'pss'; readonly readings: readonly PssBlock[] };

/**
 * @returns undefined when this key did not make the signature, as far as the block tells. Never
 * throws.
 */
export const recoverBlock = (signature: Buffer, key: KeyObject): SignedBlock | undefined => {
  const block = openBlock(signature, key);
  return block === undefined
    ? undefined
    : (readPkcs1(block) ?? readUnpadded(block) ?? readPss(block));
};

const openBlock = (signature: Buffer, key: KeyObject): Buffer | undefined => {
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return undefined;
  }
};

/** 00 01, at least eight FF, 00, then what was signed. */
const readPkcs1 = (block: Buffer): SignedBlock | undefined => {
  if (block[0] !== 0 || block[1] !== 1) return undefined;
  const end = block.indexOf(0, 2);
  if (end < 10 || !block.subarray(2, end).every((byte) => byte === 0xff)) return undefined;
  const payload = block.subarray(end + 1);
  const named = readDigestInfo(payload);
  return named === undefined ? readDigest(payload) : { form: 'pkcs1', ...named };
};

/** Textbook RSA: the digest as a number, zeros in front of it. */
const readUnpadded = (block: Buffer): SignedBlock | undefined => {
  const start = block.findIndex((byte) => byte !== 0);
  return start >= 64 ? readDigest(block.subarray(start)) : undefined;
};

const readDigest = (payload: Buffer): SignedBlock | undefined => {
  const bare = readBareDigest(fromHexText(payload) ?? payload);
  return bare === undefined ? undefined : { form: 'bare', ...bare };
};

/** Some sign the digest as hex text. */
const fromHexText = (payload: Buffer): Buffer | undefined => {
  const text = payload.toString('latin1');
  return /^(?:[0-9a-f]{2}){16,}$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
};

const readPss = (block: Buffer): SignedBlock | undefined => {
  const readings = readPssBlocks(block);
  return readings.length > 0 ? { form: 'pss', readings } : undefined;
};
