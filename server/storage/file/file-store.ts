import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
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
import { CorruptStateError, startupError } from './state-errors.ts';
import { isStateFile, StateFile } from './state-file.ts';

/** What an answered change survives: nothing promised, a killed process, a power cut. */
type Durability = 'none' | 'os' | 'disk';

/** When a snapshot is written, and how. */
interface SnapshotOptions {
  /** Fewer bytes of changes are not worth one. */
  readonly minChangeBytes: number;
  /** Nor are those that are less than this share of the last one. */
  readonly changeShare: number;
  /** Characters that are written at once: about a millisecond's work. */
  readonly sliceLength: number;
}

const defaultSnapshotOptions: SnapshotOptions = {
  minChangeBytes: 64 * 1024 * 1024,
  changeShare: 0.5,
  sliceLength: 128 * 1024,
};

export interface FileStoreOptions {
  readonly disk?: Disk;
  /** Called with a sentence on what went wrong apart from any request. */
  readonly onWarning?: (sentence: string) => void;
  readonly snapshots?: Partial<SnapshotOptions>;
}

interface FileStoreDeps {
  readonly lock: FolderLock;
  readonly database: Low<State>;
  readonly file: StateFile;
  readonly log: ChangeLog;
  readonly options: SnapshotOptions;
  readonly onWarning: (sentence: string) => void;
}

/** State that is kept in a folder. Many changes are replaced by a new snapshot. */
class FileStore extends MemoryStore {
  readonly #deps: FileStoreDeps;
  #snapshot: Promise<void> | undefined;
  /** After a snapshot that failed, the next one waits for so many more bytes. */
  #failedAt = 0;

  constructor(limits: StateLimits, deps: FileStoreDeps) {
    super(limits, deps.database);
    this.#deps = deps;
    if (deps.file.changeBytes * 2 > deps.file.snapshotBytes) this.#startSnapshot();
  }

  /** Leaves few changes to the next start: stopping takes no longer the more is kept. */
  override async close(): Promise<void> {
    const { database, file, lock, log } = this.#deps;
    await this.#snapshot;
    try {
      if (lock.lostTo !== undefined) return await file.close();
      if (file.changeBytes * 4 > file.snapshotBytes) await database.write().catch(() => {});
      await log.close();
    } finally {
      lock.release();
    }
  }

  protected override retryFailedWrite(): Promise<void> | undefined {
    const { file, lock, log } = this.#deps;
    if (lock.lostTo === undefined) return log.retry();
    throw new StoreError(
      `${file.home.folder} was taken over by ${lock.lostTo}, so nothing more can be kept here. ` +
        'Stop one of the two simulators, and give each a folder of its own with --data.',
    );
  }

  protected override record(
    clientId: string,
    changes: RecordedChanges,
    undo: () => void,
  ): Promise<void> {
    const { file, log, options } = this.#deps;
    const kept =
      changes === 'deleted' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    const recorded = log.append(clientId, kept, undo);
    const isWorthIt =
      file.changeBytes - this.#failedAt > options.minChangeBytes &&
      file.changeBytes > file.snapshotBytes * options.changeShare;
    if (isWorthIt) this.#startSnapshot();
    return recorded;
  }

  #startSnapshot(): void {
    const { database, file, onWarning } = this.#deps;
    this.#snapshot ??= database
      .write()
      .then(
        () => {
          this.#failedAt = 0;
        },
        (error: unknown) => {
          this.#failedAt = file.changeBytes;
          onWarning(
            `${file.file}: no new snapshot could be written: ${errorText(error)}. Nothing is ` +
              'lost: the file is only longer than it need be, and it is tried again later.',
          );
        },
      )
      .finally(() => {
        this.#snapshot = undefined;
      });
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
  let file: StateFile | undefined;
  try {
    lock = await takeFolder(folder);
    warnOfSetAside(folder, onWarning);
    const options = { ...defaultSnapshotOptions, ...snapshots };
    const { sliceLength } = options;
    const syncs = durability === 'disk';
    file = new StateFile({ disk, folder, syncs, limits, sliceLength, onWarning });
    const database = new Low(file, emptyState());
    await database.read();
    await file.open(database.data);
    const log = new ChangeLog(file, durability === 'none');
    return new FileStore(limits, { lock, database, file, log, options, onWarning });
  } catch (error) {
    const failure = explainStart(folder, error);
    await file?.close();
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
  const isOddFile = error instanceof Error && 'path' in error && errorCode(error) === 'ENOTREG';
  return startupError(
    isOddFile ? String(error.path) : folder,
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
