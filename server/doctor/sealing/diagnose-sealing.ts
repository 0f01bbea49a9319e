import { createHash } from 'node:crypto';
import { clipText } from '../../problems/display-text.ts';
import {
  decodeBase64,
  decodeUrlText,
  type HeaderPairs,
  isSampleSymmetricKey,
  meantKey,
  readHeaderPairs,
  withCommas,
  wrongSeparator,
} from '../../protocol/headers.ts';
import {
  isAesKeyLength,
  type KeyWrap,
  keyWraps,
  type SealingScheme,
  unwrapKey,
} from '../../protocol/sealing.ts';
import { type MistakeId, type NoteId, type Suspicion, suspect } from '../catalogue/mistakes.ts';
import {
  type Conclusion,
  conclude,
  type Diagnosis,
  type SealingCase,
  type UnwrappingKey,
} from '../diagnosis.ts';
import { readValue } from '../signature/read-value.ts';
import {
  cipherTextIn,
  isJsonText,
  type JsonCipherText,
  mayBeCipherText,
  openBodyWith,
  opensToBeginning,
} from './open-body.ts';

/**
 * Diagnoses a sealed body that could not be opened. A cause is named when the body opens under it
 * to JSON, or when the form of header or body has only one explanation. Neither keys nor plain text
 * are part of the diagnosis.
 */
export const diagnoseSealing = (c: SealingCase, now: () => number): Diagnosis => {
  const start = now();
  const { pairs, suspicions: listSuspicions } = readEncryptHeader(c.header);
  const value = pairs.get('symmetricKey') ?? '';
  const about = [
    ...encryptHeaderCauses(c.headerName, pairs.get('algorithm'), value),
    ...listSuspicions,
  ];
  const found = explainSealing(c, value, statedKey(c, pairs.get('keyVersion') ?? ''));
  const outcome: Conclusion = {
    ...found.outcome,
    suspicions: [...about, ...found.outcome.suspicions],
    notes: [...headerNotes(pairs.get('algorithm')), ...bodyNotes(c.body)],
  };
  return conclude(outcome, {
    subject: 'sealing',
    spent: { hypotheses: found.tried, ms: now() - start },
  });
};

interface SealingExplanation {
  readonly outcome: Conclusion;
  readonly tried: number;
}

const noWrappedKey: SealingExplanation = {
  outcome: {
    suspicions: [],
    evidence: ['There is no wrapped key to look into.'],
    exhausted: true,
    unexplained: true,
  },
  tried: 0,
};

/**
 * The list as the sender meant it. A misspelt key that changes nothing is reported by the gateway's
 * own finding.
 */
const readEncryptHeader = (
  header: string,
): { readonly pairs: HeaderPairs; readonly suspicions: readonly Suspicion[] } => {
  const separator = wrongSeparator(header);
  const { pairs } = readHeaderPairs(separator === undefined ? header : withCommas(header));
  const suspicions =
    separator === undefined ? [] : [suspect('ENC_HEADER_LIST', `separated by ${separator}`)];
  const [key] = [...pairs.keys()].filter((one) => meantKey(one, 'Encrypt') === 'symmetricKey');
  if (key === undefined || pairs.has('symmetricKey')) return { pairs, suspicions };
  const corrected = new Map([...pairs, ['symmetricKey', pairs.get(key) ?? '']]);
  return {
    pairs: corrected,
    suspicions: [
      ...suspicions,
      suspect('ENC_HEADER_LIST', `"${clipText(key, 40)}" instead of "symmetricKey"`),
    ],
  };
};

const isAlgorithm = (name: string | undefined): boolean =>
  name === undefined || ['', 'RSA_AES', 'RSA'].includes(name.toUpperCase());

const encryptHeaderCauses = (
  name: string,
  algorithm: string | undefined,
  value: string,
): readonly Suspicion[] => [
  ...(name.toLowerCase() === 'encrypt'
    ? []
    : [suspect('ENC_HEADER_NAME', `"${clipText(name, 40)}"`)]),
  ...(isAlgorithm(algorithm) ? [] : [suspect('ENC_ALGORITHM')]),
  ...(value === '' ? [suspect('ENC_KEY_MISSING')] : []),
];

const headerNotes = (algorithm: string | undefined): readonly NoteId[] =>
  algorithm?.toUpperCase() === 'RSA' ? ['NOTE_ALGORITHM_RSA'] : [];
const bodyNotes = (body: Buffer): readonly NoteId[] =>
  /^[\w+/=]+[\r\n]/.test(body.toString('latin1', 0, 256)) ? ['NOTE_BODY_WRAPPED'] : [];

