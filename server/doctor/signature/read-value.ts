import { decodeBase64, decodeUrlText } from '../../protocol/headers.ts';
import { type MistakeId, type NoteId, type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { CandidateKey } from '../diagnosis.ts';

/** One reading of a header's value. */
export interface ValueReading {
  readonly bytes: Buffer;
  /**
   * What was done wrong to the bytes if this reading is the true one; the innermost first. Empty
   * for the right way.
   */
  readonly mistakes: readonly MistakeId[];
}

interface Step<Value> {
  readonly value: Value;
  readonly findings: readonly MistakeId[];
}

/** Longer than any signature or wrapped key, however it is encoded. */
const maxValueLength = 16_384;

/** Every way to read the value that gives bytes, the way with the fewest mistakes first. */
export const readValue = (text: string): readonly ValueReading[] => {
  if (text.length > maxValueLength) return [];
  const start: readonly Step<string>[] = [{ value: text, findings: [] }];
  const bytes = peel(peel(peel(peel(start, outerQuotes), percentEncoding), innerText), bytesForm);
  return unique(bytes.toSorted((a, b) => a.findings.length - b.findings.length));
};

const peel = <Result>(
  steps: readonly Step<string>[],
  layer: readonly LayerReading<Result>[],
): readonly Step<Result>[] =>
  steps.flatMap((step) =>
    layer.flatMap(({ mistake: finding, read }) => {
      const value = read(step.value);
      if (value === undefined) return [];
      return [
        { value, findings: finding === undefined ? step.findings : [finding, ...step.findings] },
      ];
    }),
  );

const unique = (steps: readonly Step<Buffer>[]): readonly ValueReading[] => {
  const seen = new Map<string, ValueReading>();
  for (const { value, findings } of steps) {
    const key = value.toString('latin1');
    if (value.length > 0 && !seen.has(key))
      seen.set(key, { bytes: value, mistakes: [...new Set(findings)] });
  }
  return [...seen.values()];
};

/**
 * One way to read one layer of the value. `finding` is absent for the right way; undefined means:
 * does not apply here.
 */
export interface LayerReading<Result> {
  readonly mistake?: MistakeId;
  readonly read: (text: string) => Result | undefined;
}

const when = (applies: boolean, result: string | undefined): string | undefined =>
  applies ? result : undefined;

/** With the `b` that Python prints before bytes. */
const quotes = /^b?\\?["'](.*?)\\?["']$/s;
const unquote = (text: string): string | undefined => quotes.exec(text)?.[1];

/** What is between the lines of PEM; line feeds may be written as escapes. */
const withoutArmour = (text: string): string | undefined =>
  /^-----BEGIN[^-]*-----(.*)-----END[^-]*-----$/s
    .exec(text.replace(/\\[rn]/g, '').trim())?.[1]
    ?.trim();

const plainPercent = (text: string): string | undefined =>
  decodeUrlText(text.replaceAll('+', '%2B'));
const twice = (text: string): string | undefined => {
  const once = decodeUrlText(text);
  return once === undefined ? undefined : plainPercent(once);
};

/** The layers from the outside in. Every row of one layer is crossed with every row of the next. */
export const outerQuotes: readonly LayerReading<string>[] = [
  { read: (text) => text },
  { mistake: 'SIG_QUOTED', read: unquote },
  { mistake: 'SIG_PEM', read: withoutArmour },
];

export const percentEncoding: readonly LayerReading<string>[] = [
  { read: (text) => when(!/[+=\s]/.test(text), decodeUrlText(text)) },
  // The URL-safe alphabet is made for headers: its bare "=" belongs to that one mistake.
  { read: (text) => when(/^[\w-]+=+$/.test(text) && /[-_]/.test(text), text) },
  {
    mistake: 'SIG_NOT_URL_ENCODED',
    read: (text) => when(/[+=]/.test(text) && !text.includes(' '), plainPercent(text)),
  },
  {
    mistake: 'SIG_PLUS_BECAME_BLANK',
    read: (text) => when(/ |%20/.test(text), plainPercent(text)?.replaceAll(' ', '+')),
  },
  {
    mistake: 'SIG_LINE_WRAPPED',
    read: (text) => when(/\s/.test(text), plainPercent(text.replace(/\s+/g, ''))),
  },
  { mistake: 'SIG_URL_ENCODED_TWICE', read: (text) => when(/%25/.test(text), twice(text)) },
  {
    mistake: 'SIG_URL_ENCODED_TWICE',
    read: (text) => when(/%2525/.test(text), decodeUrlText(twice(text) ?? '')),
  },
];

export const innerText: readonly LayerReading<string>[] = [
  { read: (text) => text },
  { mistake: 'SIG_QUOTED', read: unquote },
  // PEM has lines: that they are lines is no second mistake.
  { mistake: 'SIG_PEM', read: (text) => withoutArmour(text)?.replace(/\s+/g, '') },
  {
    mistake: 'SIG_LINE_WRAPPED',
    read: (text) => when(/\s|\\[rn]/.test(text), text.replace(/\s+|\\r|\\n/g, '')),
  },
];

const base64Url = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9_-]+=*$/.test(text) && /[-_]/.test(text)
    ? decodeBase64(addPadding(text.replaceAll('-', '+').replaceAll('_', '/')))
    : undefined;

/** Base64 text whose "=" signs at the end are missing or too few. */
const addPadding = (text: string): string => {
  const bare = text.replace(/={1,4}$/, '');
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
};

/** A JWS in compact form: its parts are a JSON object, the payload or nothing, and the signature. */
const jws = /^(?<signed>eyJ[\w-]+\.(?<payload>[\w-]*))\.(?<signature>[\w-]+)$/;

const jwsSignature = (text: string): Buffer | undefined => {
  const signature = jws.exec(text)?.groups?.['signature'];
  return signature === undefined ? undefined : Buffer.from(signature, 'base64url');
};

/**
 * What the signature of a JWS covers. Without its payload, it is that of the content or the body.
 * @param covered what the payload may be when it is left out
 */
export const jwsContents = (text: string, covered: readonly string[]): readonly string[] => {
  const { signed, payload } = jws.exec(text)?.groups ?? {};
  if (signed === undefined) return [];
  if (payload !== '') return [signed];
  return covered.flatMap((one) => [signed + Buffer.from(one).toString('base64url'), signed + one]);
};

const decodeHex = (text: string): Buffer | undefined => {
  const digits = text.replace(/^0x/i, '').replaceAll(':', '');
  return digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits)
    ? Buffer.from(digits, 'hex')
    : undefined;
};

