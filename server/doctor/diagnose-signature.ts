import { createHash } from 'node:crypto';
import { isSampleSignature } from '../protocol/document-samples.ts';
import { signingContent } from '../protocol/signing-content.ts';
import { Budget, clockStep } from './budget.ts';
import type { Diagnosis, DoctorLimits, SignatureCase } from './diagnosis.ts';
import { type Blame, blame } from './finding.ts';
import { conclude, type Outcome } from './signature/conclude.ts';
import { diagnoseEcdsa } from './signature/diagnose-ecdsa.ts';
import { diagnoseRsa, openSignature } from './signature/diagnose-rsa.ts';
import { rankKeys, type SignerKeys, signerKeys } from './signature/key-order.ts';
import { messageNotes } from './signature/message-notes.ts';
import { readSignatureHeader, type SignatureHeaderReading } from './signature/signature-header.ts';
import { diagnoseByLength } from './signature/unread-value.ts';
import { readValue, type ValueReading } from './value/read-value.ts';

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
  const budget = new Budget(limits.maxHypotheses, limits.maxMs, now, clockStep(c.body.length));
  const content = signingContent(c);
  const { header, outcome, verifications } = explainHeader(c, limits, now, budget);
  return conclude(
    { ...outcome, notes: [...(outcome.notes ?? []), ...header.notes, ...messageNotes(c)] },
    {
      subject: 'signature',
      expected: { content, digestHex: createHash('sha256').update(content).digest('hex') },
      spent: { hypotheses: budget.hypotheses + verifications, ms: budget.ms },
    },
  );
};

interface Explanation {
  readonly outcome: Outcome;
  readonly verifications: number;
}

/**
 * A malformed list is a cause only where it changes what is read: with a misspelt keyVersion the
 * newest key is meant, and that may well be the one that signed.
 */
const explainHeader = (
  c: SignatureCase,
  limits: DoctorLimits,
  now: () => number,
  budget: Budget,
): Explanation & { readonly header: SignatureHeaderReading } => {
  const { asRead, asMeant } = readSignatureHeader(c.signatureHeader);
  if (asMeant === undefined || !readsOtherwise(c, asRead, asMeant))
    return { header: asRead, ...explain(c, limits, now, budget, asRead) };
  const explained = explain(c, limits, now, budget, asMeant);
  // Signed with the key that is read, not with the one that is meant: then the list is not what
  // went wrong.
  const isOtherKey = explained.outcome.blames.some(
    ({ finding }) => finding === 'KEY_OTHER_VERSION' || finding === 'KEY_OTHER_ALGORITHM',
  );
  return isOtherKey
    ? { header: asRead, ...explain(c, limits, now, budget, asRead) }
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

const explain = (
  c: SignatureCase,
  limits: DoctorLimits,
  now: () => number,
  budget: Budget,
  header: SignatureHeaderReading,
): Explanation => {
  const about = signatureHeaderCauses(header);
  if (header.value === undefined)
    return {
      outcome: { blames: about, certain: ['There is no signature to look into.'], exhausted: true },
      verifications: 0,
    };
  if (isSampleSignature(header.value))
    return {
      outcome: { ...sampleSent, blames: [...about, blame('SIG_SAMPLE')] },
      verifications: 0,
    };
  const readings = readValue(header.value);
  const rsa = (): Explanation | undefined => tryRsa(c, limits, budget, header, readings);
  const ecdsa = (): Explanation | undefined =>
    diagnoseEcdsa(c, limits, now, readings, rankKeys(c, header, 'EC'));
  const found = header.algorithm === 'ECC224' ? (ecdsa() ?? rsa()) : (rsa() ?? ecdsa());
  const { outcome, verifications } = found ?? {
    outcome: explainUnverified(c, header, header.value, readings),
    verifications: 0,
  };
  return {
    outcome: withBlames(outcome, [
      ...about,
      ...versionBlames(outcome, signerKeys(c, header), header),
    ]),
    verifications,
  };
};

const sampleSent: Outcome = {
  blames: [],
  certain: [
    'The value is the one that the documents print. It was made over another content, with a key that is not known.',
  ],
  exhausted: true,
};

const tryRsa = (
  c: SignatureCase,
  limits: DoctorLimits,
  budget: Budget,
  header: SignatureHeaderReading,
  readings: readonly ValueReading[],
): Explanation | undefined => {
  const opened = openSignature(readings, rankKeys(c, header, 'RSA'));
  const outcome = opened === undefined ? undefined : diagnoseRsa(c, limits, budget, opened);
  return outcome === undefined ? undefined : { outcome, verifications: 0 };
};

const signatureHeaderCauses = ({
  algorithm,
  value,
  blames,
}: SignatureHeaderReading): readonly Blame[] => [
  ...blames,
  ...(value === undefined ? [blame('SIG_MISSING')] : []),
  ...(algorithm === undefined ? [blame('ALGORITHM_UNKNOWN')] : []),
];

/**
 * The stated version is checked even when no key opens the signature: that it is not registered is
 * certain in any case.
 */
const versionBlames = (
  { blames }: Outcome,
  { own, stated }: SignerKeys,
  { version }: SignatureHeaderReading,
): readonly Blame[] => {
  if (
    stated !== undefined ||
    blames.some(
      ({ finding }) => finding === 'KEY_VERSION_UNKNOWN' || finding === 'KEY_OTHER_ALGORITHM',
    )
  )
    return [];
  const held =
    own.length === 0
      ? 'no key is registered for this algorithm'
      : `registered: ${own.map((key) => key.version).join(', ')}`;
  return [
    blame(
      'KEY_VERSION_UNKNOWN',
      version === undefined
        ? held
        : `the header says ${Number.isNaN(version) ? 'no whole number' : version}; ${held}`,
    ),
  ];
};

const withBlames = (outcome: Outcome, blames: readonly Blame[]): Outcome => ({
  ...outcome,
  blames: [...blames, ...outcome.blames],
});

/** No known key opens the signature: only its shape is left to look at. */
const explainUnverified = (
  c: SignatureCase,
  header: SignatureHeaderReading,
  value: string,
  readings: readonly ValueReading[],
): Outcome => {
  const own = c.keys.filter(({ owner, family }) => owner === c.signer && family === 'RSA');
  if (own.length === 0 || header.algorithm === 'ECC224') {
    return {
      blames: [],
      certain: ['The value is no signature that a known key made.'],
      exhausted: true,
      unexplained: true,
    };
  }
  return { ...diagnoseByLength(value, readings, own), exhausted: true, unexplained: true };
};
