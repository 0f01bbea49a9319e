import type { CatalogueCase } from './case.ts';
import { finalAnswer } from './final-answer.ts';
import { firstContact } from './first-contact.ts';
import { lostAnswer } from './lost-answer.ts';
import { orderOfEvents } from './order-of-events.ts';
import { answerSecurity, encryption, keyVersions } from './trust.ts';
import { unknownOutcome } from './unknown-outcome.ts';

/** All cases, in the order in which they are listed. An id is never used again. */
export const catalogue: readonly CatalogueCase[] = [
  ...firstContact,
  ...unknownOutcome,
  ...lostAnswer,
  ...finalAnswer,
  ...answerSecurity,
  ...keyVersions,
  ...encryption,
  ...orderOfEvents,
];

/** Ids that cases had before: old id → id of today. Files of expected failures may name them. */
export const caseAliases: Readonly<Record<string, string>> = {};
