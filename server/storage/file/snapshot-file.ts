import type { Adapter } from 'lowdb';
import { emptyState, type State } from '../memory-store.ts';
import { type Disk, replaceFile } from './disk.ts';
import {
  headerText,
  LineChain,
  type LogEnd,
  noLog,
  readLines,
  replayLine,
  textsOfState,
} from './lines.ts';
import { CorruptStateError, damagedLine } from './state-errors.ts';
import { snapshotFile } from './state-folder.ts';

const lastLine = /^\{"records":(\d+)\}$/;
const brace = 0x7b;

/**
 * lowdb's adapter for a whole state in one file: a header, a line for each record, a last line with
 * their number. It is written in slices next to the last one, then put in its place. Requests are
 * answered meanwhile: what they change is in a log that a start replays over it, and since changes
 * are whole values it does not matter which of them the snapshot has seen.
 */
export class SnapshotFile implements Adapter<State> {
  readonly #disk: Disk;
  readonly #folder: string;
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
    this.#folder = folder;
    this.#sliceLength = sliceLength;
  }

  /**
   * @returns null when there is no snapshot
   * @throws CorruptStateError; StartupError when it has another version
   */
  async read(): Promise<State | null> {
    const file = snapshotFile(this.#folder);
    if (!(await this.#disk.list(this.#folder)).includes('state.snapshot')) return null;
    const content = this.#disk.read(file);
    const state = emptyState();
    let promised: number | undefined;
    let records = 0;
    const { header, tornBytes } = readLines(file, content, (text) => {
      if (promised !== undefined) return false;
      if (text[0] === brace) promised = Number(lastLine.exec(text.toString())?.[1]);
      else records++;
      return promised !== undefined || replayLine(state, text, true) !== undefined;
    });
    if (promised === undefined || tornBytes > 0)
      throw new CorruptStateError(file, 'it is cut short');
    if (promised !== records)
      throw new CorruptStateError(file, `it holds ${records} records instead of ${promised}`);
    if (header?.covers === undefined) throw damagedLine(file, 1);
    this.covers = header.covers;
    this.bytes = content.length;
    return state;
  }

  async write(state: State): Promise<void> {
    const file = snapshotFile(this.#folder);
    const chain = new LineChain();
    this.bytes = await replaceFile(
      this.#disk,
      [`${file}.tmp`, file],
      async (append) => {
        let slice = chain.line(headerText({ format: 'alipayhk-mock state', covers: this.covers }));
        let records = 0;
        for (const text of textsOfState(state)) {
          slice += chain.line(text);
          records++;
          if (slice.length < this.#sliceLength) continue;
          await append(slice);
          slice = '';
        }
        await append(slice + chain.line(JSON.stringify({ records })));
      },
      () => this.confirm(),
    );
  }
}
