import type { OperationId, RegisterId } from '../../../domain/contract/contract.ts';
import type { CasePlan, CaseVariant } from '../types.ts';

export const families = [
  'PRE',
  'REQ',
  'UNK',
  'BACK',
  'LOST',
  'FIN',
  'SEC',
  'KEY',
  'SEAL',
  'ORD',
  'BOX',
] as const;
export type Family = (typeof families)[number];

/** `C-SEC-01`. */
export type CaseId = `C-${Family}-${string}`;

/** Money or orders can be wrong; it goes wrong under load or failure; hygiene. */
export const severities = ['critical', 'major', 'minor'] as const;
export type Severity = (typeof severities)[number];

/**
 * AlipayHK says so; the same protocol of a sister product says so; our conclusion. `safety`: our
 * conclusion, but its violation lets a third party or bad luck change the merchant's books, which
 * follows from the protocol and needs no document.
 */
export const basisKinds = ['doc', 'sister', 'inf', 'safety'] as const;
export type BasisKind = (typeof basisKinds)[number];

export interface CaseBasis {
  readonly kind: BasisKind;
  /** An entry of the fidelity register. */
  readonly register?: RegisterId;
  /** Where it is written, in words. */
  readonly source?: string;
}

export const checkIds = [
  'arrives',
  'repeats',
  'repeats-on-resume',
  'same-id',
  'same-body',
  'fresh-time',
  'once',
  'recovers',
  'no-false-success',
  'no-false-failure',
  'stops',
  'code-kept',
  'alerted',
  'pauses',
  'slows-down',
  'plan',
  'ends',
  'no-loop',
  'gives-up-by-itself',
  'whole-deadline',
  'text-unchanged',
  'distinct-ids',
  'credible-time',
  'either-way',
  'new-key',
  'rising-time',
  'constants',
  'not-overtaken',
  'status-noticed',
  'honest-claim',
] as const;
export type CheckId = (typeof checkIds)[number];

/** A check as a case uses it; what is absent is the case's own. */
export interface CaseCheck {
  readonly id: CheckId;
  /** false: the case can pass although this is open. */
  readonly required?: false;
  readonly severity?: Severity;
  readonly basis?: BasisKind;
  /** Never worse than a warning, whatever the basis. */
  readonly atMost?: 'warn';
}

export interface CatalogueVariant extends CaseVariant {
  /** Absent: the case's. */
  readonly severity?: Severity;
  readonly basis?: BasisKind;
}

/** A row of the catalogue: what the harness plays, and what the judge makes of it. */
export interface CatalogueCase extends CasePlan {
  readonly id: CaseId;
  readonly severity: Severity;
  /** The first decides what may fail. */
  readonly basis: readonly [CaseBasis, ...CaseBasis[]];
  /** Operations for which it is our conclusion: there it can only warn. */
  readonly inferredFor?: readonly OperationId[];
  readonly variants?: Readonly<Record<string, CatalogueVariant>>;
  readonly checks: readonly [CheckId | CaseCheck, ...(CheckId | CaseCheck)[]];
  /** The message that the checks are about, from 1; the first when absent. */
  readonly subject?: number;
  /** Judged over the traffic of all cases of the operation. */
  readonly isOverAll?: true;
  /** What a correct client does. */
  readonly must: string;
  /** Why it matters. */
  readonly why: string;
  /** A page below `docs/`, with its anchor. */
  readonly remedy: string;
}
