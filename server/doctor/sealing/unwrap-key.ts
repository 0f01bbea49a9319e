import { decodeBase64, decodeUrlText } from '../../protocol/encodings.ts';
import { type KeyWrap, keyWraps, unwrapKey } from '../../protocol/key-wrap.ts';
import { isAesKeyLength, type SealingScheme } from '../../protocol/sealing.ts';

import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { UnwrappingKey } from '../diagnosis.ts';

/** An unwrapped key. */
export interface Unwrapped {
  readonly aesKey: Buffer;
  readonly suspicions: readonly Suspicion[];
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
  const about = [...keySuspicions(key, stated), ...wrapSuspicions(wrap, scheme.wrap)];
  const isCertain = wrap !== 'pkcs1' || bytes.length <= 64;
  const forms = aesKeyForms.flatMap(({ form, read }) => {
    const aesKey = read(bytes);
    return aesKey === undefined || !isAesKeyLength(aesKey.length)
      ? []
      : [{ aesKey, isCertain, suspicions: [...about, ...formSuspicions(form, scheme.keyForm)] }];
  });
  return forms.length > 0
    ? forms
    : [
        {
          aesKey: Buffer.alloc(0),
          isCertain,
          suspicions: [...about, suspect('ENC_KEY_LENGTH', `${bytes.length} bytes`)],
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
