import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import {
  type ClientState,
  keptCollections,
  makeRoom,
  type StateLimits,
} from '../../domain/state/state.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import { readRegularFile } from '../../problems/read-file.ts';
import {
  deleteState,
  emptyState,
  type RecordedChanges,
  type State,
  stateFor,
} from '../memory-store.ts';
import { type Disk, type FileEnd, LineFile, readLines, splitBytes } from './line-file.ts';
import { CorruptStateError, damagedLine, unsupportedVersion } from './state-errors.ts';

/** The format of both files. Earlier ones were never released, and had files of other names. */
const schemaVersion = 4;
const stateFormat = 'alipayhk-mock state';
const markFormat = 'alipayhk-mock end';
const stateName = 'state.log';
const markName = 'state.end';
const earlierNames = /^(?:state\.json|state\.snapshot|newest-log|changes-\d+\.log)$/;

export const isStateFile = (name: string): boolean => name === stateName || name === markName;

export interface StateFolder {
  readonly disk: Disk;
  readonly folder: string;
  /** Whether every line is flushed to the disk itself. */
  readonly syncs: boolean;
  readonly limits: StateLimits;
  /** Characters of a snapshot that are written at once; the event loop is free in between. */
  readonly sliceLength: number;
  /** Called with a sentence on what went wrong apart from any request. */
  readonly onWarning: (sentence: string) => void;
}

/**
 * lowdb's adapter for the state in one file: a header, a snapshot (a line for each record, and one
 * with their number), then a line for each request that has changed something since. A file beside
 * it, the mark, says that it exists, and how it ended at the last start or stop.
 */
export class StateFile implements Adapter<State> {
  readonly home: StateFolder;
  readonly file: string;
  readonly #mark: string;
  #lines: LineFile | undefined;
  /** Of the header and the snapshot. */
  snapshotBytes = 0;
  /** What was appended since a new snapshot was begun, to be appended to it too. */
  #sinceSnapshot: string[] | undefined;
  /**
   * Called when a snapshot is begun. The function it returns takes the last step of it, once all
   * changes that the snapshot may have seen are written and while none is being appended.
   */
  guard: () => (last: () => Promise<void>) => Promise<void> = () => (last) => last();

  constructor(home: StateFolder) {
    this.home = home;
    this.file = join(home.folder, stateName);
    this.#mark = join(home.folder, markName);
  }

  /** Of what was appended to the snapshot. */
  get changeBytes(): number {
    return this.#written.end.bytes - this.snapshotBytes;
  }

  /** What of a failed write may follow the last line. */
  get remains(): LineFile['remains'] {
    return this.#written.remains;
  }

  /**
   * @returns null when there is no file
   * @throws CorruptStateError; StartupError when it has another version
   */
  async read(): Promise<State | null> {
    const { disk, folder, onWarning } = this.home;
    const earlier = readdirSync(folder).find((name) => earlierNames.test(name));
    if (earlier !== undefined) throw refuseEarlier(join(folder, earlier));
    const mark = readMark(this.#mark);
    if (!existsSync(this.file)) {
      if (mark === undefined) return null;
      throw new CorruptStateError(this.file, `it is missing, but ${this.#mark} exists`);
    }
    const content = readRegularFile(this.file);
    const state = emptyState();
    const stated = mark?.end;
    let isStatedFound = false;
    const end = readLines(this.file, content, (text, number, { bytes, checksum }) => {
      isStatedFound ||= bytes === stated?.bytes && checksum === stated.checksum;
      return number === 1
        ? readHeader(this.file, text, stateFormat) !== undefined
        : this.#replay(state, text, bytes);
    });
    if (this.snapshotBytes === 0) throw new CorruptStateError(this.file, 'it is cut short');
    const isEmpty = end.bytes === this.snapshotBytes && state.stateByClient.size === 0;
    if (mark === undefined && !isEmpty)
      throw new CorruptStateError(this.#mark, `it is missing, but ${this.file} holds state`);
    const mayBeLonger = mark?.isOpen === true;
    if (stated !== undefined && !(isStatedFound && (mayBeLonger || end.bytes === stated.bytes)))
      throw new CorruptStateError(
        this.file,
        `it was ${stated.bytes} bytes long, and ${end.bytes} bytes of whole lines are found`,
      );
    const tornBytes = content.length - end.bytes;
    if (tornBytes > 0)
      onWarning(
        `${this.file}: 1 line that was not finished (${tornBytes} bytes) was cut from its end. ` +
          'The process was killed while it wrote it, so no request was answered on the strength ' +
          'of it.',
      );
    this.#lines = new LineFile(disk, this.file, end);
    return state;
  }

  /** Makes the file ready for lines, and says in the mark that more may come. */
  async open(state: State): Promise<void> {
    if (this.#lines === undefined) await this.write(state);
    await this.#written.append([]);
    await this.#writeMark({ end: this.#written.end, isOpen: true });
  }

  /**
   * Replaces the file by one with a new snapshot. Requests are answered meanwhile, and what they
   * change is appended to it at the end: since changes are whole values it does not matter which of
   * them the snapshot has seen.
   */
  async write(state: State): Promise<void> {
    const takeLastStep = this.guard();
    const since: string[] = [];
    this.#sinceSnapshot = since;
    try {
      await this.#replace(this.file, async (next) => {
        let slice = [writeHeader({ format: stateFormat })];
        let [records, length] = [0, 0];
        for (const text of textsOfState(state)) {
          records++;
          slice.push(text);
          length += text.length;
          if (length < this.home.sliceLength) continue;
          await next.append(slice);
          [slice, length] = [[], 0];
        }
        // The disk gets all of it now, and only the rest while requests wait.
        await next.append([...slice, JSON.stringify({ records })], true);
        const { bytes } = next.end;
        await takeLastStep(async () => {
          await next.append(since);
          // Until the next start or stop it states nothing that only the old file has.
          if (this.#lines !== undefined) await this.#writeMark({ isOpen: true });
          await next.moveTo(this.file, this.#lines);
          this.#lines = next;
          this.snapshotBytes = bytes;
        });
      });
    } finally {
      this.#sinceSnapshot = undefined;
    }
  }

  append(texts: readonly string[]): Promise<void> {
    const done = this.#written.append(texts, this.home.syncs);
    // What is being appended when a snapshot begins was decided before, so the snapshot has it.
    const since = this.#sinceSnapshot;
    return since === undefined ? done : done.then(() => void since.push(...texts));
  }

  /** Says in the mark how the file ends. @throws Error when it is no longer in its folder */
  async markEnd(): Promise<void> {
    this.#written.checkPlace();
    // Without it a loss of the last lines would not be noticed, and no more.
    await this.#writeMark({ end: this.#written.end }).catch(() => {});
  }

  async close(): Promise<void> {
    await this.#lines?.close();
  }

  get #written(): LineFile {
    if (this.#lines === undefined) throw new Error(`${this.file} is not open`);
    return this.#lines;
  }

  /** @returns false when the line, which ends there, is not one of a state file */
  #replay(state: State, text: Buffer, end: number): boolean {
    const isSnapshot = this.snapshotBytes === 0;
    if (isSnapshot && text[0] === brace) {
      this.snapshotBytes = end;
      return true;
    }
    const client = replayLine(state, text, isSnapshot);
    if (client !== undefined && !isSnapshot) makeRoom(client, this.home.limits);
    return client !== undefined;
  }

  #writeMark(stated: Pick<FileHeader, 'end' | 'isOpen'>): Promise<void> {
    return this.#replace(this.#mark, async (next) => {
      await next.append([writeHeader({ format: markFormat, ...stated })]);
      await next.moveTo(this.#mark);
    });
  }

