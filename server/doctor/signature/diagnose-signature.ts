import { createHash, verify } from 'node:crypto';
import { omitUndefined } from '../../problems/plain-object.ts';
import { isSampleSignature } from '../../protocol/headers.ts';
import { type Ecc224Variant, signingContent } from '../../protocol/signatures.ts';
import { readTimestamp, type TimestampForm } from '../../protocol/timestamps.ts';
import { type NoteId, type Suspicion, suspect } from '../catalogue/mistakes.ts';
import {
  type Conclusion,
  conclude,
  type Diagnosis,
  type DoctorLimits,
  type SearchBounds,
  type SignatureCase,
} from '../diagnosis.ts';
import { type ContentVariant, contentBytes } from '../hypotheses/hypothesis.ts';
import { diagnoseRsa, type OpenedSignature, openSignature } from './diagnose-rsa.ts';
import { diagnoseByLength, readValue, type ValueReading } from './read-value.ts';
import { type ContentCheck, clockInterval, SearchBudget, searchContent } from './search-content.ts';
import {
  type RankedKey,
  rankKeys,
  readSignatureHeader,
  type SignatureHeaderReading,
  type SignerKeys,
  signerKeys,
} from './signature-header.ts';

/**
 * The doctor: why a signature was refused. To teach it a new mistake:
 *
 * 1. Hypothesis: a row in `hypotheses/`, in the file of the part that goes wrong (heads, time, body
 *    bytes, JSON, whole content). For a mistake in the signature's encoding: a row in
 *    `signature/read-value.ts`; in encryption: in `sealing/`.
 * 2. Text and remedy: an id with its sentence in `catalogue/mistakes.ts` or `crypto-mistakes.ts`,
 *    and the fix in each language in `catalogue/remedies.ts`. `catalogue/chinese-texts.ts` has the
 *    sentence in Chinese.
 * 3. Sample: a row in `test/doctor/signature-samples.ts` or `sealing-samples.ts`. A test fails
 *    while an id has no sample, and while another mistake claims it.
 */

/**
 * Says why a signature was refused. Every cause is proved: by the digest that the signature itself
 * holds, by a verification, or by a shape that leaves no other reading.
 * @param now milliseconds on any steady clock; bounds the search
 */
export const diagnoseSignature = (
  c: SignatureCase,
  limits: DoctorLimits,
  now: () => number,
): Diagnosis => {
  const budget = new SearchBudget(
    limits.maxHypotheses,
    limits.maxMs,
    now,
    clockInterval(c.body.length),
  );
  const content = signingContent(c);
  const { header, outcome, verifications } = explainHeader(c, { limits, now }, budget);
  return conclude(
    { ...outcome, notes: [...(outcome.notes ?? []), ...header.notes, ...messageNotes(c)] },
    {
      subject: 'signature',
      expected: { content, digestHex: createHash('sha256').update(content).digest('hex') },
      spent: { hypotheses: budget.hypotheses + verifications, ms: budget.ms },
    },
  );
};

interface SignatureExplanation {
  readonly outcome: Conclusion;
  readonly verifications: number;
}

/**
 * A malformed list is a cause only where it changes what is read: with a misspelt keyVersion the
 * newest key is meant, and that may well be the one that signed.
 */
const explainHeader = (
  c: SignatureCase,
  bounds: SearchBounds,
  budget: SearchBudget,
): SignatureExplanation & { readonly header: SignatureHeaderReading } => {
  const { asRead, asMeant } = readSignatureHeader(c.signatureHeader);
  if (asMeant === undefined || !readsOtherwise(c, asRead, asMeant))
    return { header: asRead, ...explainSignature(c, bounds, budget, asRead) };
  const explained = explainSignature(c, bounds, budget, asMeant);
  // Signed with the key that is read, not with the one that is meant: then the list is not what
  // went wrong.
  const isOtherKey = explained.outcome.suspicions.some(
    ({ mistake }) => mistake === 'KEY_OTHER_VERSION' || mistake === 'KEY_OTHER_ALGORITHM',
  );
  return isOtherKey
    ? { header: asRead, ...explainSignature(c, bounds, budget, asRead) }
    : { header: asMeant, ...explained };
};

const readsOtherwise = (
  c: SignatureCase,
  asRead: SignatureHeaderReading,
  asMeant: SignatureHeaderReading,
): boolean =>
  asRead.value !== asMeant.value ||
  asRead.algorithm !== asMeant.algorithm ||
  signerKeys(c, asRead).stated !== signerKeys(c, asMeant).stated;

const explainSignature = (
  c: SignatureCase,
  bounds: SearchBounds,
  budget: SearchBudget,
  header: SignatureHeaderReading,
): SignatureExplanation => {
  const about = signatureHeaderCauses(header);
  if (header.value === undefined)
    return {
      outcome: {
        suspicions: about,
        evidence: ['There is no signature to look into.'],
        exhausted: true,
      },
      verifications: 0,
    };
  if (isSampleSignature(header.value))
    return {
      outcome: { ...sampleSent, suspicions: [...about, suspect('SIG_SAMPLE')] },
      verifications: 0,
    };
  const readings = readValue(header.value);
  const rsa = (): SignatureExplanation | undefined =>
    diagnoseOpened(c, bounds, budget, openSignature(readings, rankKeys(c, header, 'RSA')));
  const ecdsa = (): SignatureExplanation | undefined =>
    diagnoseEcdsa(c, bounds, readings, rankKeys(c, header, 'EC'));
  const found = header.algorithm === 'ECC224' ? (ecdsa() ?? rsa()) : (rsa() ?? ecdsa());
  const { outcome, verifications } = found ?? {
    outcome: explainUnverified(c, header, header.value, readings),
    verifications: 0,
  };
  return {
    outcome: withSuspicions(outcome, [
      ...about,
      ...versionSuspicions(outcome, signerKeys(c, header), header),
    ]),
    verifications,
  };
};