const statedKey = ({ keys }: SealingCase, version: string): UnwrappingKey | undefined => {
  const own = keys
    .filter(({ owner }) => owner === 'receiver')
    .toSorted((a, b) => b.version - a.version);
  return version === '' || /^0+$/.test(version)
    ? own[0]
    : own.find((key) => String(key.version) === version);
};

const explainSealing = (
  c: SealingCase,
  value: string,
  stated: UnwrappingKey | undefined,
): SealingExplanation => {
  const isSample = isSampleSymmetricKey(value);
  const sample = isSample ? [suspect('ENC_SAMPLE_KEY')] : [];
  const ways = value === '' || isSample ? [] : unwrapWays(c, value, stated);
  if (isJsonText(c.body)) return explainJson(c, { value, ways, sample });
  if (isSample)
    return {
      outcome: provedCause(
        sample,
        'The symmetricKey is the one that the documents print, which is no wrapped key.',
      ),
      tried: 0,
    };
  if (value === '') return noWrappedKey;
  const opened = openWith(c.body, ways, c.scheme);
  if (opened !== undefined)
    return {
      outcome: provedCause(
        opened.suspicions,
        'With that, the key unwraps and the body opens to JSON.',
      ),
      tried: opened.tried,
    };
  return { outcome: explainUnopened(c, value, ways), tried: ways.length };
};

/** The key of an Encrypt header, and every way in which it unwraps. */
interface WrappedKey {
  readonly value: string;
  readonly ways: readonly Unwrapped[];
  /** Not empty: it is the one that the documents print. */
  readonly sample: readonly Suspicion[];
}

const unwrapWays = (
  c: SealingCase,
  value: string,
  stated: UnwrappingKey | undefined,
): readonly Unwrapped[] =>
  readValue(value).flatMap(({ bytes, mistakes: findings }) =>
    unwrapAll(bytes, c.keys, stated, c.scheme).map((way) => ({
      ...way,
      suspicions: [...encodingSuspicions(findings), ...way.suspicions],
      wrapping: [...encodingSuspicions(findings), ...way.wrapping],
    })),
  );

const openWith = (
  body: Buffer,
  ways: readonly Unwrapped[],
  scheme: SealingScheme,
): { readonly suspicions: readonly Suspicion[]; readonly tried: number } | undefined => {
  for (const [index, way] of ways.entries()) {
    const opened = isAesKeyLength(way.aesKey.length)
      ? openBodyWith(body, way.aesKey, scheme.cipher)
      : undefined;
    if (opened !== undefined)
      return { suspicions: [...way.suspicions, ...opened.suspicions], tried: index + 1 };
  }
  return undefined;
};

/** A body that is JSON was not encrypted, unless one of its texts is the ciphertext. */
const explainJson = (c: SealingCase, wrapped: WrappedKey): SealingExplanation => {
  const { ways, sample } = wrapped;
  const inside = cipherTextIn(c.body);
  const found = inside && explainInJson(c, inside, wrapped);
  if (found !== undefined) return found;
  if (inside === undefined || !mayBeCipherText(inside))
    return {
      outcome: provedCause(
        [...sample, suspect('ENC_BODY_NOT_ENCRYPTED')],
        'The body is plain JSON.',
      ),
      tried: ways.length,
    };
  const evidence =
    'The body is JSON that is mostly one text in base64 or hex. No key known here opens that ' +
    'text, so it may or may not be a ciphertext.';
  return {
    outcome: { suspicions: sample, evidence: [evidence], exhausted: true, unexplained: true },
    tried: ways.length,
  };
};

/** @returns undefined: nothing proves that the text is a ciphertext, or what is wrong with its key */
const explainInJson = (
  { scheme }: SealingCase,
  inside: JsonCipherText,
  wrapped: WrappedKey,
): SealingExplanation | undefined => {
  const { ways, sample } = wrapped;
  const body = Buffer.from(inside.text);
  const inJson = suspect('ENC_BODY_IN_JSON', `in "${clipText(inside.path, 40)}"`);
  const opened = openWith(body, ways, scheme);
  if (opened !== undefined)
    return {
      outcome: provedCause(
        [inJson, ...opened.suspicions],
        'With that, the key unwraps and the ciphertext in the JSON opens to JSON.',
      ),
      tried: opened.tried,
    };
  const proof = sample.length > 0 ? undefined : proveUnopened(body, scheme, wrapped);
  if (proof === undefined || !(proof.isOpened || mayBeCipherText(inside))) return undefined;
  const { outcome, isOpened } = proof;
  const suspicions = [...(isOpened ? [inJson] : []), ...outcome.suspicions];
  return { outcome: { ...outcome, suspicions }, tried: ways.length };
};

