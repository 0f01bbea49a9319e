import { createHash } from 'node:crypto';
import { decodeBase64, decodeUrlText } from '../../protocol/encodings.ts';
import { type KeyWrap, keyWraps, unwrapKey } from '../../protocol/key-wrap.ts';
import { isAesKeyLength, type SealingScheme } from '../../protocol/sealing.ts';

import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { UnwrappingKey } from '../diagnosis.ts';

/** An unwrapped key. */
export interface Unwrapped {
  readonly aesKey: Buffer;
  /** What was unwrapped, in whatever form it has. */
  readonly bytes: Buffer;
  readonly suspicions: readonly Suspicion[];
  /** Those of them that do not depend on how the bytes are read. */
  readonly wrapping: readonly Suspicion[];
  /**
   * OAEP contains a hash, so unwrapping it is proof. PKCS#1 v1.5 unwraps about one wrong value in a
   * hundred thousand, and one in millions to the length of a key; a longer result proves nothing.
   */
  readonly isCertain: boolean;
}

/** How the AES key is read from the unwrapped bytes; undefined when they are not in that form. */
const aesKeyForms: readonly {
  readonly form: SealingScheme['keyForm'] | 'hex';
  readonly read: (bytes: Buffer) => Buffer | undefined;
}[] = [
  { form: 'bytes', read: (bytes) => bytes },
  { form: 'base64', read: (bytes) => decodeBase64(bytes.toString('latin1').trim()) },
  {
    form: 'hex',
    read: (bytes) =>
      /^(?:[0-9a-f]{2})+$/i.test(bytes.toString('latin1'))
        ? Buffer.from(bytes.toString('latin1'), 'hex')
        : undefined,
  },
];

/**
 * Every way in which one of the keys opens the value; the receiver's setting and the stated key
 * come first.
 */
export const unwrapAll = (
  wrapped: Buffer,
  keys: readonly UnwrappingKey[],
  stated: UnwrappingKey | undefined,
  scheme: SealingScheme,
): readonly Unwrapped[] =>
  [...keys]
    .sort((a, b) => Number(b === stated) - Number(a === stated))
    .flatMap((key) =>
      firstBefore(keyWraps, scheme.wrap).flatMap((wrap) =>
        unwrapWith(wrapped, key, wrap, { stated, scheme }),
      ),
    );

const firstBefore = <Value>(values: readonly Value[], first: Value): readonly Value[] => [
  first,
  ...values.filter((value) => value !== first),
];

const unwrapWith = (
  wrapped: Buffer,
  key: UnwrappingKey,
  wrap: KeyWrap,
  {
    stated,
    scheme,
  }: { readonly stated: UnwrappingKey | undefined; readonly scheme: SealingScheme },
): readonly Unwrapped[] => {
  const bytes = unwrapKey(wrapped, key.key, wrap);
  if (bytes === undefined) return [];
  const wrapping = [...keySuspicions(key, stated), ...wrapSuspicions(wrap, scheme.wrap)];
  const isCertain = wrap !== 'pkcs1' || bytes.length <= 64;
  const way = { bytes, isCertain, wrapping };
  const forms = aesKeyForms.flatMap(({ form, read }) => {
    const aesKey = read(bytes);
    return aesKey === undefined || !isAesKeyLength(aesKey.length)
      ? []
      : [{ ...way, aesKey, suspicions: [...wrapping, ...formSuspicions(form, scheme.keyForm)] }];
  });
  return forms.length > 0
    ? forms
    : [
        {
          ...way,
          aesKey: Buffer.alloc(0),
          suspicions: [...wrapping, suspect('ENC_KEY_LENGTH', `${bytes.length} bytes`)],
        },
      ];
};

const keySuspicions = (
  key: UnwrappingKey,
  stated: UnwrappingKey | undefined,
): readonly Suspicion[] => {
  if (key === stated) return [];
  if (key.owner === 'other') return [suspect('ENC_WRAPPED_FOR_WRONG_KEY')];
  return [suspect('ENC_KEY_VERSION', `wrapped for version ${key.version}`)];
};

const wrapSuspicions = (found: KeyWrap, expected: KeyWrap): readonly Suspicion[] => {
  if (found === expected) return [];
  return [found === 'pkcs1' ? suspect('ENC_WRAP_PKCS1') : suspect('ENC_WRAP_OAEP', found)];
};

const formSuspicions = (
  found: SealingScheme['keyForm'] | 'hex',
  expected: SealingScheme['keyForm'],
): readonly Suspicion[] =>
  found === expected
    ? []
    : [
        suspect(
          'ENC_KEY_AS_TEXT',
          found === 'bytes' ? 'raw bytes, where this receiver is set to base64 text' : found,
        ),
      ];

const digest = (name: string, bytes: Buffer): Buffer => createHash(name).update(bytes).digest();

/** How code makes a key of a password. Java cuts SHA-1; in PHP and MySQL, MD5 is text. */
const keyHashes: readonly (readonly [detail: string, hash: (bytes: Buffer) => Buffer])[] = [
  ['SHA-256', (bytes) => digest('sha256', bytes)],
  ['MD5', (bytes) => digest('md5', bytes)],
  ['MD5 as hex', (bytes) => Buffer.from(digest('md5', bytes).toString('hex'))],
  ['SHA-1, its first 16 bytes', (bytes) => digest('sha1', bytes).subarray(0, 16)],
  [
    'SHA-256 as hex, its first 32 digits',
    (bytes) => Buffer.from(digest('sha256', bytes).subarray(0, 16).toString('hex')),
  ],
];

/** The keys that are hashes of what was unwrapped, or of the key that it is the text of. */
export const hashKey = (way: Unwrapped): readonly Unwrapped[] =>
  [...new Set([way.bytes, way.aesKey].map((bytes) => bytes.toString('latin1')))]
    .filter((bytes) => bytes !== '')
    .flatMap((bytes) =>
      keyHashes.map(([detail, hash]) => ({
        ...way,
        aesKey: hash(Buffer.from(bytes, 'latin1')),
        suspicions: [...way.wrapping, suspect('ENC_KEY_HASHED', detail)],
      })),
    );

/**
 * AES keys that the header's value may be when it was never wrapped: its characters themselves, or
 * what they decode to. A wrapped key is as long as the RSA modulus, so a value this short was not
 * wrapped.
 */
export const readBareKeys = (value: string): readonly Buffer[] => {
  const text = decodeUrlText(value) ?? value;
  const hex = /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
  const readings = [Buffer.from(text), decodeBase64(text), hex];
  return readings.filter(
    (key) => key !== undefined && isAesKeyLength(key.length),
  ) as readonly Buffer[];
};
