import { type KeyObject, randomBytes } from 'node:crypto';
import { type BodyCipher, decryptBody, encryptBody, isAesKeyLength } from './body-cipher.ts';
import {
  decodeBase64,
  decodeHeaderBytes,
  decodeWrappedBase64,
  encodeHeaderBytes,
} from './encodings.ts';
import { writeHeaderPairs } from './header-pairs.ts';
import { type KeyWrap, type Random, unwrapKey, wrapKey } from './key-wrap.ts';

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
  /** The base64 text that goes on the wire and is signed. */
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
  receiver: KeyObject,
  keyVersion: number,
  scheme: SealingScheme,
  random: Random = randomBytes,
): SealedBody => {
  const key = random(32);
  const wrapped = wrapKey(
    scheme.keyForm === 'base64' ? Buffer.from(key.toString('base64')) : key,
    receiver,
    scheme.wrap,
    random,
  );
  return {
    body: Buffer.from(encryptBody(plain, key, scheme.cipher, random).toString('base64')),
    encryptHeader: writeHeaderPairs([
      ['algorithm', 'RSA_AES'],
      ['keyVersion', String(keyVersion)],
      ['symmetricKey', encodeHeaderBytes(wrapped)],
    ]),
  };
};

/** Why a sealed body could not be opened, by the half that failed. */
export type DecryptError =
  | 'symmetric-key-malformed'
  | 'symmetric-key-not-base64'
  | 'symmetric-key-not-unwrapped'
  | 'symmetric-key-length'
  | 'body-not-base64'
  | 'body-not-decrypted';

export type DecryptResult = { readonly plain: Buffer } | { readonly fault: DecryptError };

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
): DecryptResult => {
  const aesKey = openSymmetricKey(symmetricKey, key, scheme);
  if (!Buffer.isBuffer(aesKey)) return { fault: aesKey };
  const sealed = decodeWrappedBase64(body.toString('latin1'));
  if (sealed === undefined) return { fault: 'body-not-base64' };
  const plain = decryptBody(sealed, aesKey, scheme.cipher);
  return plain === undefined ? { fault: 'body-not-decrypted' } : { plain };
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
