import { type ClientState, keptCollections } from '../../domain/state/state.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import type { StartupError } from '../../problems/problem.ts';
import { deleteState, type RecordedChanges, type State, stateFor } from '../memory-store.ts';
import { chainChecksum, type FileEnd, lineFeed } from './line-file.ts';
import { CorruptStateError, damagedLine, startupError } from './state-errors.ts';

/** The format of all state files. Earlier versions were never released. */
const schemaVersion = 3;

/** A change log, and how it ended. */
export interface LogEnd extends FileEnd {
  readonly log: number;
}

/** The first line of a state file. */
export interface FileHeader {
  readonly format: 'alipayhk-mock state' | 'alipayhk-mock changes' | 'alipayhk-mock newest log';
  /** Of a snapshot: the changes of this log, and of those before it, are in it. */
  readonly covers?: LogEnd;
  /** Of a log: the one before it. So a log that loses its end later is recognised. */
  readonly after?: LogEnd;
  readonly newestLog?: number;
  /** After a stop: how the newest log ended. */
  readonly end?: LogEnd | undefined;
}

export const writeHeaderLine = (fields: FileHeader): string =>
  JSON.stringify({ ...fields, schemaVersion });

const readHeader = (file: string, text: Buffer, isIntact: boolean): FileHeader => {
  // Its checksum shows that it is as it was written.
  const header = tryParseJson(text.toString()) as
    | (FileHeader & { schemaVersion: number })
    | undefined;
  // Format 1 had lines of its own from the first on.
  const isFirst = text.toString().startsWith('{"clientId":');
  const version = isFirst ? 1 : isIntact ? header?.schemaVersion : schemaVersion;
  if (version !== undefined && version !== schemaVersion) throw unsupportedVersion(file, version);
  if (header === undefined || !isIntact) throw damagedLine(file, 1);
  return header;
};

export const unsupportedVersion = (file: string, found: number): StartupError =>
  startupError(
    file,
    `has the format version ${found}${found < schemaVersion ? ' of an unreleased version' : ''}, ` +
      `and this version of alipayhk-mock reads only ${schemaVersion}`,
    'Name another folder with --data. To keep the state, export it with the version that wrote ' +
      'it (state export) and import it here (state import).',
  );

const tabulator = 0x09;

function* splitBytes(bytes: Buffer, delimiter: number): Generator<Buffer> {
  let start = 0;
  for (let end = bytes.indexOf(delimiter); end >= 0; end = bytes.indexOf(delimiter, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  yield bytes.subarray(start);
}

/** The whole lines of a file. */
export interface ReadLines {
  /** Undefined when no line is whole. */
  readonly header: FileHeader | undefined;
  readonly end: FileEnd;
  /** The length of what follows them: a line that was not finished. */
  readonly tornBytes: number;
}

/** Eight hexadecimal digits and a space precede the text of every line. */
const checksumLength = 9;

/**
 * Reads the lines of a state file.
 * @param take called with each line after the first; returns false when it is not such a line
 * @throws CorruptStateError; StartupError when the file has another version
 */
export const readLines = (
  file: string,
  content: Buffer,
  take: (text: Buffer) => boolean,
): ReadLines => {
  let header: FileHeader | undefined;
  let [bytes, checksum, number] = [0, '', 0];
  for (const line of splitBytes(content, lineFeed)) {
    const isLast = bytes + line.length === content.length;
    const text = line.subarray(checksumLength, isLast ? -1 : undefined);
    const next = chainChecksum(checksum, text);
    const isIntact = line.toString('latin1', 0, checksumLength) === `${next} `;
    if (isLast) {
      // No line feed ends it. It was not finished, unless it is whole up to its last byte.
      if (!isIntact) break;
      throw new CorruptStateError(file, 'the end of its last line is damaged');
    }
    bytes += line.length + 1;
    checksum = next;
    if (++number === 1) header = readHeader(file, text, isIntact);
    else if (!isIntact || !take(text)) throw damagedLine(file, number);
  }
  return { header, end: { bytes, checksum }, tornBytes: content.length - bytes };
};

/** In place of changes, when all state of a client was deleted: a word of format 3. */
const deleted = 'forgotten';

/**
 * The text of a line: `client ⇥ collection ⇥ id ⇥ record`, the last three again for each further
 * change of the same request. Names and records are JSON, which holds no tab as such.
 */
export const textOfChanges = (clientId: string, changes: RecordedChanges): string =>
  changes === 'deleted'
    ? `${JSON.stringify(clientId)}\t${deleted}`
    : changes.reduce(
        (text, { collection, id, value }) =>
          `${text}\t${collection}\t${JSON.stringify(id)}\t${JSON.stringify(value)}`,
        JSON.stringify(clientId),
      );

/** The lines of all kept records. Records may come and go while it runs. */
export function* textsOfState({ stateByClient }: State): Generator<string> {
  for (const [clientId, state] of stateByClient)
    for (const name of keptCollections)
      for (const [id, text] of state[name].texts())
        yield `${JSON.stringify(clientId)}\t${name}\t${JSON.stringify(id)}\t${text}`;
}

/**
 * Puts a line back into a state. A record that is in a snapshot twice was deleted and created again
 * while it was written, and is last where it was read last.
 * @returns the client's state; undefined when the line is not one of a state file
 */
export const replayLine = (
  state: State,
  text: Buffer,
  isSnapshot: boolean,
): ClientState | undefined => {
  const [client, ...fields] = splitBytes(text, tabulator);
  const clientId = tryParseJson(client?.toString() ?? '');
  if (typeof clientId !== 'string') return undefined;
  if (fields[0]?.toString() === deleted) deleteState(state, clientId);
  else
    for (let index = 0; index < fields.length; index += 3) {
      const name = fields[index]?.toString();
      const collection = keptCollections.find((known) => known === name);
      const id = tryParseJson(fields[index + 1]?.toString() ?? '');
      const record = fields[index + 2];
      if (collection === undefined || typeof id !== 'string' || record === undefined)
        return undefined;
      const records = stateFor(state, clientId)[collection];
      const isNull = record[0] === letterN;
      if (isSnapshot || isNull) records.delete(id);
      if (!isNull) records.setText(id, record);
    }
  return stateFor(state, clientId);
};

const letterN = 0x6e;
