import { join } from 'node:path';
import type { Disk } from './disk.ts';

const logName = /^changes-(\d{6,})\.log$/;

export const snapshotFile = (folder: string): string => join(folder, 'state.snapshot');
export const newestLogFile = (folder: string): string => join(folder, 'newest-log');
export const logFile = (folder: string, number: number): string =>
  join(folder, `changes-${String(number).padStart(6, '0')}.log`);

/** Numbers of the change logs in a folder, in order. */
export const logsIn = async (disk: Disk, folder: string): Promise<number[]> =>
  (await disk.list(folder))
    .flatMap((name) => Number(logName.exec(name)?.[1] ?? Number.NaN) || [])
    .sort((a, b) => a - b);

export const isStateFile = (name: string): boolean =>
  name === 'state.snapshot' || name === 'newest-log' || logName.test(name);

/** Removes the logs that the snapshot contains, and what else it has taken the place of. */
export const removeCovered = async (
  disk: Disk,
  folder: string,
  coversLog: number,
): Promise<void> => {
  for (const number of await logsIn(disk, folder))
    if (number <= coversLog) await disk.remove(logFile(folder, number));
  for (const name of await disk.list(folder))
    if (name.endsWith('.tmp')) await disk.remove(join(folder, name));
};
