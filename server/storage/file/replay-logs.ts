import { join } from 'node:path';
import { makeRoom, type StateLimits } from '../../domain/state/apply.ts';
import type { State } from '../memory-store.ts';
import { logFormat } from './change-log.ts';
import type { Disk } from './disk.ts';
import { listLogs, logFile, newestLogFile, readNewestLog } from './folder-files.ts';
import {
  type FileHeader,
  LineChain,
  type LogEnd,
  readHeader,
  readLines,
  replayLine,
  schemaVersion,
} from './lines.ts';
import { CorruptStateError, damagedLine, UnsupportedVersionError } from './state-errors.ts';

export interface ReplayedLogs {
  /** What the next log comes after. */
  readonly last: LogEnd;
  /** Of all logs that were replayed. */
  readonly bytes: number;
  readonly logs: number;
  /** A last line that was not finished, and is not part of `last`. */
  readonly torn: { readonly file: string; readonly bytes: number } | undefined;
}

export interface ReplayOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** The last log that the snapshot contains. */
  readonly covers: LogEnd;
  readonly limits: StateLimits;
}

/**
 * Replays the logs that a snapshot does not contain.
 * @throws CorruptStateError when one is missing, damaged, or not as the next one or `newest-log`
 * states it; UnsupportedVersionError
 */
export const replayLogs = async (
  state: State,
  { disk, folder, covers, limits }: ReplayOptions,
): Promise<ReplayedLogs> => {
  if ((await disk.list(folder)).includes('state.json'))
    throw new UnsupportedVersionError(join(folder, 'state.json'), 1, schemaVersion);
  const newest = await readNewestLog(disk, folder);
  const all = (await listLogs(disk, folder)).filter((number) => number > covers.log);
  const isNamed = (number: number): boolean => newest !== undefined && number <= newest.log;
  for (const number of all.filter((one) => !isNamed(one))) refuseIfUsed(disk, folder, number);
  let last = covers;
  let bytes = 0;
  let torn: ReplayedLogs['torn'];
  const named = all.filter(isNamed);
  for (const number of named) {
    const file = logFile(folder, number);
    if (number !== last.log + 1) throw missingLog(folder, last, `${file} exists`);
    const read = replayLog(state, disk.read(file), file, limits);
    if (read.after !== undefined) checkEnd(folder, last, read.after, file);
    last = { log: number, bytes: read.bytes, checksum: read.checksum };
    torn = read.tornBytes === 0 ? undefined : { file, bytes: read.tornBytes };
    bytes += read.bytes;
  }
  if (newest !== undefined && newest.log > last.log)
    throw missingLog(folder, last, `${newestLogFile(folder)} names ${logFile(folder, newest.log)}`);
  if (newest?.end !== undefined && newest.log === last.log)
    checkEnd(folder, last, newest.end, newestLogFile(folder));
  return { last, bytes, logs: named.length, torn };
};

const missingLog = (folder: string, last: LogEnd, but: string): CorruptStateError =>
  new CorruptStateError(logFile(folder, last.log + 1), `it is missing, but ${but}`);

/**
 * A log that is not named yet holds no changes: the process was killed while it began it, or the
 * disk was full.
 */
const refuseIfUsed = (disk: Disk, folder: string, unnamed: number): void => {
  const file = logFile(folder, unnamed);
  readLines(disk.read(file), (line, number) => {
    if (number === 1) readHeader(file, line, new LineChain());
    else
      throw new CorruptStateError(
        newestLogFile(folder),
        `it is missing or older than ${file}, which holds changes`,
      );
  });
};

/** @param source the file that states how the last log ended */
const checkEnd = (folder: string, last: LogEnd, stated: LogEnd, source: string): void => {
  const file = logFile(folder, stated.log);
  if (last.log === stated.log && last.bytes < stated.bytes)
    throw new CorruptStateError(
      file,
      `it was ${stated.bytes} bytes long, and ${last.bytes} of them are left`,
    );
  if (last.log !== stated.log || last.bytes !== stated.bytes || last.checksum !== stated.checksum)
    throw new CorruptStateError(file, `it is not the one whose end ${source} states`);
};

interface ReplayedLog {
  readonly after: LogEnd | undefined;
  readonly bytes: number;
  readonly checksum: string;
  readonly tornBytes: number;
}

/** A last line that was not finished is skipped: no request was answered on the strength of it. */
const replayLog = (
  state: State,
  content: Buffer,
  file: string,
  limits: StateLimits,
): ReplayedLog => {
  const chain = new LineChain();
  let header: FileHeader | undefined;
  const { bytes, rest } = readLines(content, (line, number) => {
    if (number === 1) {
      header = readHeader(file, line, chain);
      if (header?.format !== logFormat || header.after === undefined)
        throw damagedLine(file, number);
      return;
    }
    const text = chain.read(line);
    const client = text === undefined ? undefined : replayLine(state, text, false);
    if (client === undefined) throw damagedLine(file, number);
    makeRoom(client, limits);
  });
  // A line that is complete and does not end in a line feed was not cut off.
  if (rest.length > 0 && chain.read(rest.subarray(0, -1)) !== undefined)
    throw new CorruptStateError(file, 'the end of its last line is damaged');
  return { after: header?.after, bytes, checksum: chain.checksum, tornBytes: rest.length };
};