const base64Twice = (text: string): Buffer | undefined => {
  const inner = decodeBase64(addPadding(text))?.toString('latin1');
  return inner === undefined
    ? undefined
    : decodeBase64(
        addPadding((decodeUrlText(inner.replaceAll('+', '%2B')) ?? inner).replace(/\s+/g, '')),
      );
};

const removePadding = (text: string): Buffer | undefined =>
  text.endsWith('=') && text.length % 4 === 0 ? undefined : decodeBase64(addPadding(text));

export const bytesForm: readonly LayerReading<Buffer>[] = [
  { read: decodeBase64 },
  { mistake: 'SIG_BASE64URL', read: base64Url },
  { mistake: 'SIG_HEX', read: decodeHex },
  { mistake: 'SIG_BASE64_TWICE', read: base64Twice },
  { mistake: 'SIG_TRUNCATED', read: removePadding },
  { mistake: 'SIG_JWS', read: jwsSignature },
];

/** What the length of a value proves when no key opens it. */
export interface ShapeDiagnosis {
  readonly suspicions: readonly Suspicion[];
  readonly notes: readonly NoteId[];
  readonly evidence: readonly string[];
}

/** Signature lengths of RSA keys that exist in practice. */
const knownSignatureBytes = [64, 128, 192, 256, 384, 512, 1024] as const;

const signatureBytes = ({ key }: CandidateKey): number =>
  Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);