const sampleSent: Conclusion = {
  suspicions: [],
  evidence: [
    'The value is the one that the documents print. It was made over another content, with a ' +
      'key that is not known.',
  ],
  exhausted: true,
};

const diagnoseOpened = (
  c: SignatureCase,
  { limits }: SearchBounds,
  budget: SearchBudget,
  opened: OpenedSignature | undefined,
): SignatureExplanation | undefined => {
  const outcome = opened === undefined ? undefined : diagnoseRsa(c, limits, budget, opened);
  return outcome === undefined ? undefined : { outcome, verifications: 0 };
};

const signatureHeaderCauses = ({
  algorithm,
  value,
  suspicions,
}: SignatureHeaderReading): readonly Suspicion[] => [
  ...suspicions,
  ...(value === undefined ? [suspect('SIG_MISSING')] : []),
  ...(algorithm === undefined ? [suspect('ALGORITHM_UNKNOWN')] : []),
];

/**
 * The stated version is checked even when no key opens the signature: that it is not registered is
 * certain in any case.
 */
const versionSuspicions = (
  { suspicions }: Conclusion,
  { own, stated }: SignerKeys,
  { version }: SignatureHeaderReading,
): readonly Suspicion[] => {
  if (
    stated !== undefined ||
    suspicions.some(
      ({ mistake }) => mistake === 'KEY_VERSION_UNKNOWN' || mistake === 'KEY_OTHER_ALGORITHM',
    )
  )
    return [];
  const held =
    own.length === 0
      ? 'no key is registered for this algorithm'
      : `registered: ${own.map((key) => key.version).join(', ')}`;
  return [
    suspect(
      'KEY_VERSION_UNKNOWN',
      version === undefined
        ? held
        : `the header says ${Number.isNaN(version) ? 'no whole number' : version}; ${held}`,
    ),
  ];
};

const withSuspicions = (outcome: Conclusion, suspicions: readonly Suspicion[]): Conclusion => ({
  ...outcome,
  suspicions: [...suspicions, ...outcome.suspicions],
});

/** No known key opens the signature: only its shape is left to look at. */
const explainUnverified = (
  c: SignatureCase,
  header: SignatureHeaderReading,
  value: string,
  readings: readonly ValueReading[],
): Conclusion => {
  const own = c.keys.filter(({ owner, family }) => owner === c.signer && family === 'RSA');
  if (own.length === 0 || header.algorithm === 'ECC224') {
    return {
      suspicions: [],
      evidence: ['The value is no signature that a known key made.'],
      exhausted: true,
      unexplained: true,
    };
  }
  return { ...diagnoseByLength(value, readings, own), exhausted: true, unexplained: true };
};

const timeNotes: Readonly<Record<TimestampForm, NoteId | undefined>> = {
  documented: undefined,
  'offset-without-colon': 'NOTE_TIME_OFFSET_WITHOUT_COLON',
  'epoch-milliseconds': 'NOTE_TIME_EPOCH',
};

/** What is odd about a message besides its Signature header. */
const messageNotes = ({
  time,
  method,
}: Pick<SignatureCase, 'time' | 'method'>): readonly NoteId[] => {
  const reading = readTimestamp(time);
  const aboutTime = reading === undefined ? 'NOTE_TIME_UNREADABLE' : timeNotes[reading.form];
  const aboutMethod: NoteId | undefined =
    method.toUpperCase() === 'POST' ? undefined : 'NOTE_METHOD';
  return [aboutTime, aboutMethod].filter((id) => id !== undefined);
};

interface EcdsaSearch {
  readonly outcome: Conclusion;
  readonly verifications: number;
}

/**
 * ECDSA shows no digest: each content costs a verification. The expected content is tried in every
 * way there is, its variants with the stated key only, most of the budget going to the hash of the
 * receiver's setting.
 * @returns undefined when the value is no ECDSA signature or there is no key to try.
 */
const diagnoseEcdsa = (
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

type EcdsaForm = 'der' | 'ieee-p1363';

/** A value that is laid out as an ECDSA signature on P-224. */
interface EcdsaValue {
  readonly reading: ValueReading;
  readonly form: EcdsaForm;
}

/** One way to verify: ECDSA shows no digest, so each content is tried with each of these. */
interface EcdsaVariant extends EcdsaValue {
  readonly key: RankedKey;
  readonly hash: 'sha256' | 'sha224';
}

const p224CoordinateBytes = 28;

const readEcdsaValues = (readings: readonly ValueReading[]): readonly EcdsaValue[] =>
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
const ecdsaVariants = (
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
const isReadAs = ({ form, hash }: EcdsaVariant, setting: Ecc224Variant): boolean =>
  setting === 'p1363'
    ? form === 'ieee-p1363' && hash === 'sha256'
    : form === 'der' && hash === setting;

/** @param spend asked before each verification; false ends the trial */
const checkEcdsa =
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
