import { join } from 'node:path';
import { type Disk, writeAll } from './disk.ts';
import { headerText, LineChain, type LogEnd, readHeader, readLines } from './lines.ts';
import { CorruptStateError } from './state-errors.ts';

const logName = /^changes-(\d{6,})\.log$/;

export const snapshotFile = (folder: string): string => join(folder, 'state.snapshot');
export const newestLogFile = (folder: string): string => join(folder, 'newest-log');
export const logFile = (folder: string, number: number): string =>
  join(folder, `changes-${String(number).padStart(6, '0')}.log`);

export const isStateFile = (name: string): boolean =>
  name === 'state.snapshot' || name === 'newest-log' || logName.test(name);

/** Numbers of the change logs in a folder, in order. */
export const listLogs = async (disk: Disk, folder: string): Promise<number[]> =>
  (await disk.list(folder))
    .flatMap((name) => Number(logName.exec(name)?.[1] ?? Number.NaN) || [])
    .sort((a, b) => a - b);

/** Deletes the logs that the snapshot contains, and what an interrupted write left. */
export const removeCovered = async (
  disk: Disk,
  folder: string,
  coversLog: number,
): Promise<void> => {
  for (const number of await listLogs(disk, folder))
    if (number <= coversLog) await disk.remove(logFile(folder, number));
  for (const name of await disk.list(folder))
    if (name.endsWith('.tmp')) await disk.remove(join(folder, name));
};

const newestLogFormat = 'alipayhk-mock newest log';

/**
 * Names the newest change log, in a file of its own: nothing else would miss it once it is deleted.
 * A log is named before its first line is written, and after its header is.
 * @param end how it ended, once nothing more is appended: then the loss of its last lines is
 * noticed too
 */
export const nameNewestLog = async (
  disk: Disk,
  folder: string,
  newestLog: number,
  end?: LogEnd,
): Promise<void> => {
  const next = `${newestLogFile(folder)}.next`;
  await disk.remove(next); // left by a process that was killed
  const file = await disk.create(next);
  try {
    const line = new LineChain().line(headerText({ format: newestLogFormat, newestLog, end }));
    await writeAll(file, Buffer.from(line), 0);
    await file.sync();
    await disk.rename(next, newestLogFile(folder));
  } catch (error) {
    await disk.remove(next).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
};

/**
 * @returns undefined when no log is named
 * @throws CorruptStateError, UnsupportedVersionError
 */
export const readNewestLog = async (
  disk: Disk,
  folder: string,
): Promise<{ readonly log: number; readonly end?: LogEnd | undefined } | undefined> => {
  const file = newestLogFile(folder);
  if (!(await disk.list(folder)).includes('newest-log')) return undefined;
  const damaged = new CorruptStateError(file, 'line 1 is damaged');
  let newest: { log: number; end?: LogEnd | undefined } | undefined;
  const { rest } = readLines(disk.read(file), (line, number) => {
    if (number > 1) throw damaged;
    const header = readHeader(file, line, new LineChain());
    if (header?.format === newestLogFormat && header.newestLog !== undefined)
      newest = { log: header.newestLog, end: header.end };
  });
  if (newest === undefined || rest.length > 0) throw damaged;
  return newest;
};
