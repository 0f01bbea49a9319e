import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Low } from 'lowdb';
import type { StateLimits } from '../../domain/state/apply.ts';
import { StartupError } from '../../problems/problem.ts';
import { makeFolder } from '../../problems/read-file.ts';
import type { State } from '../state-store.ts';
import { ChangeLog } from './change-log.ts';
import { CorruptStateError, UnsupportedFormat } from './corrupt-state.ts';
import { DataFolderRecorder } from './data-folder-recorder.ts';
import { type Disk, realDisk } from './disk.ts';
import { isStateFile, snapshotFile } from './folder-files.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import type { Durability } from './log-file.ts';
import { LowdbStore } from './lowdb-store.ts';
import { type Replayed, replayLogs } from './read-state.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { defaultHabits, type SnapshotOptions } from './snapshot-habits.ts';
import { SnapshotPace } from './snapshot-pace.ts';

export interface DataFolderOptions {
  readonly disk?: Disk;
  /** Told, in a sentence, of what went wrong beside any request. */
  readonly onTrouble?: (sentence: string) => void;
  readonly habits?: Partial<SnapshotOptions>;
}

/**
 * Opens a store that lives in a folder: `state.snapshot` is lowdb's snapshot, `changes-<n>.log`
 * what has come since.
 * @throws StartupError when the folder is in use, cannot be written, or holds damaged files (which
 * are set aside) or those of a later version.
 */
export const openDataFolder = async (
  folder: string,
  durability: Durability,
  limits: StateLimits,
  { disk = realDisk, onTrouble = () => {}, habits: given = {} }: DataFolderOptions = {},
): Promise<LowdbStore> => {
  const lock = await takeFolder(folder);
  const habits = { ...defaultHabits, ...given };
  const pace = new SnapshotPace();
  const adapter = new SnapshotFile(disk, snapshotFile(folder), pace.step, habits.sliceLength);
  const startRecorder = async (database: Low<State>): Promise<DataFolderRecorder> => {
    const replayed = await replayLogs(disk, folder, database.data, limits);
    const log = await ChangeLog.begin(disk, folder, durability, replayed.last);
    await cutTornLine(replayed, onTrouble);
    return new DataFolderRecorder(database, {
      disk,
      folder,
      log,
      lock,
      pace,
      onTrouble,
      habits,
      replayed,
      snapshot: adapter,
    });
  };
  try {
    reportSetAside(folder, onTrouble);
    return await LowdbStore.open(adapter, startRecorder, limits);
  } catch (error) {
    const failure = explainStart(folder, error);
    lock.release();
    throw failure;
  }
};

const takeFolder = async (folder: string): Promise<FolderLock> => {
  try {
    makeFolder(folder);
    const lock = await lockFolder(join(folder, 'lock'));
    if ('release' in lock) return lock;
    throw new StartupError([
      {
        where: folder,
        message: `is in use by ${lock.heldBy}`,
        remedy: 'Stop that simulator, or give this one a folder of its own with --data.',
      },
    ]);
  } catch (error) {
    throw error instanceof StartupError ? error : unusable(folder, error);
  }
};

const unusable = (folder: string, error: unknown): StartupError =>
  new StartupError([
    {
      where: folder,
      message: `cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Name a folder that this user may read and write, on a disk with some space.',
    },
  ]);

const explainStart = (folder: string, error: unknown): unknown => {
  if (error instanceof CorruptStateError) return setAside(folder, error);
  if (error instanceof UnsupportedFormat)
    return new StartupError([{ where: error.file, message: error.message, remedy: otherVersion }]);
  return error instanceof Error && 'code' in error ? unusable(folder, error) : error;
};

const otherVersion =
  'Name another folder with --data. To keep the state, export it with the version that wrote it (state export) and import it here (state import).';

const cutTornLine = async (
  { last, torn }: Replayed,
  onTrouble: (sentence: string) => void,
): Promise<void> => {
  if (torn === undefined) return;
  onTrouble(
    `${torn.file}: 1 line that was not finished (${torn.bytes} bytes) was cut from its end. The process was killed while it wrote it, so no request was answered on the strength of it.`,
  );
  // Where it stays, the next start reports it again.
  await truncate(torn.file, last.bytes).catch(() => {});
};

const reportSetAside = (folder: string, onTrouble: (sentence: string) => void): void => {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('corrupt-')) continue;
    onTrouble(
      `${join(folder, name)} holds damaged state that an earlier start set aside; what it held is missing here. Put a good copy back, or delete it to end this warning.`,
    );
  }
};

const setAside = (folder: string, { file, message }: CorruptStateError): StartupError => {
  const away = newFolder(join(folder, `corrupt-${new Date().toISOString().replaceAll(':', '-')}`));
  for (const name of readdirSync(folder))
    if (isStateFile(name)) renameSync(join(folder, name), join(away, name));
  return new StartupError([
    {
      where: file,
      message: `is damaged: ${message}`,
      remedy: `All state files were moved to ${basename(away)}/ next to it. Start again to begin empty, or put a good copy back first.`,
    },
  ]);
};

/** The clock may have gone back to where such a folder was made before. */
const newFolder = (name: string, again = 1): string => {
  const candidate = again === 1 ? name : `${name}-${again}`;
  try {
    mkdirSync(candidate);
    return candidate;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return newFolder(name, again + 1);
    throw error;
  }
};
