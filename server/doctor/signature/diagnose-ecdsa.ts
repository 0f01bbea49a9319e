import { signingContent } from '../../protocol/signing-content.ts';
import { Budget } from '../budget.ts';
import { type ContentVariant, contentBytes } from '../content.ts';
import type { DoctorLimits, SignatureCase } from '../diagnosis.ts';
import { blame } from '../finding.ts';
import type { ValueReading } from '../value/read-value.ts';
import type { Outcome } from './conclude.ts';
import { searchContent } from './content-search.ts';
import {
  type EcdsaValue,
  type EcdsaVariant,
  ecdsaTrial,
  ecdsaVariants,
  isReadAs,
  readEcdsaValues,
} from './ecdsa-trial.ts';
import type { RankedKey } from './key-order.ts';

export interface EcdsaSearch {
  readonly outcome: Outcome;
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
  limits: DoctorLimits,
  now: () => number,
  readings: readonly ValueReading[],
  keys: readonly RankedKey[],
): EcdsaSearch | undefined => {
  const values = readEcdsaValues(readings);
  if (values.length === 0 || keys.length === 0) return undefined;
  const all = new Budget(limits.maxVerifications, limits.maxMs, now, 1);
  const way = ecdsaTrial(ecdsaVariants(values, keys, c.ecc224), () => all.take())(
    signingContent(c),
    false,
  );
  if (way !== undefined) return { outcome: provedVariant(c, way), verifications: all.hypotheses };
  return searchVariants(c, limits, now, values, keys.slice(0, 1), all.hypotheses);
};

const searchVariants = (
  c: SignatureCase,
  limits: DoctorLimits,
  now: () => number,
  values: readonly EcdsaValue[],
  keys: readonly RankedKey[],
  spent: number,
): EcdsaSearch => {
  const left = Math.max(0, limits.maxVerifications - spent);
  const shares = [Math.ceil(left * 0.6), Math.floor(left * 0.4)];
  let verifications = spent;
  let exhausted = true;
  for (const [index, way] of ecdsaVariants(values.slice(0, 1), keys, c.ecc224).entries()) {
    const budget = new Budget(
      shares[index] ?? 0,
      (limits.maxMs * (shares[index] ?? 0)) / Math.max(1, left),
      now,
      1,
    );
    const found = searchContent(
      c,
      limits,
      budget,
      ecdsaTrial([way], () => true),
      'interleaved',
    );
    verifications += budget.hypotheses;
    exhausted &&= found.exhausted;
    if (found.match !== undefined)
      return { outcome: provedVariant(c, found.match.proof, found.match.variant), verifications };
  }
  return { outcome: unprovedDiagnosis(exhausted), verifications };
};

const provedVariant = (c: SignatureCase, way: EcdsaVariant, variant?: ContentVariant): Outcome => ({
  blames: [
    ...way.reading.findings.map((id) => blame(id)),
    ...way.key.blames,
    ...(variant?.blames ?? []),
  ],
  notes: isReadAs(way, c.ecc224) ? [] : ['NOTE_ECC_READING'],
  certain: [
    `The signature verifies: ECDSA on P-224 with ${way.hash.toUpperCase()}, written as ${way.form === 'der' ? 'DER' : 'r and s side by side'}.`,
  ],
  signed: { hash: way.hash, ...(variant === undefined ? {} : { content: contentBytes(variant) }) },
  exhausted: true,
});

const unprovedDiagnosis = (exhausted: boolean): Outcome => ({
  blames: [],
  certain: [
    'The value has the form of an ECDSA signature on P-224.',
    'It verifies with none of the keys known here over the expected content. ECDSA does not show what was signed, so key and content cannot be told apart.',
  ],
  exhausted,
  unexplained: true,
});
