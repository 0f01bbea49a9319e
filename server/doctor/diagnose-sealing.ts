import { clipText } from '../problems/display-text.ts';
import {
  type HeaderPairs,
  isSampleSymmetricKey,
  meantKey,
  readHeaderPairs,
  withCommas,
  wrongSeparator,
} from '../protocol/headers.ts';

import { isAesKeyLength, type SealingScheme } from '../protocol/sealing.ts';
import { type MistakeId, type NoteId, type Suspicion, suspect } from './catalogue/mistakes.ts';

import {
  type Conclusion,
  conclude,
  type Diagnosis,
  type SealingCase,
  type UnwrappingKey,
} from './diagnosis.ts';
import { cipherTextsIn, isJsonText, openBodyWith, opensToBeginning } from './sealing/open-body.ts';
import { hashKey, readBareKeys, type Unwrapped, unwrapAll } from './sealing/unwrap-key.ts';

import { readValue } from './signature/read-value.ts';

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
  if (isJsonText(c.body)) return explainJson(c, ways, sample);
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
const explainJson = (
  c: SealingCase,
  ways: readonly Unwrapped[],
  sample: readonly Suspicion[],
): SealingExplanation => {
  const texts = cipherTextsIn(c.body);
  for (const { path, text } of texts) {
    const opened = openWith(Buffer.from(text), ways, c.scheme);
    if (opened === undefined) continue;
    const suspicions = [
      suspect('ENC_BODY_IN_JSON', `in "${clipText(path, 40)}"`),
      ...opened.suspicions,
    ];
    return {
      outcome: provedCause(
        suspicions,
        'With that, the key unwraps and the ciphertext in the JSON opens to JSON.',
      ),
      tried: opened.tried,
    };
  }
  if (texts.length === 0)
    return {
      outcome: provedCause(
        [...sample, suspect('ENC_BODY_NOT_ENCRYPTED')],
        'The body is plain JSON.',
      ),
      tried: ways.length,
    };
  const evidence =
    'The body is JSON that is mostly one text in base64. No key known here opens that text, so ' +
    'it may or may not be a ciphertext.';
  return {
    outcome: { suspicions: sample, evidence: [evidence], exhausted: true, unexplained: true },
    tried: ways.length,
  };
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
  const bare = readBareKeys(value);
  if (bare.length > 0)
    return notWrapped(
      bare.flatMap((key) => openBodyWith(body, key, scheme.cipher) ?? [])[0]?.suspicions,
    );
  if (body.length === 0)
    return provedCause([suspect('ENC_BODY_TRUNCATED', 'empty')], 'The body is empty.');
  const begun = ways.find(
    ({ aesKey }) => isAesKeyLength(aesKey.length) && opensToBeginning(body, aesKey),
  );
  if (begun !== undefined)
    return provedCause(
      [...begun.suspicions, suspect('ENC_BODY_TRUNCATED')],
      'The key unwraps and the body opens to the beginning of a JSON text, but not to its end.',
    );
  const hashed = openWith(body, ways.flatMap(hashKey), scheme);
  if (hashed !== undefined)
    return provedCause(
      hashed.suspicions,
      'With a hash of the unwrapped key, the body opens to JSON.',
    );
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
