import { clipText } from '../../problems/clip-text.ts';
import { readAlgorithm, type SignatureAlgorithm } from '../../protocol/algorithms.ts';
import {
  meantKey,
  readHeaderPairs,
  withCommas,
  wrongSeparator,
} from '../../protocol/header-pairs.ts';
import type { NoteId } from '../catalogue/notes.ts';
import { type Blame, blame } from '../finding.ts';

/** The Signature header, taken as it comes. */
export interface SignatureHeaderReading {
  /** Undefined: a name that does not exist here. */
  readonly algorithm: SignatureAlgorithm | undefined;
  /** Undefined: none was stated, the newest is meant. NaN: stated, but no whole number. */
  readonly version: number | undefined;
  readonly value: string | undefined;
  readonly notes: readonly NoteId[];
  /** What is wrong with the list itself; the fields above are what it means all the same. */
  readonly blames: readonly Blame[];
}

/** The header as the gateway reads it and, where its list is malformed, as it was meant. */
export interface SignatureHeaderReadings {
  readonly asRead: SignatureHeaderReading;
  readonly asMeant: SignatureHeaderReading | undefined;
}

export const readSignatureHeader = (header: string): SignatureHeaderReadings => {
  const separator = wrongSeparator(header);
  const { pairs, faults } = readHeaderPairs(header);
  const asRead = readPairs(header, pairs, faults, []);
  if (separator !== undefined) {
    const list = readHeaderPairs(withCommas(header));
    return {
      asRead,
      asMeant: readPairs(header, list.pairs, [], [blame('HEADER_SEPARATORS', separator)]),
    };
  }
  const misspelt = [...pairs.keys()].flatMap((key) => {
    const meant = meantKey(key, 'Signature');
    return meant === undefined || pairs.has(meant) ? [] : [[key, meant] as const];
  });
  if (misspelt.length === 0) return { asRead, asMeant: undefined };
  const detail = misspelt
    .map(([key, meant]) => `"${clipText(key, 40)}" instead of "${meant}"`)
    .join(', ');
  const corrected = new Map([
    ...pairs,
    ...misspelt.map(([key, meant]) => [meant, pairs.get(key) ?? ''] as const),
  ]);
  return {
    asRead,
    asMeant: readPairs(header, corrected, faults, [blame('HEADER_KEY_MISSPELT', detail)]),
  };
};

const readPairs = (
  header: string,
  pairs: ReadonlyMap<string, string>,
  faults: readonly string[],
  blames: readonly Blame[],
): SignatureHeaderReading => {
  const name = pairs.get('algorithm');
  const version = pairs.get('keyVersion') ?? '';
  const value = pairs.get('signature') ?? '';
  const algorithm = readAlgorithm(name);
  return {
    algorithm,
    version: readVersion(version),
    value: value === '' ? undefined : value,
    blames,
    notes: [
      ...note('NOTE_HEADER_LIST', faults.length > 0),
      ...note('NOTE_BLANK_AFTER_COMMA', /,\s/.test(header)),
      ...note(
        'NOTE_ALGORITHM_CASE',
        algorithm !== undefined && name !== undefined && name !== '' && name !== algorithm,
      ),
      ...note('NOTE_KEY_VERSION_ABSENT', version === ''),
      ...note('NOTE_KEY_VERSION_ZERO', /^0{1,9}$/.test(version)),
      ...note('NOTE_LOWER_CASE_ESCAPES', /%(?:[0-9A-F][a-f]|[a-f][0-9A-Fa-f])/.test(value)),
    ],
  };
};

/** 0 means the newest, as no version does (register G-10). */
const readVersion = (text: string): number | undefined => {
  if (text === '') return undefined;
  const version = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return version === 0 ? undefined : version;
};

const note = (id: NoteId, applies: boolean): readonly NoteId[] => (applies ? [id] : []);
