import type { Adapter } from 'lowdb';
import { RecordMap } from '../../domain/state/record-map.ts';
import { emptyState, keptCollections, type State } from '../state-store.ts';
import { type Line, LineChain, readLines, verifiedText } from './checked-line.ts';
import { CorruptStateError, damagedLine } from './corrupt-state.ts';
import type { Disk, DiskFile } from './disk.ts';
import { type LogEnd, readHeader, schemaVersion } from './file-header.ts';
import { createReplay, textOfRecord } from './record-lines.ts';

const format = 'alipayhk-mock state';

/** So that a log beside it never waits for the whole snapshot to reach the disk. */
const bytesBetweenSyncs = 16 * 1024 * 1024;

/**
 * Waits as long as suits between two slices of a snapshot, or throws to give it up. @param tookMs
 * how long the slice has kept the event loop
 */
export type Pace = (tookMs: number) => Promise<void>;

/**
 * lowdb's adapter for a whole state in one file: a header, a line for each record, a last line that
 * says how many. It is written in slices, beside the last one, flushed to the disk, then put in its
 * place. Requests go on meanwhile: what they change is in a log that a start replays over it, and
 * since changes are whole values it does not matter which of them the snapshot has seen.
 */
export class SnapshotFile implements Adapter<State> {
  readonly #disk: Disk;
  readonly #file: string;
  readonly #pace: Pace;
  readonly #sliceLength: number;
  /** Of the last snapshot read or written. */
  bytes = 0;
  /**
   * Asked before a snapshot takes the place of the last one: settles when all changes that it may
   * have seen are written.
   */
  confirm: () => Promise<void> = () => Promise.resolve();

  constructor(disk: Disk, file: string, pace: Pace, sliceLength: number) {
    this.#disk = disk;
    this.#file = file;
    this.#pace = pace;
    this.#sliceLength = sliceLength;
  }

  /** @returns null when there is no snapshot. @throws CorruptState, UnsupportedFormat */
  async read(): Promise<State | null> {
    const state = emptyState();
    const replay = createReplay(
      state,
      { requests: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY },
      'record',
    );
    const chain = new LineChain();
    let covers: LogEnd | undefined;
    let promised: number | undefined;
    let records = 0;
    const { bytes, rest } = await readLines(this.#disk.read(this.#file), (line) => {
      if (covers === undefined) {
        covers = this.#readHeader(line, chain);
        return;
      }
      if (promised !== undefined || !chain.accepts(line)) throw damagedLine(this.#file, line);
      if (line.piece[line.start + 9] === 0x7b) promised = recordsIn(verifiedText(line));
      else if (replay(line)) records++;
      else throw damagedLine(this.#file, line);
    }).catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? { bytes: -1, rest: '' } : Promise.reject(error),
    );
    if (bytes < 0) return null;
    if (covers === undefined || promised === undefined || rest.length > 0)
      throw new CorruptStateError(this.#file, 'it is cut short');
    if (promised !== records)
      throw new CorruptStateError(this.#file, `it holds ${records} records instead of ${promised}`);
    this.bytes = bytes;
    return Object.assign(state, { covers });
  }

  async write(state: State): Promise<void> {
    const temporary = `${this.#file}.tmp`;
    await this.#disk.remove(temporary);
    const slices = new SliceWriter(await this.#disk.create(temporary), this.#pace);
    try {
      for (const line of snapshotLines(state)) {
        slices.add(line);
        if (slices.length >= this.#sliceLength) await slices.write();
      }
      await slices.finish();
      await this.confirm();
    } catch (error) {
      await slices.abandon();
      await this.#disk.remove(temporary).catch(() => {});
      throw error;
    }
    await this.#disk.rename(temporary, this.#file);
    this.bytes = slices.bytes;
  }

  #readHeader(line: Line, chain: LineChain): LogEnd {
    const header = readHeader(this.#file, line, chain);
    if (header?.format !== format || header.covers === undefined)
      throw new CorruptStateError(this.#file, 'line 1 is damaged');
    return header.covers;
  }
}

function* snapshotLines({ stateByClient: universe, covers }: State): Generator<string> {
  const chain = new LineChain();
  yield chain.line(JSON.stringify({ format, schemaVersion, covers }));
  let records = 0;
  for (const [clientId, world] of universe) {
    for (const collection of keptCollections) {
      const held = world[collection];
      if (!(held instanceof RecordMap)) continue;
      for (const [id, text] of held.texts()) {
        records++;
        yield chain.line(textOfRecord(clientId, collection, id, text));
      }
    }
  }
  yield chain.line(JSON.stringify({ records }));
}

const recordsIn = (text: string): number => Number(/^\{"records":(\d+)\}$/.exec(text)?.[1] ?? -1);

class SliceWriter {
  readonly #file: DiskFile;
  readonly #pace: Pace;
  #lines: string[] = [];
  length = 0;
  #began = performance.now();
  #unsynced = 0;
  bytes = 0;

  constructor(file: DiskFile, pace: Pace) {
    this.#file = file;
    this.#pace = pace;
  }

  add(line: string): void {
    this.#lines.push(line);
    this.length += line.length;
  }

  async write(): Promise<void> {
    const slice = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    this.length = 0;
    const tookMs = performance.now() - this.#began;
    for (let from = 0; from < slice.length; )
      from += await this.#file.write(slice, from, this.bytes + from);
    this.bytes += slice.length;
    this.#unsynced += slice.length;
    if (this.#unsynced >= bytesBetweenSyncs) await this.#sync();
    await this.#pace(tookMs);
    this.#began = performance.now();
  }

  async finish(): Promise<void> {
    await this.write();
    await this.#sync();
    await this.#file.close();
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
  }

  async #sync(): Promise<void> {
    await this.#file.sync();
    this.#unsynced = 0;
  }
}
