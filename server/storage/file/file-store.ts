import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Low } from 'lowdb';
import type { StateLimits } from '../../domain/state/apply.ts';
import { isVolatile } from '../../domain/state/state.ts';
import { StartupError } from '../../problems/problem.ts';
import { makeFolder } from '../../problems/read-file.ts';
import { emptyState, MemoryStore, type RecordedChanges } from '../memory-store.ts';
import { StoreError } from '../store.ts';
import { ChangeLog } from './change-log.ts';
import { type Disk, realDisk } from './disk.ts';
import { isStateFile, removeCovered } from './folder-files.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type ReplayedLogs, replayLogs } from './replay-logs.ts';
import { SnapshotFile } from './snapshot-file.ts';
import {
  CorruptStateError,
  causeMessage,
  type Durability,
  errorCode,
  UnsupportedVersionError,
} from './state-errors.ts';

/** When a snapshot is written, and how. */
export interface SnapshotOptions {
  /** Change logs shorter than this are not worth one. */
  readonly minLogBytes: number;
  /** Nor are those shorter than this share of the last one. */
  readonly logShare: number;
  /** Characters that are written at once: about a millisecond's work. */
  readonly sliceLength: number;
}

const defaultSnapshotOptions: SnapshotOptions = {
  minLogBytes: 64 * 1024 * 1024,
  logShare: 0.5,
  sliceLength: 128 * 1024,
};

/** More of them than this are gathered into a snapshot, however short they are. */
const maxLogs = 16;

export interface FileStoreOptions {
  readonly disk?: Disk;
  /** Called with a sentence on what went wrong apart from any request. */
  readonly onWarning?: (sentence: string) => void;
  readonly snapshots?: Partial<SnapshotOptions>;
}

interface Home {
  readonly disk: Disk;
  readonly folder: string;
  readonly lock: FolderLock;
  readonly onWarning: (sentence: string) => void;
  readonly options: SnapshotOptions;
}

/**
 * State that is kept in a folder: `state.snapshot` is lowdb's snapshot, `changes-<n>.log` what has
 * come since. A new snapshot takes the place of logs that have grown long.
 */
class FileStore extends MemoryStore {
  readonly #home: Home;
  readonly #log: ChangeLog;
  readonly #snapshot: SnapshotFile;
  #compacting: Promise<void> | undefined;
  /** Bytes of logs that the last snapshot contains, less those replayed at the start. */
  #containedBytes: number;
  #nextAttemptBytes = 0;

  private constructor(
    limits: StateLimits,
    database: FileStore['database'],
    {
      home,
      log,
      snapshot,
      replayed,
    }: {
      readonly home: Home;
      readonly log: ChangeLog;
      readonly snapshot: SnapshotFile;
      readonly replayed: ReplayedLogs;
    },
  ) {
    super(limits, database);
    this.#home = home;
    this.#log = log;
    this.#snapshot = snapshot;
    this.#containedBytes = -replayed.bytes;
    home.lock.onLost((owner) => log.fail(takenOver(home.folder, owner)));
    if (replayed.logs > maxLogs || replayed.bytes * 2 > snapshot.bytes) this.#startCompaction();
  }

  static async read(limits: StateLimits, home: Home, durability: Durability): Promise<FileStore> {
    const { disk, folder, options, onWarning } = home;
    const snapshot = new SnapshotFile(disk, folder, options.sliceLength);
    const database = new Low(snapshot, emptyState());
    await database.read();
    const { covers } = snapshot;
    const replayed = await replayLogs(database.data, { disk, folder, covers, limits });
    const log = await ChangeLog.begin({ disk, folder, durability }, replayed.last);
    await cutTornLine(replayed, onWarning);
    return new FileStore(limits, database, { home, log, snapshot, replayed });
  }

  /** Leaves short logs to the next start: stopping takes no longer the more is kept. */
  override async close(): Promise<void> {
    await this.#compacting;
    try {
      if (this.#logBytes * 4 > this.#snapshot.bytes) await this.#compact().catch(() => {});
      await this.#log.close(this.#snapshot.covers.log);
    } finally {
      this.#home.lock.release();
    }
  }

  protected override retryFailedWrite(): Promise<void> | undefined {
    return this.#log.retryPending();
  }

  protected override record(
    clientId: string,
    changes: RecordedChanges,
    undo: () => void,
  ): Promise<void> {
    const kept =
      changes === 'deleted' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    const recorded = this.#log.append(clientId, kept, undo);
    const { minLogBytes, logShare } = this.#home.options;
    if (
      this.#logBytes > Math.max(minLogBytes, this.#snapshot.bytes * logShare) &&
      this.#log.bytes >= this.#nextAttemptBytes
    )
      this.#startCompaction();
    return recorded;
  }

  /** Of the logs that the last snapshot does not contain. */
  get #logBytes(): number {
    return this.#log.bytes - this.#containedBytes;
  }

