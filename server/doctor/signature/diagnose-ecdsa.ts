import { verify } from 'node:crypto';
import type { Ecc224Variant } from '../../protocol/algorithms.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { signingContent } from '../../protocol/signatures.ts';
import { suspect } from '../catalogue/mistakes.ts';
import type { Conclusion, SearchBounds, SignatureCase } from '../diagnosis.ts';
import { type ContentVariant, contentBytes } from '../hypotheses/hypothesis.ts';
import type { ValueReading } from './read-value.ts';
import { type ContentCheck, SearchBudget, searchContent } from './search-content.ts';
import type { RankedKey } from './signature-header.ts';

export interface EcdsaSearch {
  readonly outcome: Conclusion;
  readonly verifications: number;
}

/**
 * ECDSA shows no digest: each content costs a verification. The expected content is tried in every
 * way there is, its variants with the stated key only, most of the budget going to the hash of the
 * receiver's setting.
 * @returns undefined when the value is no ECDSA signature or there is no key to try.
 */
export const diagnoseEcdsa = (
  c: SignatureCase,
  bounds: SearchBounds,
  readings: readonly ValueReading[],
  keys: readonly RankedKey[],
): EcdsaSearch | undefined => {
  const values = readEcdsaValues(readings);
  if (values.length === 0 || keys.length === 0) return undefined;
  const { limits, now } = bounds;
  const all = new SearchBudget(limits.maxVerifications, limits.maxMs, now, 1);
  const way = checkEcdsa(ecdsaVariants(values, keys, c.ecc224), () => all.take())(
    signingContent(c),
    false,
  );
  if (way !== undefined) return { outcome: provedVariant(c, way), verifications: all.hypotheses };
  const variants = ecdsaVariants(values.slice(0, 1), keys.slice(0, 1), c.ecc224);
  return searchVariants(c, bounds, variants, all.hypotheses);
};

const searchVariants = (
  c: SignatureCase,
  { limits, now }: SearchBounds,
  variants: readonly EcdsaVariant[],
  spent: number,
): EcdsaSearch => {
  const left = Math.max(0, limits.maxVerifications - spent);
  const shares = [Math.ceil(left * 0.6), Math.floor(left * 0.4)];
  let verifications = spent;
  let exhausted = true;
  for (const [index, way] of variants.entries()) {
    const budget = new SearchBudget(
      shares[index] ?? 0,
      (limits.maxMs * (shares[index] ?? 0)) / Math.max(1, left),
      now,
      1,
    );
    const check = checkEcdsa([way], () => true);
    const found = searchContent(c, check, {
      maxBodyBytes: limits.maxBodyBytes,
      budget,
      order: 'interleaved',
    });
    verifications += budget.hypotheses;
    exhausted &&= found.exhausted;
    if (found.match !== undefined)
      return { outcome: provedVariant(c, found.match.proof, found.match.variant), verifications };
  }
  return { outcome: unprovedDiagnosis(exhausted), verifications };
};

const provedVariant = (
  c: SignatureCase,
  way: EcdsaVariant,
  variant?: ContentVariant,
): Conclusion => ({
  suspicions: [
    ...way.reading.mistakes.map((id) => suspect(id)),
    ...way.key.suspicions,
    ...(variant?.suspicions ?? []),
  ],
  notes: isReadAs(way, c.ecc224) ? [] : ['NOTE_ECC_READING'],
  evidence: [
    `The signature verifies: ECDSA on P-224 with ${way.hash.toUpperCase()}, written as ` +
      `${way.form === 'der' ? 'DER' : 'r and s side by side'}.`,
  ],
  signed: omitUndefined({ hash: way.hash, content: variant && contentBytes(variant) }),
  exhausted: true,
});

const unprovedDiagnosis = (exhausted: boolean): Conclusion => ({
  suspicions: [],
  evidence: [
    'The value has the form of an ECDSA signature on P-224.',
    'It verifies with none of the keys known here over the expected content. ECDSA does not ' +
      'reveal what was signed, so either the key or the content is wrong.',
  ],
  exhausted,
  unexplained: true,
});

export type EcdsaForm = 'der' | 'ieee-p1363';

/** A value that is laid out as an ECDSA signature on P-224. */
export interface EcdsaValue {
  readonly reading: ValueReading;
  readonly form: EcdsaForm;
}

/** One way to verify: ECDSA shows no digest, so each content is tried with each of these. */
export interface EcdsaVariant extends EcdsaValue {
  readonly key: RankedKey;
  readonly hash: 'sha256' | 'sha224';
}

const p224CoordinateBytes = 28;

export const readEcdsaValues = (readings: readonly ValueReading[]): readonly EcdsaValue[] =>
  readings.flatMap((reading) => {
    const form = detectForm(reading.bytes);
    return form === undefined ? [] : [{ reading, form }];
  });

const detectForm = (bytes: Buffer): EcdsaForm | undefined => {
  if (isDerPair(bytes)) return 'der';
  return bytes.length === 2 * p224CoordinateBytes ? 'ieee-p1363' : undefined;
};

/** SEQUENCE of two INTEGERs that fill it, each short enough for the curve. */
const isDerPair = (bytes: Buffer): boolean => {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2 || bytes[2] !== 2) return false;
  const first = bytes[3] ?? 0xff;
  const second = bytes[5 + first] ?? 0xff;
  return (
    bytes[4 + first] === 2 &&
    first <= p224CoordinateBytes + 1 &&
    second <= p224CoordinateBytes + 1 &&
    6 + first + second === bytes.length
  );
};

/**
 * The hash of the receiver's setting first: where the budget is short it is the one that counts.
 */
export const ecdsaVariants = (
  values: readonly EcdsaValue[],
  keys: readonly RankedKey[],
  setting: Ecc224Variant,
): readonly EcdsaVariant[] => {
  const hashes =
    setting === 'sha224' ? (['sha224', 'sha256'] as const) : (['sha256', 'sha224'] as const);
  return hashes.flatMap((hash) =>
    keys.flatMap((key) => values.map((value) => ({ ...value, key, hash }))),
  );
};

/** Whether the receiver's setting reads the signature this way. */
export const isReadAs = ({ form, hash }: EcdsaVariant, setting: Ecc224Variant): boolean =>
  setting === 'p1363'
    ? form === 'ieee-p1363' && hash === 'sha256'
    : form === 'der' && hash === setting;

/** @param spend asked before each verification; false ends the trial */
export const checkEcdsa =
  (ways: readonly EcdsaVariant[], spend: () => boolean): ContentCheck<EcdsaVariant> =>
  (content) =>
    ways.find((way) => spend() && verifiesAs(way, content));

const verifiesAs = ({ key, hash, form, reading }: EcdsaVariant, content: Uint8Array): boolean => {
  try {
    return verify(hash, content, { key: key.candidate.key, dsaEncoding: form }, reading.bytes);
  } catch {
    return false;
  }
};
