import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Low } from 'lowdb';
import { isVolatile, type StateLimits } from '../../domain/state/state.ts';
import { errorCode, errorText, StartupError } from '../../problems/problem.ts';
import { makeFolder } from '../../problems/read-file.ts';
import { emptyState, MemoryStore, type RecordedChanges, type State } from '../memory-store.ts';
import { StoreError } from '../store.ts';
import { ChangeLog } from './change-log.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type Disk, realDisk } from './line-file.ts';
import { CorruptStateError, type Durability, startupError } from './state-errors.ts';
import {
  isStateFile,
  removeCovered,
  replayLogs,
  SnapshotFile,
  type StateFolder,
} from './state-folder.ts';

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

export interface FileStoreOptions {
  readonly disk?: Disk;
  /** Called with a sentence on what went wrong apart from any request. */
  readonly onWarning?: (sentence: string) => void;
  readonly snapshots?: Partial<SnapshotOptions>;
}

interface FileStoreDeps {
  readonly home: StateFolder;
  readonly lock: FolderLock;
  readonly database: Low<State>;
  readonly snapshot: SnapshotFile;
  readonly log: ChangeLog;
  readonly onWarning: (sentence: string) => void;
  readonly options: SnapshotOptions;
}

/**
 * State that is kept in a folder: `state.snapshot` is lowdb's snapshot, `changes-<n>.log` what has
 * come since. A new snapshot takes the place of logs that have grown long.
 */
class FileStore extends MemoryStore {
  readonly #deps: FileStoreDeps;
  #compacting: Promise<void> | undefined;
  /** Bytes of logs that the last snapshot contains. */
  #containedBytes = 0;
  /** Bytes of logs at which the next snapshot is worth its time. */
  #compactAt = 0;

  constructor(limits: StateLimits, deps: FileStoreDeps) {
    super(limits, deps.database);
    this.#deps = deps;
    this.#scheduleCompaction();
    if (this.#logBytes * 2 > deps.snapshot.bytes) this.#startCompaction();
  }

  /** Leaves short logs to the next start: stopping takes no longer the more is kept. */
  override async close(): Promise<void> {
    const { log, lock, snapshot } = this.#deps;
    await this.#compacting;
    try {
      if (lock.lostTo !== undefined) return;
      if (this.#logBytes * 4 > snapshot.bytes) await this.#compact().catch(() => {});
      await log.close(snapshot.covers.log);
    } finally {
      lock.release();
    }
  }

  protected override retryFailedWrite(): Promise<void> | undefined {
    const { home, lock, log } = this.#deps;
    if (lock.lostTo === undefined) return log.retry();
    throw new StoreError(
      `${home.folder} was taken over by ${lock.lostTo}, so nothing more can be kept here. Stop ` +
        'one of the two simulators, and give each a folder of its own with --data.',
    );
  }

  protected override record(
    clientId: string,
    changes: RecordedChanges,
    undo: () => void,
  ): Promise<void> {
    const { log } = this.#deps;
    const kept =
      changes === 'deleted' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    const recorded = log.append(clientId, kept, undo);
    if (this.#logBytes > this.#compactAt) this.#startCompaction();
    return recorded;
  }

  /** Of the logs that the last snapshot does not contain. */
  get #logBytes(): number {
    return this.#deps.log.bytes - this.#containedBytes;
  }

  #scheduleCompaction(): void {
    const { options, snapshot } = this.#deps;
    this.#compactAt = Math.max(options.minLogBytes, snapshot.bytes * options.logShare);
  }

  #startCompaction(): void {
    const { home, onWarning, options } = this.#deps;
    this.#compacting ??= this.#compact()
      .catch((error: unknown) => {
        this.#compactAt = this.#logBytes + options.minLogBytes;
        onWarning(
          `${home.folder}: no new snapshot could be written: ${errorText(error)}. Nothing is ` +
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
    const { home, log, snapshot } = this.#deps;
    const covers = await log.rotate();
    const { bytes, undone } = log;
    const confirm = async (): Promise<void> => {
      await log.flush();
      if (log.undone !== undone) throw new Error('changes were undone that it may have seen');
    };
    snapshot.next = { covers, confirm };
    await this.database.write();
    this.#containedBytes = bytes;
    this.#scheduleCompaction();
    await removeCovered(home, covers.log);
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
  let lock: FolderLock | undefined;
  try {
    lock = await takeFolder(folder);
    warnOfSetAside(folder, onWarning);
    const home = { disk, folder, durability };
    const options = { ...defaultSnapshotOptions, ...snapshots };
    const snapshot = new SnapshotFile(home, options.sliceLength);
    const database = new Low(snapshot, emptyState());
    await database.read();
    const { last, bytes, torn } = replayLogs(folder, database.data, snapshot.covers, limits);
    const log = await ChangeLog.begin(home, last, bytes);
    if (torn !== undefined) {
      onWarning(
        `${torn.file}: 1 line that was not finished (${torn.bytes} bytes) was cut from its end. ` +
          'The process was killed while it wrote it, so no request was answered on the strength ' +
          'of it.',
      );
      // Where it stays, the next start reports it again.
      await truncate(torn.file, last.bytes).catch(() => {});
    }
    return new FileStore(limits, { home, lock, database, snapshot, log, onWarning, options });
  } catch (error) {
    const failure = explainStart(folder, error);
    lock?.release();
    throw failure;
  }
};

const takeFolder = async (folder: string): Promise<FolderLock> => {
  makeFolder(folder);
  const lock = await lockFolder(join(folder, 'lock'));
  if ('release' in lock) return lock;
  throw startupError(
    folder,
    `is in use by ${lock.heldBy}`,
    'Stop that simulator, or give this one a folder of its own with --data.',
  );
};

const explainStart = (folder: string, error: unknown): unknown => {
  if (error instanceof CorruptStateError) return setAside(folder, error);
  if (error instanceof StartupError || errorCode(error) === '') return error;
  return startupError(
    folder,
    `cannot be used: ${errorText(error)}`,
    'Name a folder that this user may read and write, on a disk with some space.',
  );
};

const warnOfSetAside = (folder: string, onWarning: (sentence: string) => void): void => {
  for (const name of readdirSync(folder).filter((one) => one.startsWith('corrupt-')))
    onWarning(
      `${join(folder, name)} holds damaged state that an earlier start set aside; what it held ` +
        'is missing here. Put a good copy back, or delete it to end this warning.',
    );
};

const setAside = (folder: string, { file, message }: CorruptStateError): StartupError => {
  const stem = join(folder, `corrupt-${new Date().toISOString().replaceAll(':', '-')}`);
  let away = stem;
  // The clock may have gone back to where such a folder was made before.
  for (let number = 2; existsSync(away); number++) away = `${stem}-${number}`;
  mkdirSync(away);
  for (const name of readdirSync(folder).filter(isStateFile))
    renameSync(join(folder, name), join(away, name));
  return startupError(
    file,
    `is damaged: ${message}`,
    `All state files were moved to ${basename(away)}/ next to it. Start again to begin empty, or ` +
      'put a good copy back first.',
  );
};
