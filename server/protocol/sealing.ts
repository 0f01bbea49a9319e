import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import {
  decodeBase64,
  decodeHeaderBytes,
  decodeWrappedBase64,
  encodeHeaderBytes,
  writeHeaderPairs,
} from './headers.ts';

/**
 * How the body is encrypted with the symmetric key (register G-13). `ecb` is what the gateway
 * family's own SDKs do;
 * `cbc` carries its IV in front of the ciphertext, `cbc-zero-iv` has an IV of zeros that is not
 * sent,
 * `gcm` is a 12-byte IV, the ciphertext, a 16-byte tag.
 */
export const bodyCiphers = ['ecb', 'cbc', 'cbc-zero-iv', 'gcm'] as const;
export type BodyCipher = (typeof bodyCiphers)[number];

interface CipherParams {
  readonly ivBytes: number;
  readonly ivTravels: boolean;
  readonly tagBytes: number;
}

const cipherParams: Record<BodyCipher, CipherParams> = {
  ecb: { ivBytes: 0, ivTravels: false, tagBytes: 0 },
  cbc: { ivBytes: 16, ivTravels: true, tagBytes: 0 },
  'cbc-zero-iv': { ivBytes: 16, ivTravels: false, tagBytes: 0 },
  gcm: { ivBytes: 12, ivTravels: true, tagBytes: 16 },
};

export const isAesKeyLength = (bytes: number): boolean =>
  bytes === 16 || bytes === 24 || bytes === 32;

const cipherName = (key: Buffer, how: BodyCipher): string =>
  `aes-${key.length * 8}-${how === 'cbc-zero-iv' ? 'cbc' : how}`;

export const encryptBody = (
  plain: Buffer,
  key: Buffer,
  how: BodyCipher,
  random: (count: number) => Buffer = randomBytes,
): Buffer => {
  const { ivBytes, ivTravels, tagBytes } = cipherParams[how];
  const iv = ivTravels ? random(ivBytes) : Buffer.alloc(ivBytes);
  if (tagBytes > 0) {
    const cipher = createCipheriv(cipherName(key, how) as 'aes-256-gcm', key, iv, {
      authTagLength: tagBytes,
    });
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }
  const cipher = createCipheriv(cipherName(key, how), key, ivBytes > 0 ? iv : null);
  return Buffer.concat([ivTravels ? iv : Buffer.alloc(0), cipher.update(plain), cipher.final()]);
};

/**
 * @returns the plain bytes, or undefined when key, mode and bytes do not fit together. Never
 * throws.
 */
export const decryptBody = (sealed: Buffer, key: Buffer, how: BodyCipher): Buffer | undefined => {
  const { ivBytes, ivTravels, tagBytes } = cipherParams[how];
  if (!isAesKeyLength(key.length)) return undefined;
  const start = ivTravels ? ivBytes : 0;
  const end = sealed.length - tagBytes;
  if (end < start) return undefined;
  const iv = ivTravels ? sealed.subarray(0, ivBytes) : Buffer.alloc(ivBytes);
  try {
    if (tagBytes > 0) {
      const cipher = createDecipheriv(cipherName(key, how) as 'aes-256-gcm', key, iv, {
        authTagLength: tagBytes,
      });
      cipher.setAuthTag(sealed.subarray(end));
      return Buffer.concat([cipher.update(sealed.subarray(start, end)), cipher.final()]);
    }
    const cipher = createDecipheriv(cipherName(key, how), key, ivBytes > 0 ? iv : null);
    return Buffer.concat([cipher.update(sealed.subarray(start)), cipher.final()]);
  } catch {
    return undefined;
  }
};

/**
 * One reading of RSA_AES. The default is the one the vendor's sibling SDKs use; the rest are named
 * alternatives (register G-13).
 */
export interface SealingScheme {
  readonly cipher: BodyCipher;
  readonly wrap: KeyWrap;
  /** What is wrapped: the key's bytes, or the base64 text of them. */
  readonly keyForm: 'bytes' | 'base64';
}

export const defaultScheme: SealingScheme = { cipher: 'ecb', wrap: 'pkcs1', keyForm: 'bytes' };

