import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { makeRoom, type StateLimits } from '../../domain/state/state.ts';
import { readRegularFile } from '../../problems/read-file.ts';
import { emptyState, type State } from '../memory-store.ts';
import { type Disk, LineFile, replaceFile, syncFolder } from './line-file.ts';
import { CorruptStateError, type Durability, damagedLine } from './state-errors.ts';
import {
  type LogEnd,
  readLines,
  replayLine,
  textsOfState,
  unsupportedVersion,
  writeHeaderLine,
} from './state-lines.ts';

/** The folder that state is kept in. */
export interface StateFolder {
  readonly disk: Disk;
  readonly folder: string;
  readonly durability: Durability;
}

const logName = /^changes-(\d{6,})\.log$/;
const newestLogName = 'newest-log';
const snapshotName = 'state.snapshot';
const logFile = (folder: string, number: number): string =>
  join(folder, `changes-${String(number).padStart(6, '0')}.log`);

export const isStateFile = (name: string): boolean =>
  name === snapshotName || name === newestLogName || logName.test(name);

/** Numbers of the change logs in a folder, in order. */
const listLogs = (folder: string): number[] =>
  readdirSync(folder)
    .flatMap((name) => Number(logName.exec(name)?.[1] ?? Number.NaN) || [])
    .sort((a, b) => a - b);

/** Deletes the logs that the snapshot contains. */
export const removeCovered = async (
  { disk, folder }: StateFolder,
  coversLog: number,
): Promise<void> => {
  for (const number of listLogs(folder))
    if (number <= coversLog) await disk.remove(logFile(folder, number));
};

