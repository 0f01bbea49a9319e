import { readTimestamp, type TimestampForm } from '../../protocol/timestamps.ts';
import type { NoteId } from '../catalogue/notes.ts';
import type { SignatureCase } from '../diagnosis.ts';

const timeNotes: Readonly<Record<TimestampForm, NoteId | undefined>> = {
  documented: undefined,
  'offset-without-colon': 'NOTE_TIME_OFFSET_WITHOUT_COLON',
  'epoch-milliseconds': 'NOTE_TIME_EPOCH',
};

/** What is odd about a message besides its Signature header. */
export const messageNotes = ({
  time,
  method,
}: Pick<SignatureCase, 'time' | 'method'>): readonly NoteId[] => {
  const reading = readTimestamp(time);
  const aboutTime = reading === undefined ? 'NOTE_TIME_UNREADABLE' : timeNotes[reading.form];
  const aboutMethod: NoteId | undefined =
    method.toUpperCase() === 'POST' ? undefined : 'NOTE_METHOD';
  return [aboutTime, aboutMethod].filter((id) => id !== undefined);
};
