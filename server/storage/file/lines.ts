import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { RecordMap } from '../../domain/state/record-map.ts';
import { type ClientState, keptCollections } from '../../domain/state/state.ts';
import { deleteState, type RecordedChanges, type State, stateFor } from '../memory-store.ts';
import { UnsupportedVersionError } from './state-errors.ts';

/** The format of all state files. Earlier versions were never released. */
export const schemaVersion = 3;

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

export const lineFeed = 0x0a;

/**
 * Hands out the lines of a file without their line feeds, numbered from 1.
 * @returns the length of all whole lines, and what follows them: a line that was not finished
 */
export const readLines = (
  file: Buffer,
  take: (line: Buffer, number: number) => void,
): { readonly bytes: number; readonly rest: Buffer } => {
  let start = 0;
  let number = 0;
  for (let end = file.indexOf(lineFeed); end >= 0; end = file.indexOf(lineFeed, start)) {
    take(file.subarray(start, end), ++number);
    start = end + 1;
  }
  return { bytes: start, rest: file.subarray(start) };
};

/** A change log, and how it ended. */
const logEnd = z.object({ log: z.int().min(0), bytes: z.int().min(0), checksum: z.string() });
export type LogEnd = z.infer<typeof logEnd>;

export const noLog: LogEnd = { log: 0, bytes: 0, checksum: '' };

const header = z.object({
  format: z.string(),
  /** Of a snapshot: the changes of this log, and of those before it, are in it. */
  covers: logEnd.optional(),
  /** Of a log: the one before it. */
  after: logEnd.optional(),
  /** Of the file that names the newest log. */
  newestLog: z.int().min(0).optional(),
  /** Of the same file, after a stop: how that log ended. */
  end: logEnd.optional(),
});
export type FileHeader = z.infer<typeof header>;

export const headerText = (fields: FileHeader): string =>
  JSON.stringify({ ...fields, schemaVersion });

const anyVersion = z.looseObject({ format: z.string(), schemaVersion: z.int() });

/**
 * Reads the first line of a state file.
 * @returns undefined when it is no header, or has another checksum
 * @throws UnsupportedVersionError
 */
export const readHeader = (
  file: string,
  line: Buffer,
  chain: LineChain,
): FileHeader | undefined => {
  // Format 1 had lines of its own from the first on.
  if (line.toString('latin1', checksumLength).startsWith('{"clientId":'))
    throw new UnsupportedVersionError(file, 1, schemaVersion);
  const found = anyVersion.safeParse(parseLineJson(chain.read(line)?.toString())).data;
  if (found !== undefined && found.schemaVersion !== schemaVersion)
    throw new UnsupportedVersionError(file, found.schemaVersion, schemaVersion);
  return header.safeParse(found).data;
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
    : [
        JSON.stringify(clientId),
        ...changes.flatMap(({ collection, id, value }) => [
          collection,
          JSON.stringify(id),
          JSON.stringify(value),
        ]),
      ].join('\t');

/** The lines of all kept records. Records may come and go while it runs. */
export function* textsOfState({ stateByClient }: State): Generator<string> {
  for (const [clientId, state] of stateByClient)
    for (const name of keptCollections) {
      const records = state[name];
      if (!(records instanceof RecordMap)) continue;
      for (const [id, text] of records.texts())
        yield `${JSON.stringify(clientId)}\t${name}\t${JSON.stringify(id)}\t${text}`;
    }
}

const tabulator = 0x09;

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
  let rest: Buffer | undefined = text;
  const nextField = (): Buffer | undefined => {
    const end = rest?.indexOf(tabulator) ?? -1;
    const field = end < 0 ? rest : rest?.subarray(0, end);
    rest = end < 0 ? undefined : rest?.subarray(end + 1);
    return field;
  };
  const clientId = parseLineJson(nextField()?.toString());
  if (typeof clientId !== 'string') return undefined;
  while (rest !== undefined) {
    const name = nextField()?.toString('latin1');
    if (name === deleted) {
      deleteState(state, clientId);
      continue;
    }
    const collection = keptCollections.find((known) => known === name);
    const id = parseLineJson(nextField()?.toString());
    const record = nextField();
    if (collection === undefined || typeof id !== 'string' || record === undefined)
      return undefined;
    const records = stateFor(state, clientId)[collection];
    const isNull = record[0] === letterN;
    if (isSnapshot || isNull) records.delete(id);
    if (!isNull && records instanceof RecordMap) records.setText(id, record);
  }
  return stateFor(state, clientId);
};

const letterN = 0x6e;

const parseLineJson = (text = ''): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