/** Begins the log after another one, and names it the newest: so every log that holds changes is. */
export const beginLog = async (home: StateFolder, after: LogEnd): Promise<LineFile> => {
  const { disk, folder, durability } = home;
  const syncs = durability === 'disk';
  const header = writeHeaderLine({ format: 'alipayhk-mock changes', after });
  const log = await LineFile.create(disk, logFile(folder, after.log + 1), header, syncs);
  try {
    if (syncs) await syncFolder(folder);
    await nameNewestLog(home, after.log + 1);
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
};

/** Deletes a log without changes. The newest one is again the one before it, if it is still there. */
export const removeEmptyLog = async (
  home: StateFolder,
  after: LogEnd,
  coversLog: number,
): Promise<void> => {
  const { disk, folder } = home;
  if (after.log > coversLog) await nameNewestLog(home, after.log, after);
  else await disk.remove(join(folder, newestLogName));
  await disk.remove(logFile(folder, after.log + 1));
};

/**
 * Names the newest change log, in a file of its own: nothing else would miss it once it is deleted.
 * @param end how it ended, once nothing more is appended: then the loss of its last lines is
 * noticed too
 */
export const nameNewestLog = async (
  { disk, folder }: StateFolder,
  newestLog: number,
  end?: LogEnd,
): Promise<void> => {
  const header = writeHeaderLine({ format: 'alipayhk-mock newest log', newestLog, end });
  await replaceFile(disk, join(folder, newestLogName), { header });
};

/** Begins the last line of a snapshot, and no other one. */
const brace = 0x7b;

interface NextSnapshot {
  readonly covers: LogEnd;
  /**
   * Called before it takes the place of the last one: settles when all changes that it may have
   * seen are written.
   */
  readonly confirm: () => Promise<void>;
}

/**
 * lowdb's adapter for a whole state in one file: a header, a line for each record, a last line with
 * their number. It is written in slices next to the last one, then put in its place. Requests are
 * answered meanwhile: what they change is in a log that a start replays over it, and since changes
 * are whole values it does not matter which of them the snapshot has seen.
 */
export class SnapshotFile implements Adapter<State> {
  readonly #home: StateFolder;
  readonly #sliceLength: number;
  /** The last change log that the snapshot contains. */
  covers: LogEnd = { log: 0, bytes: 0, checksum: '' };
  /** Of the last snapshot read or written. */
  bytes = 0;
  /** What the next one contains. */
  next: NextSnapshot = { covers: this.covers, confirm: async () => {} };

  /** @param sliceLength characters that are written at once; the event loop is free in between */
  constructor(home: StateFolder, sliceLength: number) {
    this.#home = home;
    this.#sliceLength = sliceLength;
  }

  /**
   * @returns null when there is no snapshot
   * @throws CorruptStateError; StartupError when it has another version
   */
  async read(): Promise<State | null> {
    const file = join(this.#home.folder, snapshotName);
    if (!existsSync(file)) return null;
    const content = readRegularFile(file);
    const state = emptyState();
    let isComplete = false;
    const { header, tornBytes } = readLines(file, content, (text) => {
      if (isComplete) return false;
      isComplete = text[0] === brace;
      return isComplete || replayLine(state, text, true) !== undefined;
    });
    if (!isComplete || tornBytes > 0) throw new CorruptStateError(file, 'it is cut short');
    if (header?.covers === undefined) throw damagedLine(file, 1);
    this.covers = header.covers;
    this.bytes = content.length;
    return state;
  }

  async write(state: State): Promise<void> {
    const { disk, folder } = this.#home;
    const { covers, confirm } = this.next;
    const header = writeHeaderLine({ format: 'alipayhk-mock state', covers });
    const slices = sliceTexts(textsOfState(state), this.#sliceLength);
    this.bytes = await replaceFile(disk, join(folder, snapshotName), { header, slices }, confirm);
    this.covers = covers;
  }
}

function* sliceTexts(texts: Iterable<string>, length: number): Generator<string[]> {
  let slice: string[] = [];
  let records = 0;
  let filled = 0;
  for (const text of texts) {
    records++;
    slice.push(text);
    filled += text.length;
    if (filled < length) continue;
    yield slice;
    slice = [];
    filled = 0;
  }
  yield [...slice, JSON.stringify({ records })];
}
export interface ReplayedLogs {
  /** What the next log comes after. */
  readonly last: LogEnd;
  /** Of all logs that were replayed. */
  readonly bytes: number;
  /** A last line that was not finished, and is not part of `last`. */
  readonly torn: { readonly file: string; readonly bytes: number } | undefined;
}

/**
 * Replays the logs that a snapshot does not contain. A last line that was not finished is skipped:
 * no request was answered on the strength of it.
 * @param covers the last log that the snapshot contains
 * @throws CorruptStateError when one is missing, damaged, or not as the next one or `newest-log`
 * states it; StartupError when one has another version
 */
export const replayLogs = (
  folder: string,
  state: State,
  covers: LogEnd,
  limits: StateLimits,
): ReplayedLogs => {
  const earliest = join(folder, 'state.json');
  if (existsSync(earliest)) throw unsupportedVersion(earliest, 1);
  const newestFile = join(folder, newestLogName);
  const newest = readNewestLog(newestFile);
  let last = covers;
  let bytes = 0;
  let torn: ReplayedLogs['torn'];
  const missing = (reason: string): CorruptStateError =>
    new CorruptStateError(logFile(folder, last.log + 1), `it is missing, but ${reason}`);
  for (const number of listLogs(folder).filter((one) => one > covers.log)) {
    const file = logFile(folder, number);
    const isNamed = number <= newest.log;
    if (isNamed && number !== last.log + 1) throw missing(`${file} exists`);
    const { header, end, tornBytes } = readLines(file, readRegularFile(file), (text) => {
      const reason = `it is missing or older than ${file}, which holds changes`;
      if (!isNamed) throw new CorruptStateError(newestFile, reason);
      const client = replayLine(state, text, false);
      if (client !== undefined) makeRoom(client, limits);
      return client !== undefined;
    });
    // It holds no changes: the process was killed while it began it, or the disk was full.
    if (!isNamed) continue;
    if (header !== undefined) checkEnd(folder, last, header.after, file);
    last = { log: number, ...end };
    torn = tornBytes === 0 ? undefined : { file, bytes: tornBytes };
    bytes += end.bytes;
  }
  if (newest.log > last.log) throw missing(`${newestFile} names ${logFile(folder, newest.log)}`);
  if (newest.end !== undefined && newest.log === last.log)
    checkEnd(folder, last, newest.end, newestFile);
  return { last, bytes, torn };
};

const readNewestLog = (
  file: string,
): { readonly log: number; readonly end?: LogEnd | undefined } => {
  if (!existsSync(file)) return { log: 0 };
  const { header, tornBytes } = readLines(file, readRegularFile(file), () => false);
  if (header?.newestLog === undefined || tornBytes > 0) throw damagedLine(file, 1);
  return { log: header.newestLog, end: header.end };
};

/** @param source the file that states how the last log ended */
const checkEnd = (
  folder: string,
  last: LogEnd,
  stated: LogEnd | undefined,
  source: string,
): void => {
  if (stated === undefined) throw damagedLine(source, 1);
  const isShorter = last.log === stated.log && last.bytes < stated.bytes;
  const isSame =
    last.log === stated.log && last.bytes === stated.bytes && last.checksum === stated.checksum;
  if (isSame) return;
  throw new CorruptStateError(
    logFile(folder, stated.log),
    isShorter
      ? `it was ${stated.bytes} bytes long, and ${last.bytes} of them are left`
      : `it is not the one whose end ${source} states`,
  );
};