const encodingSuspicions = (findings: readonly MistakeId[]): readonly Suspicion[] =>
  findings.map((id) =>
    id === 'SIG_NOT_URL_ENCODED'
      ? suspect('ENC_KEY_NOT_URL_ENCODED')
      : suspect('ENC_KEY_ENCODING', encodings[id] ?? id),
  );

const encodings: Readonly<Partial<Record<MistakeId, string>>> = {
  SIG_URL_ENCODED_TWICE: 'URL-encoded twice',
  SIG_PLUS_BECAME_BLANK: 'every "+" became a space',
  SIG_BASE64URL: 'URL-safe base64',
  SIG_HEX: 'hex',
  SIG_BASE64_TWICE: 'base64 twice',
  SIG_LINE_WRAPPED: 'base64 with line breaks',
  SIG_QUOTED: 'in quotation marks',
  SIG_PEM: 'between the lines of PEM',
  SIG_TRUNCATED: 'base64 without its padding',
};

const provedCause = (suspicions: readonly Suspicion[], evidence: string): Conclusion => ({
  suspicions,
  evidence: [evidence],
  exhausted: true,
});

/** The body opened in no way: what the key alone proves. */
const explainUnopened = (
  { body, scheme }: SealingCase,
  value: string,
  ways: readonly Unwrapped[],
): Conclusion => {
  const proof = proveUnopened(body, scheme, { value, ways });
  if (proof !== undefined) return proof.outcome;
  const sure =
    ways.find(({ isCertain, aesKey }) => isCertain && aesKey.length > 0) ??
    ways.find(({ isCertain }) => isCertain);
  const evidence = ways.length > 0 ? failedHalves.body : failedHalves.key;
  return {
    suspicions: sure?.suspicions ?? [],
    evidence: [evidence],
    exhausted: true,
    unexplained: true,
  };
};

interface Proof {
  readonly outcome: Conclusion;
  /** Whether the body opened with it, to its beginning at least. */
  readonly isOpened: boolean;
}

/** What explains a body that no unwrapped key opens. */
const proveUnopened = (
  body: Buffer,
  scheme: SealingScheme,
  { value, ways }: Pick<WrappedKey, 'value' | 'ways'>,
): Proof | undefined => {
  const bare = readBareKeys(value);
  if (bare.length > 0) {
    const opened = bare.flatMap((key) => openBodyWith(body, key, scheme.cipher) ?? [])[0];
    return { outcome: notWrapped(opened?.suspicions), isOpened: opened !== undefined };
  }
  if (body.length === 0)
    return {
      outcome: provedCause([suspect('ENC_BODY_TRUNCATED', 'empty')], 'The body is empty.'),
      isOpened: false,
    };
  const begun = ways.find(
    ({ aesKey }) => isAesKeyLength(aesKey.length) && opensToBeginning(body, aesKey),
  );
  if (begun !== undefined)
    return {
      outcome: provedCause(
        [...begun.suspicions, suspect('ENC_BODY_TRUNCATED')],
        'The key unwraps and the body opens to the beginning of a JSON text, but not to its end.',
      ),
      isOpened: true,
    };
  const hashed = openWith(body, ways.flatMap(hashKey), scheme);
  return hashed === undefined
    ? undefined
    : {
        outcome: provedCause(
          hashed.suspicions,
          'With a hash of the unwrapped key, the body opens to JSON.',
        ),
        isOpened: true,
      };
};

const notWrapped = (opened: readonly Suspicion[] | undefined): Conclusion => {
  const size =
    'The symmetricKey has the length of an AES key; a wrapped key is as long as the RSA key ' +
    'that wraps it.';
  return {
    suspicions: [suspect('ENC_KEY_NOT_WRAPPED'), ...(opened ?? [])],
    evidence: opened === undefined ? [size] : [size, 'The body opens with it.'],
    exhausted: true,
  };
};

const failedHalves = {
  key:
    "The symmetricKey was not wrapped for the receiver's key: no padding known here comes off. " +
    'The key that it was wrapped for is unknown.',
  body:
    'The symmetricKey unwraps, but the body opens to JSON in no mode known here: it was ' +
    'encrypted with another key or mode, or changed on the way.',
} as const;

/** An unwrapped key. */
interface Unwrapped {
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
const unwrapAll = (
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
const hashKey = (way: Unwrapped): readonly Unwrapped[] =>
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
const readBareKeys = (value: string): readonly Buffer[] => {
  const text = decodeUrlText(value) ?? value;
  const hex = /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
  const readings = [Buffer.from(text), decodeBase64(text), hex];
  return readings.filter(
    (key) => key !== undefined && isAesKeyLength(key.length),
  ) as readonly Buffer[];
};
