import { join } from 'node:path';
import { makeRoom, type StateLimits } from '../../domain/state/state.ts';
import type { State } from '../memory-store.ts';
import { type Disk, replaceFile } from './disk.ts';
import {
  headerText,
  LineChain,
  type LogEnd,
  readLines,
  replayLine,
  unsupportedVersion,
} from './lines.ts';
import { CorruptStateError, type Durability, damagedLine } from './state-errors.ts';

/** The folder that state is kept in. */
export interface StateFolder {
  readonly disk: Disk;
  readonly folder: string;
  readonly durability: Durability;
}

const logName = /^changes-(\d{6,})\.log$/;

export const snapshotFile = (folder: string): string => join(folder, 'state.snapshot');
export const newestLogFile = (folder: string): string => join(folder, 'newest-log');
export const logFile = (folder: string, number: number): string =>
  join(folder, `changes-${String(number).padStart(6, '0')}.log`);

export const isStateFile = (name: string): boolean =>
  name === 'state.snapshot' || name === 'newest-log' || logName.test(name);

/** Numbers of the change logs in a folder, in order. */
const listLogs = async (disk: Disk, folder: string): Promise<number[]> =>
  (await disk.list(folder))
    .flatMap((name) => Number(logName.exec(name)?.[1] ?? Number.NaN) || [])
    .sort((a, b) => a - b);

/** Deletes the logs that the snapshot contains. */
export const removeCovered = async (
  { disk, folder }: StateFolder,
  coversLog: number,
): Promise<void> => {
  for (const number of await listLogs(disk, folder))
    if (number <= coversLog) await disk.remove(logFile(folder, number));
};

/**
 * Names the newest change log, in a file of its own: nothing else would miss it once it is deleted.
 * A log is named before its first line is written, and after its header is.
 * @param end how it ended, once nothing more is appended: then the loss of its last lines is
 * noticed too
 */
export const nameNewestLog = async (
  { disk, folder }: StateFolder,
  newestLog: number,
  end?: LogEnd,
): Promise<void> => {
  const file = newestLogFile(folder);
  const text = headerText({ format: 'alipayhk-mock newest log', newestLog, end });
  await replaceFile(disk, [`${file}.next`, file], (append) => append(new LineChain().line(text)));
};

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
export const replayLogs = async (
  { disk, folder }: StateFolder,
  state: State,
  covers: LogEnd,
  limits: StateLimits,
): Promise<ReplayedLogs> => {
  const names = await disk.list(folder);
  if (names.includes('state.json')) throw unsupportedVersion(join(folder, 'state.json'), 1);
  const newest = names.includes('newest-log') ? readNewestLog(disk, folder) : undefined;
  const newestLog = newest?.newestLog ?? 0;
  let last = covers;
  let bytes = 0;
  let torn: ReplayedLogs['torn'];
  const missing = (reason: string): CorruptStateError =>
    new CorruptStateError(logFile(folder, last.log + 1), `it is missing, but ${reason}`);
  for (const number of await listLogs(disk, folder)) {
    if (number <= covers.log) continue;
    const file = logFile(folder, number);
    if (number <= newestLog && number !== last.log + 1) throw missing(`${file} exists`);
    const read = readLines(file, disk.read(file), (text) => {
      // A log that is not named yet holds no changes: the process was killed while it began it, or
      // the disk was full.
      if (number > newestLog)
        throw new CorruptStateError(
          newestLogFile(folder),
          `it is missing or older than ${file}, which holds changes`,
        );
      const client = replayLine(state, text, false);
      if (client !== undefined) makeRoom(client, limits);
      return client !== undefined;
    });
    if (number > newestLog) continue;
    if (read.header !== undefined) checkEnd(folder, last, read.header.after, file);
    last = { log: number, bytes: read.bytes, checksum: read.checksum };
    torn = read.tornBytes === 0 ? undefined : { file, bytes: read.tornBytes };
    bytes += read.bytes;
  }
  if (newestLog > last.log)
    throw missing(`${newestLogFile(folder)} names ${logFile(folder, newestLog)}`);
  if (newest?.end !== undefined && newestLog === last.log)
    checkEnd(folder, last, newest.end, newestLogFile(folder));
  return { last, bytes, torn };
};

const readNewestLog = (disk: Disk, folder: string) => {
  const file = newestLogFile(folder);
  const { header, tornBytes } = readLines(file, disk.read(file), () => false);
  if (header?.newestLog === undefined || tornBytes > 0) throw damagedLine(file, 1);
  return { newestLog: header.newestLog, end: header.end };
};

/** @param source the file that states how the last log ended */
const checkEnd = (
  folder: string,
  last: LogEnd,
  stated: LogEnd | undefined,
  source: string,
): void => {
  if (stated === undefined) throw damagedLine(source, 1);
  const file = logFile(folder, stated.log);
  if (last.log === stated.log && last.bytes < stated.bytes)
    throw new CorruptStateError(
      file,
      `it was ${stated.bytes} bytes long, and ${last.bytes} of them are left`,
    );
  if (last.log !== stated.log || last.bytes !== stated.bytes || last.checksum !== stated.checksum)
    throw new CorruptStateError(file, `it is not the one whose end ${source} states`);
};