export interface SealedBody {
  /** The base64 text that is sent and signed. */
  readonly body: Buffer;
  readonly encryptHeader: string;
}

/**
 * Encrypts a body with a fresh 256-bit key and wraps that key for the receiver's public RSA key.
 * @param random where key, padding and IV come from; another source than the default only to repeat
 * a run byte for byte
 */
export const sealBody = (
  plain: Buffer,
  receiver: { readonly publicKey: KeyObject; readonly version: number },
  scheme: SealingScheme,
  random: RandomBytes = randomBytes,
): SealedBody => {
  const key = random(32);
  const wrapped = wrapKey(
    scheme.keyForm === 'base64' ? Buffer.from(key.toString('base64')) : key,
    receiver.publicKey,
    scheme.wrap,
    random,
  );
  return {
    body: Buffer.from(encryptBody(plain, key, scheme.cipher, random).toString('base64')),
    encryptHeader: writeHeaderPairs([
      ['algorithm', 'RSA_AES'],
      ['keyVersion', String(receiver.version)],
      ['symmetricKey', encodeHeaderBytes(wrapped)],
    ]),
  };
};

/** Why a sealed body could not be opened, by the step that failed. */
export type DecryptError =
  | 'symmetric-key-malformed'
  | 'symmetric-key-not-base64'
  | 'symmetric-key-not-unwrapped'
  | 'symmetric-key-length'
  | 'body-not-base64'
  | 'body-not-decrypted';

/** The errors in words. */
export const decryptErrorTexts: Readonly<Record<DecryptError, string>> = {
  'symmetric-key-malformed':
    'the symmetricKey is not URL-encoded: it holds a bare "+", "=" or space',
  'symmetric-key-not-base64': 'the symmetricKey is not base64 underneath its URL encoding',
  'symmetric-key-not-unwrapped': 'the symmetricKey was not wrapped for the platform’s key',
  'symmetric-key-length': 'the unwrapped key is not 16, 24 or 32 bytes long',
  'body-not-base64': 'the body is not base64',
  'body-not-decrypted': 'the body does not decrypt with the unwrapped key',
};

export type DecryptResult =
  | { readonly plain: Buffer; readonly symmetricKey: Buffer }
  | { readonly fault: DecryptError };

/**
 * Opens a sealed body.
 * @param symmetricKey the header's value as sent, percent-encoded base64
 * @param body the wire's base64 text; line breaks in it are tolerated, the signature has already
 * covered them
 */
export const openBody = (
  symmetricKey: string,
  body: Buffer,
  key: KeyObject,
  scheme: SealingScheme,
): DecryptResult => openWithKey(openSymmetricKey(symmetricKey, key, scheme), body, scheme);

/** The same with the symmetric key itself, or with the reason why it cannot be had. */
export const openWithKey = (
  aesKey: Buffer | DecryptError,
  body: Buffer,
  scheme: SealingScheme,
): DecryptResult => {
  if (!Buffer.isBuffer(aesKey)) return { fault: aesKey };
  const sealed = decodeWrappedBase64(body.toString('latin1'));
  if (sealed === undefined) return { fault: 'body-not-base64' };
  const plain = decryptBody(sealed, aesKey, scheme.cipher);
  return plain === undefined ? { fault: 'body-not-decrypted' } : { plain, symmetricKey: aesKey };
};

/** The AES key that the header's value wraps, or why it cannot be had. */
export const openSymmetricKey = (
  symmetricKey: string,
  key: KeyObject,
  scheme: SealingScheme,
): Buffer | DecryptError => {
  const wrapped = decodeHeaderBytes(symmetricKey);
  if (wrapped === 'malformed') return 'symmetric-key-malformed';
  if (wrapped === 'undecodable') return 'symmetric-key-not-base64';
  const unwrapped = unwrapKey(wrapped, key, scheme.wrap);
  if (unwrapped === undefined) return 'symmetric-key-not-unwrapped';
  const aesKey =
    scheme.keyForm === 'base64' ? decodeBase64(unwrapped.toString('latin1')) : unwrapped;
  return aesKey === undefined || !isAesKeyLength(aesKey.length) ? 'symmetric-key-length' : aesKey;
};

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
type RandomBytes = (count: number) => Buffer;

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
