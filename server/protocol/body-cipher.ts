import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * How the body is encrypted with the symmetric key (register G-13). `ecb` is what the gateway
 * family's own SDKs do;
 * `cbc` carries its IV in front of the ciphertext, `cbc-zero-iv` has an IV of zeros that is not
 * sent,
 * `gcm` is a 12-byte IV, the ciphertext, a 16-byte tag.
 */
export const bodyCiphers = ['ecb', 'cbc', 'cbc-zero-iv', 'gcm'] as const;
export type BodyCipher = (typeof bodyCiphers)[number];

interface CipherRecipe {
  readonly ivBytes: number;
  readonly ivTravels: boolean;
  readonly tagBytes: number;
}

const cipherParams: Record<BodyCipher, CipherRecipe> = {
  ecb: { ivBytes: 0, ivTravels: false, tagBytes: 0 },
  cbc: { ivBytes: 16, ivTravels: true, tagBytes: 0 },
  'cbc-zero-iv': { ivBytes: 16, ivTravels: false, tagBytes: 0 },
  gcm: { ivBytes: 12, ivTravels: true, tagBytes: 16 },
};

export const isAesKeyLength = (bytes: number): boolean =>
  bytes === 16 || bytes === 24 || bytes === 32;

const name = (key: Buffer, how: BodyCipher): string =>
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
    const cipher = createCipheriv(name(key, how) as 'aes-256-gcm', key, iv, {
      authTagLength: tagBytes,
    });
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }
  const cipher = createCipheriv(name(key, how), key, ivBytes > 0 ? iv : null);
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
      const cipher = createDecipheriv(name(key, how) as 'aes-256-gcm', key, iv, {
        authTagLength: tagBytes,
      });
      cipher.setAuthTag(sealed.subarray(end));
      return Buffer.concat([cipher.update(sealed.subarray(start, end)), cipher.final()]);
    }
    const cipher = createDecipheriv(name(key, how), key, ivBytes > 0 ? iv : null);
    return Buffer.concat([cipher.update(sealed.subarray(start)), cipher.final()]);
  } catch {
    return undefined;
  }
};
