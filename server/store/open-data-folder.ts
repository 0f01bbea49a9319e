import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Low } from 'lowdb';
import { StartupError } from '../problems/problem.ts';
import type { WorldLimits } from '../world/apply.ts';
import { isVolatile } from '../world/state.ts';
import { ChangeLog, type Durability, readChangeLog } from './change-log.ts';
import { CorruptState } from './corrupt-state.ts';
import { lockFolder } from './folder-lock.ts';
import { LowdbStore, type Recorder } from './lowdb-store.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { applyAll, type State, worldOf } from './universe.ts';

const logBytesBeforeSnapshot = 64 * 1024 * 1024;
const logName = /^changes-(\d{6,})\.log$/;
const logFile = (folder: string, number: number): string => join(folder, `changes-${String(number).padStart(6, '0')}.log`);

/**
 * Opens a store that lives in a folder: `state.json` is lowdb's snapshot, `changes-<n>.log` what has come since.
 * @throws StartupError when the folder is in use, cannot be written, or holds damaged files (which are set aside).
 */
export const openDataFolder = async (folder: string, durability: Durability, limits: WorldLimits): Promise<LowdbStore> => {
  const unlock = takeFolder(folder);
  try {
    return await LowdbStore.open(
      new SnapshotFile(join(folder, 'state.json')),
      (database) => startRecorder(database, folder, durability, limits, unlock),
      limits,
    );
  } catch (error) {
    const failure = error instanceof CorruptState ? setAside(folder, error) : error;
    unlock();
    throw failure;
  }
};

const takeFolder = (folder: string): (() => void) => {
  try {
    mkdirSync(folder, { recursive: true });
    const lock = lockFolder(join(folder, 'lock'));
    if ('release' in lock) return lock.release;
    throw new StartupError([
      {
        where: folder,
        message: `is in use by process ${lock.pid} on ${lock.host}`,
        remedy: 'Stop that simulator, or give this one a folder of its own with --data.',
      },
    ]);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError([
      {
        where: folder,
        message: `cannot be used: ${error instanceof Error ? error.message : String(error)}`,
        remedy: 'Name a folder that this user may write to.',
      },
    ]);
  }
};

/** Replays what the snapshot does not contain, writes a new snapshot, and begins a fresh log. */
const startRecorder = async (
  database: Low<State>,
  folder: string,
  durability: Durability,
  limits: WorldLimits,
  unlock: () => void,
): Promise<Recorder> => {
  for (const number of logsIn(folder)) {
    if (number <= database.data.coversLog) continue;
    for (const { clientId, changes } of await readChangeLog(logFile(folder, number))) {
      if (changes === 'forgotten') database.data.universe.delete(clientId);
      else applyAll(worldOf(database.data.universe, clientId), changes, limits);
    }
    database.data.coversLog = number;
  }
  return DataFolderRecorder.start(database, folder, durability, unlock);
};

const logsIn = (folder: string): number[] =>
  readdirSync(folder)
    .flatMap((name) => Number(logName.exec(name)?.[1] ?? Number.NaN) || [])
    .sort((a, b) => a - b);

class DataFolderRecorder implements Recorder {
  readonly #database: Low<State>;
  readonly #folder: string;
  readonly #durability: Durability;
  readonly #unlock: () => void;
  /** The log that is being written, by its number. */
  #current: { readonly number: number; readonly log: ChangeLog };
  #rolling: Promise<void> | undefined;
  /** The log before, while its last lines are on their way. Stays rejected when they could not be written: then nothing is promised any more. */
  #previous: Promise<void> = Promise.resolve();

  private constructor(
    database: Low<State>,
    folder: string,
    durability: Durability,
    unlock: () => void,
    current: { number: number; log: ChangeLog },
  ) {
    this.#database = database;
    this.#folder = folder;
    this.#durability = durability;
    this.#unlock = unlock;
    this.#current = current;
  }

  static async start(database: Low<State>, folder: string, durability: Durability, unlock: () => void): Promise<DataFolderRecorder> {
    await snapshot(database, folder, database.data.coversLog);
    const number = database.data.coversLog + 1;
    const log = await ChangeLog.create(logFile(folder, number), durability);
    return new DataFolderRecorder(database, folder, durability, unlock, { number, log });
  }

  async record(clientId: string, changes: Parameters<Recorder['record']>[1]): Promise<void> {
    const kept = changes === 'forgotten' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    const { log } = this.#current;
    const recorded = kept.length === 0 ? log.settled() : log.append({ clientId, changes: kept });
    if (log.bytes > logBytesBeforeSnapshot) this.#rolling ??= this.#roll();
    // Nothing of a new log counts before all of the one before it does.
    await Promise.all([recorded, this.#previous]);
  }

  async close(): Promise<void> {
    await this.#rolling;
    await this.#current.log.close();
    await snapshot(this.#database, this.#folder, this.#current.number);
    this.#unlock();
  }

  /**
   * Begins the next log first, so that nobody waits for the snapshot. What the snapshot holds of the new log already
   * is put there once more by a replay, which changes nothing. A failure leaves all logs in place for the next attempt.
   */
  async #roll(): Promise<void> {
    const full = this.#current;
    try {
      const number = full.number + 1;
      this.#current = { number, log: await ChangeLog.create(logFile(this.#folder, number), this.#durability) };
      this.#previous = full.log.close();
      await this.#previous;
      await snapshot(this.#database, this.#folder, full.number);
    } catch {
      // The logs hold everything still; they are only longer than they need be.
    } finally {
      this.#rolling = undefined;
    }
  }
}

/** Writes all state down and removes the logs it contains. */
const snapshot = async (database: Low<State>, folder: string, coversLog: number): Promise<void> => {
  const before = database.data.coversLog;
  try {
    database.data.coversLog = coversLog;
    await database.write();
  } catch (error) {
    database.data.coversLog = before;
    throw error;
  }
  for (const number of logsIn(folder)) if (number <= coversLog) rmSync(logFile(folder, number), { force: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
};

const setAside = (folder: string, { file, message }: CorruptState): StartupError => {
  const away = join(folder, `corrupt-${new Date().toISOString().replaceAll(':', '-')}`);
  mkdirSync(away);
  for (const name of readdirSync(folder)) if (name === 'state.json' || logName.test(name)) renameSync(join(folder, name), join(away, name));
  return new StartupError([
    {
      where: file,
      message: `is damaged: ${message}`,
      remedy: `All state files were moved to ${basename(away)}/ beside it. Start again to begin empty, or put a good copy back first.`,
    },
  ]);
};
