import { clipText } from '../problems/clip-text.ts';
import { isAesKeyLength } from '../protocol/body-cipher.ts';
import { isSampleSymmetricKey } from '../protocol/document-samples.ts';
import {
  type HeaderPairs,
  meantKey,
  readHeaderPairs,
  withCommas,
  wrongSeparator,
} from '../protocol/header-pairs.ts';
import type { FindingId } from './catalogue/findings.ts';
import type { NoteId } from './catalogue/notes.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type Blame, blame } from './finding.ts';
import { bareKeys } from './sealing/bare-key.ts';
import { cipherTextsIn, isJsonText, openBodyWith } from './sealing/body-trial.ts';
import type { SealingCase, UnwrappingKey } from './sealing/sealing-case.ts';
import { type Unwrapped, unwrapAll } from './sealing/unwrap-trial.ts';
import { conclude, type Outcome } from './signature/conclude.ts';
import { readValue } from './value/read-value.ts';

export type { SealingCase, UnwrappingKey } from './sealing/sealing-case.ts';

/**
 * Says why a sealed body could not be opened. A cause is claimed when the body opens under it and
 * is JSON, or when the shape of header or body leaves no other reading. Neither keys nor opened
 * text are part of the answer.
 */
export const diagnoseSealing = (c: SealingCase, now: () => number): Diagnosis => {
  const start = now();
  const { pairs, blames: listBlames } = readEncryptHeader(c.header);
  const value = pairs.get('symmetricKey') ?? '';
  const about = [
    ...encryptHeaderCauses(c.headerName, pairs.get('algorithm'), value),
    ...listBlames,
  ];
  const found = explain(c, value, statedKey(c, pairs.get('keyVersion') ?? ''));
  const outcome: Outcome = {
    ...found.outcome,
    blames: [...about, ...found.outcome.blames],
    notes: [...headerNotes(pairs.get('algorithm')), ...bodyNotes(c.body)],
  };
  return conclude(outcome, {
    subject: 'sealing',
    spent: { hypotheses: found.tried, ms: now() - start },
  });
};

interface Explanation {
  readonly outcome: Outcome;
  readonly tried: number;
}

const nothing: Explanation = {
  outcome: {
    blames: [],
    certain: ['There is no wrapped key to look into.'],
    exhausted: true,
    unexplained: true,
  },
  tried: 0,
};

/**
 * The list as it was meant. A misspelt key that changes nothing is left to the gateway's own
 * finding.
 */
const readEncryptHeader = (
  header: string,
): { readonly pairs: HeaderPairs; readonly blames: readonly Blame[] } => {
  const separator = wrongSeparator(header);
  const { pairs } = readHeaderPairs(separator === undefined ? header : withCommas(header));
  const blames =
    separator === undefined ? [] : [blame('ENC_HEADER_LIST', `separated by ${separator}`)];
  const [key] = [...pairs.keys()].filter((one) => meantKey(one, 'Encrypt') === 'symmetricKey');
  if (key === undefined || pairs.has('symmetricKey')) return { pairs, blames };
  const corrected = new Map([...pairs, ['symmetricKey', pairs.get(key) ?? '']]);
  return {
    pairs: corrected,
    blames: [
      ...blames,
      blame('ENC_HEADER_LIST', `"${clipText(key, 40)}" instead of "symmetricKey"`),
    ],
  };
};

const isAlgorithm = (name: string | undefined): boolean =>
  name === undefined || ['', 'RSA_AES', 'RSA'].includes(name.toUpperCase());

