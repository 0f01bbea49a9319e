import { join } from 'node:path';
import type { StateLimits } from '../../domain/state/apply.ts';
import type { State } from '../state-store.ts';
import { LineChain, readLines } from './checked-line.ts';
import { CorruptStateError, damagedLine, UnsupportedFormat } from './corrupt-state.ts';
import type { Disk } from './disk.ts';
import { type FileHeader, type LogEnd, readHeader, schemaVersion } from './file-header.ts';
import { logFile, logsIn, newestLogFile } from './folder-files.ts';
import { logFormat } from './log-file.ts';
import { readNewestLog } from './newest-log.ts';
import { createReplay } from './record-lines.ts';

export interface Replayed {
  /** What the next log comes after. */
  readonly last: LogEnd;
  /** Of all logs that were replayed. */
  readonly bytes: number;
  readonly logs: number;
  /** A last line that was not finished, and is not part of `last`. */
  readonly torn: { readonly file: string; readonly bytes: number } | undefined;
}

/**
 * Replays the logs that a snapshot does not contain.
 * @throws CorruptState when one is missing, damaged, or not as the next one or `newest-log` states
 * it; UnsupportedFormat
 */
export const replayLogs = async (
  disk: Disk,
  folder: string,
  state: State,
  limits: StateLimits,
): Promise<Replayed> => {
  await refuseFirstFormat(disk, folder);
  const newest = await readNewestLog(disk, folder);
  let last = state.covers;
  let bytes = 0;
  let logs = 0;
  let torn: Replayed['torn'];
  for (const number of await logsIn(disk, folder)) {
    if (number <= state.covers.log) continue;
    const file = logFile(folder, number);
    if (newest === undefined || number > newest.log) {
      await refuseIfUsed(disk, folder, file);
      continue;
    }
    if (number !== last.log + 1)
      throw new CorruptStateError(
        logFile(folder, last.log + 1),
        `it is missing, but ${file} exists`,
      );
    const read = await replayLog(disk, file, state, limits);
    if (read.after !== undefined) checkEnd(folder, last, read.after, file);
    last = { log: number, bytes: read.bytes, checksum: read.checksum };
    torn = read.tornBytes === 0 ? undefined : { file, bytes: read.tornBytes };
    bytes += read.bytes;
    logs++;
  }
  if (newest !== undefined && newest.log > last.log)
    throw new CorruptStateError(
      logFile(folder, last.log + 1),
      `it is missing, but ${newestLogFile(folder)} names ${logFile(folder, newest.log)}`,
    );
  if (newest?.end !== undefined && newest.log === last.log)
    checkEnd(folder, last, newest.end, newestLogFile(folder));
  return { last, bytes, logs, torn };
};

const refuseFirstFormat = async (disk: Disk, folder: string): Promise<void> => {
  if ((await disk.list(folder)).includes('state.json'))
    throw new UnsupportedFormat(join(folder, 'state.json'), 1, schemaVersion);
};

/**
 * A log that is not named yet holds no changes: the process was killed while it began it, or the
 * disk was full.
 */
const refuseIfUsed = async (disk: Disk, folder: string, file: string): Promise<void> => {
  await readLines(disk.read(file), (line) => {
    if (line.number === 1) readHeader(file, line, new LineChain());
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
  readonly after?: LogEnd | undefined;
  readonly bytes: number;
  readonly checksum: string;
  readonly tornBytes: number;
}

/** A last line that was not finished is skipped: no request was answered on the strength of it. */
const replayLog = async (
  disk: Disk,
  file: string,
  state: State,
  limits: StateLimits,
): Promise<ReplayedLog> => {
  const replay = createReplay(state, limits, 'change');
  const chain = new LineChain();
  let header: FileHeader | undefined;
  const { bytes, rest } = await readLines(disk.read(file), (line) => {
    if (header === undefined) {
      header = readHeader(file, line, chain);
      if (header?.format !== logFormat || header.after === undefined) throw damagedLine(file, line);
    } else if (!chain.accepts(line) || !replay(line)) throw damagedLine(file, line);
  });
  if (hasLostItsEnd(rest, chain))
    throw new CorruptStateError(file, 'the end of its last line is damaged');
  return { after: header?.after, bytes, checksum: chain.checksum, tornBytes: rest.length };
};

/** A line that is there in full and does not end in a line feed was not cut off. */
const hasLostItsEnd = (rest: Buffer, chain: LineChain): boolean =>
  rest.length > 0 && chain.accepts({ piece: rest, start: 0, end: rest.length - 1, number: 0 });