  #startCompaction(): void {
    const { folder, onWarning, options } = this.#home;
    this.#compacting ??= this.#compact()
      .catch((error: unknown) => {
        this.#nextAttemptBytes = this.#log.bytes + options.minLogBytes;
        onWarning(
          `${folder}: no new snapshot could be written: ${causeMessage(error)}. Nothing is ` +
            'lost: the change logs stay, only longer than they need be, and it is tried again ' +
            'later.',
        );
      })
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  /**
   * Begins the next log first, so that no request waits for the snapshot. A failure leaves all logs
   * in place for the next attempt.
   */
  async #compact(): Promise<void> {
    const { disk, folder } = this.#home;
    const [log, snapshot] = [this.#log, this.#snapshot];
    const covers = await log.rotate();
    const { bytes, undone } = log;
    const before = snapshot.covers;
    snapshot.covers = covers;
    snapshot.confirm = async () => {
      await log.flush();
      if (log.undone !== undone) throw new Error('changes were undone that it may have seen');
    };
    try {
      await this.database.write();
    } catch (error) {
      snapshot.covers = before;
      throw error;
    }
    this.#containedBytes = bytes;
    await removeCovered(disk, folder, covers.log);
  }
}

/**
 * Opens the store of a folder.
 * @throws StartupError when the folder is in use, cannot be written, or holds damaged files (which
 * are set aside) or those of another version
 */
export const openFileStore = async (
  folder: string,
  durability: Durability,
  limits: StateLimits,
  { disk = realDisk, onWarning = () => {}, snapshots = {} }: FileStoreOptions = {},
): Promise<MemoryStore> => {
  const lock = await takeFolder(folder);
  const options = { ...defaultSnapshotOptions, ...snapshots };
  try {
    warnOfSetAside(folder, onWarning);
    return await FileStore.read(limits, { disk, folder, lock, onWarning, options }, durability);
  } catch (error) {
    const failure = explainStart(folder, error);
    lock.release();
    throw failure;
  }
};

const takenOver = (folder: string, owner: string): StoreError =>
  new StoreError(
    `${folder} was taken over by ${owner}, so nothing more can be kept here. Stop one of the two ` +
      'simulators, and give each a folder of its own with --data.',
  );

const startupError = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);

const takeFolder = async (folder: string): Promise<FolderLock> => {
  try {
    makeFolder(folder);
    const lock = await lockFolder(join(folder, 'lock'));
    if ('release' in lock) return lock;
    throw startupError(
      folder,
      `is in use by ${lock.heldBy}`,
      'Stop that simulator, or give this one a folder of its own with --data.',
    );
  } catch (error) {
    throw error instanceof StartupError ? error : unusableFolder(folder, error);
  }
};

const unusableFolder = (folder: string, error: unknown): StartupError =>
  startupError(
    folder,
    `cannot be used: ${causeMessage(error)}`,
    'Name a folder that this user may read and write, on a disk with some space.',
  );

const explainStart = (folder: string, error: unknown): unknown => {
  if (error instanceof CorruptStateError) return setAside(folder, error);
  if (error instanceof UnsupportedVersionError)
    return startupError(
      error.file,
      error.message,
      'Name another folder with --data. To keep the state, export it with the version that wrote ' +
        'it (state export) and import it here (state import).',
    );
  return errorCode(error) === '' ? error : unusableFolder(folder, error);
};

const cutTornLine = async (
  { last, torn }: ReplayedLogs,
  onWarning: (sentence: string) => void,
): Promise<void> => {
  if (torn === undefined) return;
  onWarning(
    `${torn.file}: 1 line that was not finished (${torn.bytes} bytes) was cut from its end. The ` +
      'process was killed while it wrote it, so no request was answered on the strength of it.',
  );
  // Where it stays, the next start reports it again.
  await truncate(torn.file, last.bytes).catch(() => {});
};

const warnOfSetAside = (folder: string, onWarning: (sentence: string) => void): void => {
  for (const name of readdirSync(folder).filter((one) => one.startsWith('corrupt-')))
    onWarning(
      `${join(folder, name)} holds damaged state that an earlier start set aside; what it held ` +
        'is missing here. Put a good copy back, or delete it to end this warning.',
    );
};

const setAside = (folder: string, { file, message }: CorruptStateError): StartupError => {
  const away = createFolder(
    join(folder, `corrupt-${new Date().toISOString().replaceAll(':', '-')}`),
  );
  for (const name of readdirSync(folder).filter(isStateFile))
    renameSync(join(folder, name), join(away, name));
  return startupError(
    file,
    `is damaged: ${message}`,
    `All state files were moved to ${basename(away)}/ next to it. Start again to begin empty, or ` +
      'put a good copy back first.',
  );
};

/** The clock may have gone back to where such a folder was made before. */
const createFolder = (name: string, attempt = 1): string => {
  const candidate = attempt === 1 ? name : `${name}-${attempt}`;
  try {
    mkdirSync(candidate);
    return candidate;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return createFolder(name, attempt + 1);
  }
};