const encryptHeaderCauses = (
  name: string,
  algorithm: string | undefined,
  value: string,
): readonly Blame[] => [
  ...(name.toLowerCase() === 'encrypt'
    ? []
    : [blame('ENC_HEADER_NAME', `"${clipText(name, 40)}"`)]),
  ...(isAlgorithm(algorithm) ? [] : [blame('ENC_ALGORITHM')]),
  ...(value === '' ? [blame('ENC_KEY_MISSING')] : []),
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

const explain = (c: SealingCase, value: string, stated: UnwrappingKey | undefined): Explanation => {
  const isSample = isSampleSymmetricKey(value);
  const sample = isSample ? [blame('ENC_SAMPLE_KEY')] : [];
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
  if (value === '') return nothing;
  const opened = openWith(c.body, ways, c);
  if (opened !== undefined)
    return {
      outcome: provedCause(opened.blames, 'With that, the key unwraps and the body opens to JSON.'),
      tried: opened.tried,
    };
  return { outcome: explainUnopened(c, value, ways), tried: ways.length };
};

const unwrapWays = (
  c: SealingCase,
  value: string,
  stated: UnwrappingKey | undefined,
): readonly Unwrapped[] =>
  readValue(value).flatMap(({ bytes, findings }) =>
    unwrapAll(bytes, c.keys, stated, c.scheme).map((way) => ({
      ...way,
      blames: [...encodingBlames(findings), ...way.blames],
    })),
  );

const openWith = (
  body: Buffer,
  ways: readonly Unwrapped[],
  { scheme }: SealingCase,
): { readonly blames: readonly Blame[]; readonly tried: number } | undefined => {
  for (const [index, way] of ways.entries()) {
    const opened = isAesKeyLength(way.aesKey.length)
      ? openBodyWith(body, way.aesKey, scheme.cipher)
      : undefined;
    if (opened !== undefined)
      return { blames: [...way.blames, ...opened.blames], tried: index + 1 };
  }
  return undefined;
};

/** A body that is JSON was not encrypted, unless one of its texts is the ciphertext. */
const explainJson = (
  c: SealingCase,
  ways: readonly Unwrapped[],
  sample: readonly Blame[],
): Explanation => {
  const texts = cipherTextsIn(c.body);
  for (const { path, text } of texts) {
    const opened = openWith(Buffer.from(text), ways, c);
    if (opened === undefined) continue;
    const blames = [blame('ENC_BODY_IN_JSON', `in "${clipText(path, 40)}"`), ...opened.blames];
    return {
      outcome: provedCause(
        blames,
        'With that, the key unwraps and the ciphertext in the JSON opens to JSON.',
      ),
      tried: opened.tried,
    };
  }
  if (texts.length === 0)
    return {
      outcome: provedCause(
        [...sample, blame('ENC_BODY_NOT_ENCRYPTED')],
        'The body is JSON as it stands.',
      ),
      tried: ways.length,
    };
  const certain =
    'The body is JSON that is mostly one text in base64. No key known here opens that text, so it may or may not be a ciphertext.';
  return {
    outcome: { blames: sample, certain: [certain], exhausted: true, unexplained: true },
    tried: ways.length,
  };
};

const encodingBlames = (findings: readonly FindingId[]): readonly Blame[] =>
  findings.map((id) =>
    id === 'SIG_NOT_URL_ENCODED'
      ? blame('ENC_KEY_NOT_URL_ENCODED')
      : blame('ENC_KEY_ENCODING', encodings[id] ?? id),
  );

const encodings: Readonly<Partial<Record<FindingId, string>>> = {
  SIG_URL_ENCODED_TWICE: 'URL-encoded twice',
  SIG_PLUS_BECAME_BLANK: 'every "+" became a blank',
  SIG_BASE64URL: 'URL-safe base64',
  SIG_HEX: 'hex',
  SIG_BASE64_TWICE: 'base64 twice',
  SIG_LINE_WRAPPED: 'base64 with line breaks',
  SIG_QUOTED: 'in quotation marks',
  SIG_TRUNCATED: 'base64 without its padding',
};

const provedCause = (blames: readonly Blame[], certain: string): Outcome => ({
  blames,
  certain: [certain],
  exhausted: true,
});

/** The body opened in no way: what the key alone proves. */
const explainUnopened = (
  { body, scheme }: SealingCase,
  value: string,
  ways: readonly Unwrapped[],
): Outcome => {
  const bare = bareKeys(value);
  if (bare.length > 0)
    return notWrapped(
      bare.flatMap((key) => openBodyWith(body, key, scheme.cipher) ?? [])[0]?.blames,
    );
  const sure =
    ways.find(({ isCertain, aesKey }) => isCertain && aesKey.length > 0) ??
    ways.find(({ isCertain }) => isCertain);
  const certain = ways.length > 0 ? halves.body : halves.key;
  return { blames: sure?.blames ?? [], certain: [certain], exhausted: true, unexplained: true };
};

const notWrapped = (opened: readonly Blame[] | undefined): Outcome => {
  const size =
    'The symmetricKey has the length of an AES key; a wrapped key is as long as the RSA key that wraps it.';
  return {
    blames: [blame('ENC_KEY_NOT_WRAPPED'), ...(opened ?? [])],
    certain: opened === undefined ? [size] : [size, 'The body opens with it.'],
    exhausted: true,
  };
};

const halves = {
  key: "The symmetricKey was not wrapped for the receiver's key: no padding known here comes off. For which key it was wrapped cannot be told.",
  body: 'The symmetricKey unwraps, but the body opens to JSON in no mode known here: it was encrypted with another key or mode, or changed on the way.',
} as const;