/** @param own the signer's RSA keys, of which there is at least one */
export const diagnoseByLength = (
  value: string,
  readings: readonly ValueReading[],
  own: readonly CandidateKey[],
): ShapeDiagnosis => {
  const wanted = new Set(own.map(signatureBytes));
  const whole = readings.find(({ bytes }) => wanted.has(bytes.length));
  if (whole !== undefined) return diagnoseUnknownKey(whole);
  return (
    diagnoseHash(readings) ??
    diagnoseOtherSize(readings, Math.max(...wanted)) ??
    diagnoseTruncated(value, Math.min(...wanted)) ??
    describeLengths(readings, Math.max(...wanted))
  );
};

const diagnoseUnknownKey = ({ bytes, mistakes: findings }: ValueReading): ShapeDiagnosis => ({
  suspicions: [suspect('KEY_UNKNOWN')],
  notes: [],
  evidence: [
    `The value${findings.length > 0 ? ` (read as ${findings.join(', ')})` : ''} has ` +
      `${bytes.length} bytes, as a signature by the registered key would, but it opens under ` +
      'none of the keys known here.',
  ],
});

/** Bytes of MD5, SHA-1, SHA-224 and SHA-256; those of SHA-512 could be a small RSA key's. */
const hashBytes = [16, 20, 28, 32];

/** Its text is whole: a cut one would not end with its padding, or with a full byte in hex. */
const diagnoseHash = (readings: readonly ValueReading[]): ShapeDiagnosis | undefined => {
  const found = readings.find(
    ({ bytes, mistakes }) =>
      hashBytes.includes(bytes.length) && !mistakes.includes('SIG_TRUNCATED'),
  );
  if (found === undefined) return undefined;
  const { length } = found.bytes;
  return {
    suspicions: [suspect('SIG_IS_HASH', `${length} bytes`)],
    notes: [],
    evidence: [
      `The value has ${length} bytes, as a hash or an HMAC has; no RSA key makes a signature of ` +
        'that length.',
    ],
  };
};

/**
 * Padded base64 was not cut: a cut text ends in the middle of a group. A length that is a multiple
 * of three has no padding and proves nothing unless it is longer than it should be.
 */
const diagnoseOtherSize = (
  readings: readonly ValueReading[],
  wanted: number,
): ShapeDiagnosis | undefined => {
  const found = readings.find(
    ({ bytes: { length } }) =>
      knownSignatureBytes.some((size) => size === length) && (length % 3 !== 0 || length > wanted),
  );
  if (found === undefined) return undefined;
  const { length } = found.bytes;
  return {
    suspicions: [suspect('KEY_SIZE', `${length * 8} bits instead of ${wanted * 8}`)],
    notes: [],
    evidence: [
      `The signature has ${length} bytes, which is what a ${length * 8}-bit key gives; the ` +
        `registered key gives ${wanted}.`,
    ],
  };
};

/**
 * The longest piece from the start that can be base64, with an escape that was cut through taken
 * off.
 */
const lenientBase64 = (value: string): string | undefined => {
  const whole = value
    .replace(/%[0-9A-Fa-f]?$/, '')
    .replace(/%(2B|2F|3D)/gi, (sequence) => decodeURIComponent(sequence));
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(whole) ? whole.replace(/=+$/, '') : undefined;
};

const diagnoseTruncated = (value: string, wanted: number): ShapeDiagnosis | undefined => {
  const text = lenientBase64(value);
  const length = Math.floor(((text?.length ?? 0) * 3) / 4);
  if (text === undefined || length >= wanted) return undefined;
  return {
    suspicions: [suspect('SIG_TRUNCATED', `${length} bytes instead of ${wanted}`)],
    notes: knownSignatureBytes.some((size) => size === length) ? ['NOTE_KEY_CLOSE'] : [],
    evidence: [
      `The value decodes to ${length} bytes; a signature by the registered key always has ` +
        `${wanted}.`,
    ],
  };
};

const describeLengths = (readings: readonly ValueReading[], wanted: number): ShapeDiagnosis => {
  const lengths = readings.map(({ bytes }) => bytes.length).join(', ');
  const evidence =
    readings.length === 0
      ? 'The value cannot be read as base64, in none of the spellings known here.'
      : `The value decodes to ${lengths} bytes; a signature by the registered key always has ` +
        `${wanted}.`;
  return { suspicions: [], notes: [], evidence: [evidence] };
};
