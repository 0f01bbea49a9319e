import { families } from '../catalogue/finding-text.ts';
import type { NoteId } from '../catalogue/notes.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Blame, type Finding, findingOf, noteOf } from '../finding.ts';

/** What one way of looking at the message has proved. */
export interface Outcome {
  readonly blames: readonly Blame[];
  readonly notes?: readonly NoteId[];
  readonly certain: readonly string[];
  readonly signed?: Diagnosis['signed'];
  readonly exhausted: boolean;
  /** The message does not verify although nothing is proved against it. */
  readonly unexplained?: true;
}

type Frame = Pick<Diagnosis, 'subject' | 'spent'> & Partial<Pick<Diagnosis, 'expected'>>;

/**
 * The more fundamental mistake is the cause, the next one is told beside it, any others among what
 * is certain.
 */
export const conclude = (
  { blames, notes = [], certain, signed, exhausted, unexplained }: Outcome,
  frame: Frame,
): Diagnosis => {
  const [cause, alsoCause, ...others] = inOrder(blames);
  return {
    ...frame,
    verdict: cause !== undefined ? 'mistake' : unexplained === true ? 'unexplained' : 'valid',
    ...(cause === undefined ? {} : { cause }),
    ...(alsoCause === undefined ? {} : { alsoCause }),
    notes: [...new Set(notes)].map(noteOf),
    certain: [...certain, ...others.map(({ sentence }) => `Besides: ${sentence}`)],
    ...(signed === undefined ? {} : { signed }),
    exhausted,
  };
};

/** By family; within a family the order in which they were found. One of each id. */
const inOrder = (blames: readonly Blame[]): readonly Finding[] => {
  const once = blames.filter(
    ({ finding }, index) => blames.findIndex((other) => other.finding === finding) === index,
  );
  return once
    .map(findingOf)
    .toSorted((a, b) => families.indexOf(a.family) - families.indexOf(b.family));
};
