import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { bodyMistakes, contentMistakes } from './content-mistakes.ts';
import { keyMistakes, sealingMistakes, valueMistakes } from './crypto-mistakes.ts';
import { type MistakeFamily, type MistakeText, remedies } from './remedies.ts';
import type { Remedy } from './remedy.ts';

/** Every mistake that the doctor can name. The ids are stable. */
export const mistakes = {
  ...valueMistakes,
  ...keyMistakes,
  ...contentMistakes,
  ...bodyMistakes,
  ...sealingMistakes,
} as const satisfies Record<string, MistakeText>;

export type MistakeId = keyof typeof mistakes;

export const isMistakeId = (id: string): id is MistakeId => Object.hasOwn(mistakes, id);

/** Unusual but harmless: never a cause. */
export const notes = {
  NOTE_LOWER_CASE_ESCAPES:
    'The value uses lower-case percent escapes (%2b); they are read like %2B.',
  NOTE_BLANK_AFTER_COMMA: 'The header has spaces after its commas; they are ignored.',
  NOTE_HEADER_LIST: 'The header list contains something other than key=value, or a key twice.',
  NOTE_ALGORITHM_CASE: 'The algorithm is not written in capitals; letter case is ignored.',
  NOTE_ALGORITHM_RSA: 'The Encrypt header says algorithm=RSA; it is read as RSA_AES.',
  NOTE_KEY_VERSION_ABSENT: 'The header names no keyVersion; the newest key is meant.',
  NOTE_KEY_VERSION_ZERO:
    'The header says keyVersion=0; the newest active key is meant. Versions start at 1.',
  NOTE_TIME_OFFSET_WITHOUT_COLON:
    'The offset of the time has no colon (+0800); the documented form is +08:00.',
  NOTE_TIME_EPOCH:
    'The time is in milliseconds since 1970; the documented form is ISO-8601 with an offset.',
  NOTE_TIME_UNREADABLE:
    'The time is in no known form. It is signed as text, so the signature does not depend on it.',
  NOTE_METHOD:
    'The message was not sent with POST; the signed content starts with POST in any case.',
  NOTE_ECC_READING:
    'The ECC224 signature is good in another reading than this receiver is set to. No public ' +
    'source specifies hash and form, so compare the setting with what your real counterpart ' +
    'accepts.',
  NOTE_KEY_CLOSE:
    'This length is also what a smaller key would give; check the size of your key too.',
  NOTE_NOT_SEARCHABLE:
    'A random text in the content cannot be found by trying: the printed form of an object, ' +
    "such as [B@1b6d3586 for Java's byte[], or a nonce that was not sent. Print the content " +
    'that your code signs and compare it.',
  NOTE_BODY_WRAPPED:
    'The base64 text of the body has line breaks; they are tolerated, and the signature covers ' +
    'them.',
} as const;

export type NoteId = keyof typeof notes;

/** A proved mistake. */
export interface Mistake {
  readonly id: MistakeId;
  readonly family: MistakeFamily;
  readonly sentence: string;
  /** Which form, where the mistake has several: `Big5`, `one second earlier`. */
  readonly detail?: string;
  readonly remedy: Remedy;
}

/** Something unusual that is not the cause. */
export interface Note {
  readonly id: NoteId;
  readonly sentence: string;
}

/** A mistake that a hypothesis assumes, not proved yet. */
export interface Suspicion {
  readonly mistake: MistakeId;
  readonly detail?: string;
}

export const suspect = (finding: MistakeId, detail?: string): Suspicion =>
  detail === undefined ? { mistake: finding } : { mistake: finding, detail };

export const toMistake = ({ mistake: finding, detail }: Suspicion): Mistake => {
  const { family, sentence, remedy } = mistakes[finding];
  return omitUndefined({
    id: finding,
    family,
    sentence,
    detail,
    remedy: remedies[remedy],
  });
};

export const toNote = (id: NoteId): Note => ({ id, sentence: notes[id] });
