import type { Adapter } from 'lowdb';
import { emptyState, type State } from '../memory-store.ts';
import { type Disk, type DiskFile, writeAll } from './disk.ts';
import { snapshotFile } from './folder-files.ts';
import {
  headerText,
  LineChain,
  type LogEnd,
  noLog,
  readHeader,
  readLines,
  replayLine,
  textsOfState,
} from './lines.ts';
import { CorruptStateError, damagedLine, errorCode } from './state-errors.ts';

const snapshotFormat = 'alipayhk-mock state';
const brace = 0x7b;
const lastLine = /^\{"records":(\d+)\}$/;

/**
 * lowdb's adapter for a whole state in one file: a header, a line for each record, a last line with
 * their number. It is written in slices next to the last one, flushed to the disk, then put in its
 * place. Requests are answered meanwhile: what they change is in a log that a start replays over
 * it, and since changes are whole values it does not matter which of them the snapshot has seen.
 */
export class SnapshotFile implements Adapter<State> {
  readonly #disk: Disk;
  readonly #file: string;
  readonly #sliceLength: number;
  /** The last change log that the snapshot contains. */
  covers: LogEnd = noLog;
  /** Of the last snapshot read or written. */
  bytes = 0;
  /**
   * Called before a snapshot takes the place of the last one: settles when all changes that it may
   * have seen are written.
   */
  confirm: () => Promise<void> = async () => {};

  /** @param sliceLength characters that are written at once; the event loop is free in between */
  constructor(disk: Disk, folder: string, sliceLength: number) {
    this.#disk = disk;
    this.#file = snapshotFile(folder);
    this.#sliceLength = sliceLength;
  }

  /**
   * @returns null when there is no snapshot
   * @throws CorruptStateError, UnsupportedVersionError
   */
  async read(): Promise<State | null> {
    const content = this.#readFile();
    if (content === undefined) return null;
    const file = this.#file;
    const state = emptyState();
    const chain = new LineChain();
    let promised: number | undefined;
    let records = 0;
    const { rest } = readLines(content, (line, number) => {
      if (number === 1) {
        const header = readHeader(file, line, chain);
        if (header?.format !== snapshotFormat || header.covers === undefined)
          throw new CorruptStateError(file, 'line 1 is damaged');
        this.covers = header.covers;
        return;
      }
      const text = chain.read(line);
      if (text === undefined || promised !== undefined) throw damagedLine(file, number);
      if (text[0] === brace) promised = Number(lastLine.exec(text.toString())?.[1] ?? -1);
      else if (replayLine(state, text, true) !== undefined) records++;
      else throw damagedLine(file, number);
    });
    if (promised === undefined || rest.length > 0)
      throw new CorruptStateError(file, 'it is cut short');
    if (promised !== records)
      throw new CorruptStateError(file, `it holds ${records} records instead of ${promised}`);
    this.bytes = content.length;
    return state;
  }

  async write(state: State): Promise<void> {
    const temporary = `${this.#file}.tmp`;
    await this.#disk.remove(temporary);
    const file = await this.#disk.create(temporary);
    try {
      const bytes = await this.#writeLines(file, state);
      await file.sync();
      await file.close();
      await this.confirm();
      await this.#disk.rename(temporary, this.#file);
      this.bytes = bytes;
    } catch (error) {
      await file.close().catch(() => {});
      await this.#disk.remove(temporary).catch(() => {});
      throw error;
    }
  }

  async #writeLines(file: DiskFile, state: State): Promise<number> {
    const chain = new LineChain();
    let slice = chain.line(headerText({ format: snapshotFormat, covers: this.covers }));
    let records = 0;
    let bytes = 0;
    const writeSlice = async (): Promise<void> => {
      const written = Buffer.from(slice);
      slice = '';
      await writeAll(file, written, bytes);
      bytes += written.length;
    };
    for (const text of textsOfState(state)) {
      slice += chain.line(text);
      records++;
      if (slice.length >= this.#sliceLength) await writeSlice();
    }
    slice += chain.line(JSON.stringify({ records }));
    await writeSlice();
    return bytes;
  }

  #readFile(): Buffer | undefined {
    try {
      return this.#disk.read(this.#file);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}
