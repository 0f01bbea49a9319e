import {
  constants,
  createHash,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';

/**
 * How the symmetric key is wrapped with RSA (register G-13); `oaep-sha256-mgf1-sha1` is Java's
 * default pair of hashes.
 */
export const keyWraps = ['pkcs1', 'oaep-sha1', 'oaep-sha256', 'oaep-sha256-mgf1-sha1'] as const;
export type KeyWrap = (typeof keyWraps)[number];

interface WrapParams {
  readonly wrap: (bytes: Buffer, key: KeyObject, random: RandomBytes) => Buffer;
  readonly unwrap: (wrapped: Buffer, key: KeyObject) => Buffer | undefined;
}

/**
 * Padding is put on and taken off here, around the bare RSA operation. Node's own PKCS#1 v1.5
 * decryption is refused by Node 20 and, where it works, answers a wrong ciphertext with random
 * bytes instead of an error; OAEP with two hashes cannot be asked of Node at all.
 */
const wrapParams: Record<KeyWrap, WrapParams> = {
  pkcs1: {
    wrap: (bytes, key, random) => rsaRaw(padPkcs1(bytes, key, random), key),
    unwrap: (wrapped, key) => unpadPkcs1(rsaRawPrivate(wrapped, key)),
  },
  'oaep-sha1': oaep('sha1', 'sha1'),
  'oaep-sha256': oaep('sha256', 'sha256'),
  'oaep-sha256-mgf1-sha1': oaep('sha256', 'sha1'),
};

/**
 * Where padding and seeds come from: `randomBytes`, unless a run is to be repeated byte for byte.
 */
export type RandomBytes = (count: number) => Buffer;

export const wrapKey = (
  bytes: Buffer,
  key: KeyObject,
  how: KeyWrap,
  random: RandomBytes = randomBytes,
): Buffer => wrapParams[how].wrap(bytes, key, random);

/**
 * @returns the wrapped bytes, or undefined when this key and this padding do not fit. Never throws.
 */
export const unwrapKey = (wrapped: Buffer, key: KeyObject, how: KeyWrap): Buffer | undefined => {
  try {
    return wrapParams[how].unwrap(wrapped, key);
  } catch {
    return undefined;
  }
};

const rsaRaw = (block: Buffer, key: KeyObject): Buffer =>
  publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);

const rsaRawPrivate = (wrapped: Buffer, key: KeyObject): Buffer =>
  privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, wrapped);

const rsaModulusBytes = (key: KeyObject): number =>
  (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;

/** 00 02, bytes that are not zero, 00, the message. */
const padPkcs1 = (message: Buffer, key: KeyObject, random: RandomBytes): Buffer => {
  const padding = random(rsaModulusBytes(key) - message.length - 3).map((byte) =>
    byte === 0 ? 1 : byte,
  );
  return Buffer.concat([Buffer.from([0, 2]), padding, Buffer.alloc(1), message]);
};

/** 00 02, at least eight bytes that are not zero, 00, then the message. */
const unpadPkcs1 = (block: Buffer): Buffer | undefined => {
  if (block[0] !== 0 || block[1] !== 2) return undefined;
  const end = block.indexOf(0, 2);
  return end >= 10 ? block.subarray(end + 1) : undefined;
};

function oaep(hash: 'sha1' | 'sha256', mgfHash: 'sha1' | 'sha256'): WrapParams {
  return {
    wrap: (bytes, key, random) => rsaRaw(encodeOaep(bytes, key, { hash, mgfHash }, random), key),
    unwrap: (wrapped, key) => decodeOaep(rsaRawPrivate(wrapped, key), hash, mgfHash),
  };
}

const digestParts = (hash: string, ...parts: Buffer[]): Buffer =>
  parts.reduce((h, part) => h.update(part), createHash(hash)).digest();

const mask = (bytes: Buffer, seed: Buffer, hash: string): Buffer => {
  const masked = Buffer.from(bytes);
  for (let counter = 0, at = 0; at < masked.length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    for (const byte of digestParts(hash, seed, count)) {
      if (at >= masked.length) break;
      masked[at] = (masked[at] ?? 0) ^ byte;
      at++;
    }
  }
  return masked;
};

/** RFC 8017, 7.1.1: 00, masked seed, masked (hash of the empty label, zeros, 01, message). */
const encodeOaep = (
  message: Buffer,
  key: KeyObject,
  { hash, mgfHash }: { readonly hash: string; readonly mgfHash: string },
  random: RandomBytes,
): Buffer => {
  const label = digestParts(hash);
  const data = Buffer.alloc(rsaModulusBytes(key) - label.length - 1);
  label.copy(data);
  data[data.length - message.length - 1] = 1;
  message.copy(data, data.length - message.length);
  const seed = random(label.length);
  const maskedData = mask(data, seed, mgfHash);
  return Buffer.concat([Buffer.alloc(1), mask(seed, maskedData, mgfHash), maskedData]);
};

/** RFC 8017, 7.1.2. */
const decodeOaep = (block: Buffer, hash: string, mgfHash: string): Buffer | undefined => {
  const label = digestParts(hash);
  if (block[0] !== 0) return undefined;
  const maskedData = block.subarray(1 + label.length);
  const seed = mask(block.subarray(1, 1 + label.length), maskedData, mgfHash);
  const data = mask(maskedData, seed, mgfHash);
  if (!data.subarray(0, label.length).equals(label)) return undefined;
  let at = label.length;
  while (data[at] === 0) at++;
  return data[at] === 1 ? data.subarray(at + 1) : undefined;
};
