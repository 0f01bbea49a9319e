import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Low } from 'lowdb';
import { isVolatile, type StateLimits } from '../../domain/state/state.ts';

import { StartupError } from '../../problems/problem.ts';
import { makeFolder } from '../../problems/read-file.ts';
import { emptyState, MemoryStore, type RecordedChanges, type State } from '../memory-store.ts';
import { StoreError } from '../store.ts';
import { ChangeLog } from './change-log.ts';
import { type Disk, realDisk } from './disk.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { SnapshotFile } from './snapshot-file.ts';
import {
  CorruptStateError,
  causeMessage,
  type Durability,
  errorCode,
  startupError,
} from './state-errors.ts';
import { isStateFile, removeCovered, replayLogs, type StateFolder } from './state-folder.ts';

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
  /** Of the logs that the snapshot does not contain. */
  readonly replayedBytes: number;
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
  /** Bytes of logs that the last snapshot contains, less those replayed at the start. */
  #containedBytes: number;
  #nextAttemptBytes = 0;

  constructor(limits: StateLimits, deps: FileStoreDeps) {
    super(limits, deps.database);
    this.#deps = deps;
    this.#containedBytes = -deps.replayedBytes;
    const { folder } = deps.home;
    deps.lock.onLost((owner) =>
      deps.log.fail(
        new StoreError(
          `${folder} was taken over by ${owner}, so nothing more can be kept here. Stop one of ` +
            'the two simulators, and give each a folder of its own with --data.',
        ),
      ),
    );
    if (deps.replayedBytes * 2 > deps.snapshot.bytes) this.#startCompaction();
  }

  /** Leaves short logs to the next start: stopping takes no longer the more is kept. */
  override async close(): Promise<void> {
    const { log, lock, snapshot } = this.#deps;
    await this.#compacting;
    try {
      if (this.#logBytes * 4 > snapshot.bytes) await this.#compact().catch(() => {});
      await log.close(snapshot.covers.log);
    } finally {
      lock.release();
    }
  }

  protected override retryFailedWrite(): Promise<void> | undefined {
    return this.#deps.log.retryPending();
  }

  protected override record(
    clientId: string,
    changes: RecordedChanges,
    undo: () => void,
  ): Promise<void> {
    const { log, snapshot, options } = this.#deps;
    const kept =
      changes === 'deleted' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    const recorded = log.append(clientId, kept, undo);
    const minBytes = Math.max(options.minLogBytes, snapshot.bytes * options.logShare);
    if (this.#logBytes > minBytes && log.bytes >= this.#nextAttemptBytes) this.#startCompaction();
    return recorded;
  }

  /** Of the logs that the last snapshot does not contain. */
  get #logBytes(): number {
    return this.#deps.log.bytes - this.#containedBytes;
  }

  #startCompaction(): void {
    const { home, log, onWarning, options } = this.#deps;
    this.#compacting ??= this.#compact()
      .catch((error: unknown) => {
        this.#nextAttemptBytes = log.bytes + options.minLogBytes;
        onWarning(
          `${home.folder}: no new snapshot could be written: ${causeMessage(error)}. Nothing is ` +
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
    const before = snapshot.covers;
    const covers = await log.rotate();
    const { bytes, undone } = log;
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
    const options = { ...defaultSnapshotOptions, ...snapshots };
    const snapshot = new SnapshotFile(disk, folder, options.sliceLength);
    const database = new Low(snapshot, emptyState());
    await database.read();
    const home = { disk, folder, durability };
    const replayed = await replayLogs(home, database.data, snapshot.covers, limits);
    const log = await ChangeLog.begin(home, replayed.last);
    if (replayed.torn !== undefined) {
      const { file, bytes } = replayed.torn;
      onWarning(
        `${file}: 1 line that was not finished (${bytes} bytes) was cut from its end. The ` +
          'process was killed while it wrote it, so no request was answered on the strength of it.',
      );
      // Where it stays, the next start reports it again.
      await truncate(file, replayed.last.bytes).catch(() => {});
    }
    const replayedBytes = replayed.bytes;
    const deps = { home, lock, database, snapshot, log, replayedBytes, onWarning, options };
    return new FileStore(limits, deps);
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
    `cannot be used: ${causeMessage(error)}`,
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
