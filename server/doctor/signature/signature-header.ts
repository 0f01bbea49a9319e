import { readAlgorithm, type SignatureAlgorithm } from '../../protocol/algorithms.ts';
import { readHeaderPairs } from '../../protocol/header-pairs.ts';
import type { NoteId } from '../catalogue/notes.ts';

/** The Signature header, taken as it comes. */
export interface SignatureHeaderReading {
  /** Undefined: a name that does not exist here. */
  readonly algorithm: SignatureAlgorithm | undefined;
  /** Undefined: none was stated, the newest is meant. NaN: stated, but no whole number. */
  readonly version: number | undefined;
  readonly value: string | undefined;
  readonly notes: readonly NoteId[];
}

export const readSignatureHeader = (header: string): SignatureHeaderReading => {
  const { pairs, faults } = readHeaderPairs(header);
  const name = pairs.get('algorithm');
  const version = pairs.get('keyVersion') ?? '';
  const value = pairs.get('signature') ?? '';
  const algorithm = readAlgorithm(name);
  return {
    algorithm,
    version: version === '' ? undefined : /^\d{1,9}$/.test(version) ? Number(version) : Number.NaN,
    value: value === '' ? undefined : value,
    notes: [
      ...note('NOTE_HEADER_LIST', faults.length > 0),
      ...note('NOTE_BLANK_AFTER_COMMA', /,\s/.test(header)),
      ...note('NOTE_ALGORITHM_CASE', algorithm !== undefined && name !== undefined && name !== '' && name !== algorithm),
      ...note('NOTE_KEY_VERSION_ABSENT', version === ''),
      ...note('NOTE_LOWER_CASE_ESCAPES', /%(?:[0-9A-F][a-f]|[a-f][0-9A-Fa-f])/.test(value)),
    ],
  };
};

const note = (id: NoteId, applies: boolean): readonly NoteId[] => (applies ? [id] : []);
