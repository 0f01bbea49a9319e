import type { Family } from './catalogue/finding-text.ts';
import { type FindingId, findings } from './catalogue/findings.ts';
import { type NoteId, notes } from './catalogue/notes.ts';
import { remedies } from './remedies/remedies.ts';
import type { Remedy } from './remedies/remedy.ts';

export type { FindingId } from './catalogue/findings.ts';

/** One mistake, proved. */
export interface Finding {
  readonly id: FindingId;
  readonly family: Family;
  readonly sentence: string;
  /** What exactly, where the finding has several forms: `Big5`, `one second earlier`. */
  readonly detail?: string;
  readonly remedy: Remedy;
}

/** Something odd that is not the cause. */
export interface Note {
  readonly id: NoteId;
  readonly sentence: string;
}

/** A finding's id with its detail: what a hypothesis says before it is proved. */
export interface Blame {
  readonly finding: FindingId;
  readonly detail?: string;
}

export const blame = (finding: FindingId, detail?: string): Blame =>
  detail === undefined ? { finding } : { finding, detail };

export const findingOf = ({ finding, detail }: Blame): Finding => {
  const { family, sentence, remedy } = findings[finding];
  return {
    id: finding,
    family,
    sentence,
    ...(detail === undefined ? {} : { detail }),
    remedy: remedies[remedy],
  };
};

export const noteOf = (id: NoteId): Note => ({ id, sentence: notes[id] });