  async #replace(file: string, write: (next: LineFile) => Promise<void>): Promise<void> {
    const { disk } = this.home;
    const next = new LineFile(disk, `${file}.tmp`);
    try {
      await write(next);
    } catch (error) {
      await next.close();
      await disk.remove(`${file}.tmp`).catch(() => {});
      throw error;
    }
  }
}

/** The first line of a file. */
interface FileHeader {
  readonly format: string;
  /** Of the mark: where the state file ended at the last start, or at the stop. */
  readonly end?: FileEnd;
  /** Of the mark: that lines may follow. */
  readonly isOpen?: boolean;
}

const writeHeader = (fields: FileHeader): string => JSON.stringify({ ...fields, schemaVersion });

/** @returns undefined when it is not the header of such a file */
const readHeader = (file: string, text: Buffer, format: string): FileHeader | undefined => {
  // Its checksum shows that it is as it was written.
  const header = tryParseJson(text.toString()) as FileHeader & { schemaVersion: number };
  if (header?.format !== format) return undefined;
  if (header.schemaVersion !== schemaVersion)
    throw unsupportedVersion(file, header.schemaVersion, schemaVersion);
  return header;
};

const refuseEarlier = (file: string): Error => {
  const [line = ''] = readRegularFile(file).toString().split('\n', 1);
  return unsupportedVersion(
    file,
    Number(/"schemaVersion":(\d+)/.exec(line)?.[1] ?? 1),
    schemaVersion,
  );
};

const readMark = (file: string): FileHeader | undefined => {
  if (!existsSync(file)) return undefined;
  const content = readRegularFile(file);
  let mark: FileHeader | undefined;
  const { bytes } = readLines(file, content, (text) => {
    mark = readHeader(file, text, markFormat);
    return mark !== undefined;
  });
  if (mark === undefined || bytes < content.length) throw damagedLine(file, 1);
  return mark;
};

/** In place of changes, when all state of a client was deleted: a word of the format. */
const deleted = 'deleted';

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
function* textsOfState({ stateByClient }: State): Generator<string> {
  for (const [clientId, state] of stateByClient)
    for (const name of keptCollections)
      for (const [id, text] of state[name].texts())
        yield `${JSON.stringify(clientId)}\t${name}\t${JSON.stringify(id)}\t${text}`;
}

const tabulator = 0x09;
/** Begins the last line of a snapshot, and no other one. */
const brace = 0x7b;
/** Begins `null`, and no record. */
const letterN = 0x6e;

/**
 * Puts a line back into a state. A record that is in a snapshot twice was deleted and created again
 * while it was written, and is last where it was read last.
 * @returns the client's state; undefined when the line is not one of a state file
 */
const replayLine = (state: State, text: Buffer, isSnapshot: boolean): ClientState | undefined => {
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
