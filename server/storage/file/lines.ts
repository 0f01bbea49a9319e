import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { type ClientState, keptCollections } from '../../domain/state/state.ts';
import type { StartupError } from '../../problems/problem.ts';
import { deleteState, type RecordedChanges, type State, stateFor } from '../memory-store.ts';
import { CorruptStateError, damagedLine, startupError } from './state-errors.ts';

/** The format of all state files. Earlier versions were never released. */
const schemaVersion = 3;

/** Eight hexadecimal digits and a space precede the text of every line. */
const checksumLength = 9;

/**
 * The lines of one file, each with a checksum over its own text and that of all lines before it:
 * none of them can be removed, added or moved without breaking the next.
 */
export class LineChain {
  #last = 0;

  /** Of the last line. */
  get checksum(): string {
    return this.#last.toString(16).padStart(8, '0');
  }

  /** Writes the next line. */
  line(text: string): string {
    this.#last = crc32(text, this.#last);
    return `${this.checksum} ${text}\n`;
  }

  /** Reads the next line. @returns its text; undefined when it is not as it was written */
  read(line: Buffer): Buffer | undefined {
    const text = line.subarray(checksumLength);
    const before = this.#last;
    this.#last = crc32(text, before);
    if (line.toString('latin1', 0, checksumLength) === `${this.checksum} `) return text;
    this.#last = before;
    return undefined;
  }

  copy(): LineChain {
    const copy = new LineChain();
    copy.#last = this.#last;
    return copy;
  }
}

/** A change log, and how it ended. */
const logEnd = z.object({ log: z.int().min(0), bytes: z.int().min(0), checksum: z.string() });
export type LogEnd = z.infer<typeof logEnd>;

export const noLog: LogEnd = { log: 0, bytes: 0, checksum: '' };

/** The first line of a state file. */
const header = z.object({
  format: z.enum(['alipayhk-mock state', 'alipayhk-mock changes', 'alipayhk-mock newest log']),
  /** Of a snapshot: the changes of this log, and of those before it, are in it. */
  covers: logEnd.optional(),
  /** Of a log: the one before it. So a log that loses its end later is recognised. */
  after: logEnd.optional(),
  newestLog: z.int().min(0).optional(),
  /** After a stop: how the newest log ended. */
  end: logEnd.optional(),
});
export type FileHeader = z.infer<typeof header>;

export const headerText = (fields: FileHeader): string =>
  JSON.stringify({ ...fields, schemaVersion });

const anyHeader = z.looseObject({ schemaVersion: z.int() });

const readHeader = (file: string, line: Buffer, chain: LineChain): FileHeader => {
  const found = anyHeader.safeParse(parseJson(chain.read(line))).data;
  // Format 1 had lines of its own from the first on.
  const isFirst = line.toString('latin1', checksumLength).startsWith('{"clientId":');
  const version = isFirst ? 1 : (found?.schemaVersion ?? schemaVersion);
  if (version !== schemaVersion) throw unsupportedVersion(file, version);
  const known = header.safeParse(found).data;
  if (known === undefined) throw damagedLine(file, 1);
  return known;
};

export const unsupportedVersion = (file: string, found: number): StartupError =>
  startupError(
    file,
    `has the format version ${found}${found < schemaVersion ? ' of an unreleased version' : ''}, ` +
      `and this version of alipayhk-mock reads only ${schemaVersion}`,
    'Name another folder with --data. To keep the state, export it with the version that wrote ' +
      'it (state export) and import it here (state import).',
  );

export const lineFeed = 0x0a;
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
  readonly bytes: number;
  readonly checksum: string;
  /** The length of what follows them: a line that was not finished. */
  readonly tornBytes: number;
}

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
  const chain = new LineChain();
  let header: FileHeader | undefined;
  let bytes = 0;
  let number = 0;
  for (const line of splitBytes(content, lineFeed)) {
    if (bytes + line.length === content.length) {
      // No line feed ends it. It was not finished, unless it is whole up to its last byte.
      if (chain.read(line.subarray(0, -1)) === undefined) break;
      throw new CorruptStateError(file, 'the end of its last line is damaged');
    }
    bytes += line.length + 1;
    if (++number === 1) header = readHeader(file, line, chain);
    else {
      const text = chain.read(line);
      if (text === undefined || !take(text)) throw damagedLine(file, number);
    }
  }
  return { header, bytes, checksum: chain.checksum, tornBytes: content.length - bytes };
};

const parseJson = (text: Buffer | undefined): unknown => {
  try {
    return JSON.parse(text?.toString() ?? '');
  } catch {
    return undefined;
  }
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
  const clientId = parseJson(client);
  if (typeof clientId !== 'string') return undefined;
  if (fields[0]?.toString() === deleted) deleteState(state, clientId);
  else
    for (let index = 0; index < fields.length; index += 3) {
      const name = fields[index]?.toString();
      const collection = keptCollections.find((known) => known === name);
      const id = parseJson(fields[index + 1]);
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
