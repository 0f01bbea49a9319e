import type { WorldLimits } from '../world/apply.ts';
import { isIntact, type Line, readLines, textOf } from './checked-line.ts';
import { CorruptState, LaterVersion } from './corrupt-state.ts';
import type { Disk } from './disk.ts';
import { readHeader, schemaVersion } from './file-header.ts';
import { createFirstReplay } from './first-format.ts';
import { logFile, logsIn } from './folder-files.ts';
import { type LogBefore, logFormat } from './log-file.ts';
import { createReplay } from './record-lines.ts';
import type { State } from './universe.ts';

type Replay = (line: Line) => boolean;

/** How the lines of each format's logs are replayed. */
const replays: Readonly<Record<number, (state: State, limits: WorldLimits) => Replay>> = {
  1: createFirstReplay,
  2: (state, limits) => createReplay(state, limits, 'change'),
};

export interface Replayed {
  /** Where the next log goes on from. */
  readonly last: LogBefore;
  /** Of all logs that were replayed. */
  readonly bytes: number;
  readonly logs: number;
}

/**
 * Replays the logs that a snapshot does not contain.
 * @throws CorruptState when one is missing, damaged or shorter than it was, LaterVersion
 */
export const replayLogs = async (disk: Disk, folder: string, state: State, limits: WorldLimits): Promise<Replayed> => {
  let last: LogBefore = { log: state.coversLog, bytes: 0 };
  let bytes = 0;
  let logs = 0;
  for (const number of await logsIn(disk, folder)) {
    if (number <= state.coversLog) continue;
    const file = logFile(folder, number);
    if (number !== last.log + 1) throw new CorruptState(logFile(folder, last.log + 1), `it is missing, but ${file} is there`);
    const read = await replayLog(disk, file, state, limits);
    const { after } = read;
    if (after !== undefined && after.log > state.coversLog && after.bytes > last.bytes)
      throw new CorruptState(logFile(folder, after.log), `it was ${after.bytes} bytes long, and ${last.bytes} of them are left`);
    last = { log: number, bytes: read.bytes };
    bytes += read.bytes;
    logs++;
  }
  return { last, bytes, logs };
};

/** A last line that was not finished is left out: nobody was answered on the strength of it. */
const replayLog = async (disk: Disk, file: string, state: State, limits: WorldLimits): Promise<{ bytes: number; after?: LogBefore }> => {
  let replay: Replay | undefined;
  let after: LogBefore | undefined;
  const { bytes, rest } = await readLines(disk.read(file), (line) => {
    if (replay === undefined) {
      const header = isIntact(line) ? readHeader(textOf(line)) : undefined;
      replay = replayOf(file, header?.schemaVersion ?? 1)(state, limits);
      after = header?.format === logFormat ? header.after : undefined;
      if (header !== undefined) return;
    }
    if (!replay(line)) throw new CorruptState(file, `line ${line.number} is damaged`);
  });
  if (hasLostItsEnd(rest)) throw new CorruptState(file, 'the end of its last line is damaged');
  return after === undefined ? { bytes } : { bytes, after };
};

/** A line that is there in full and does not end in a line feed was not cut off. */
const hasLostItsEnd = (rest: Buffer): boolean => rest.length > 0 && isIntact({ piece: rest, start: 0, end: rest.length - 1, number: 0 });

const replayOf = (file: string, version: number): ((state: State, limits: WorldLimits) => Replay) => {
  const replay = replays[version];
  if (replay === undefined) throw new LaterVersion(file, version, schemaVersion);
  return replay;
};
