import type { FindingId } from '../catalogue/findings.ts';
import type { ContentHead } from '../content.ts';

/** What hypotheses may look at besides the expected head. */
export interface CaseFacts {
  readonly hosts: readonly string[];
  /** Texts and numbers of the body that someone may have signed as client id or time. */
  readonly bodyTexts: readonly string[];
}

/** One change to the head, with what it says about the mistake. */
export interface HeadChange {
  readonly parts: Partial<ContentHead>;
  readonly detail?: string;
}

/** Times that differ in a few digits and say the same about the mistake. */
export interface NearTimes {
  readonly start: string;
  readonly digits: readonly string[];
  readonly end: string;
  readonly detail: string;
}

/** A row for times that are tried last, and never crossed. */
export interface NearTimeHypothesis {
  readonly finding: FindingId;
  readonly changes: (head: ContentHead) => readonly NearTimes[];
}

/** A row of a family's table. */
export interface HeadHypothesis {
  readonly finding: FindingId;
  /** Frequent enough to be crossed with every other family; the others are only tried alone. */
  readonly frequent: boolean;
  readonly changes: (head: ContentHead, facts: CaseFacts) => readonly HeadChange[];
}

/** A row that always makes the same changes. */
export const fixedContents = (
  finding: FindingId,
  frequent: boolean,
  ...changes: readonly (readonly [parts: Partial<ContentHead>, detail?: string])[]
): HeadHypothesis => {
  const same = changes.map(([parts, detail]) =>
    detail === undefined ? { parts } : { parts, detail },
  );
  return { finding, frequent, changes: () => same };
};
