import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import { isVolatile, type StateLimits } from '../../domain/state/state.ts';
import { errorText, StartupError } from '../../problems/problem.ts';
import { makeFolder, writeFailure } from '../../problems/read-file.ts';
import { MemoryStore, type RecordedChanges, type Recorder, State } from '../memory-store.ts';
import { StoreError } from '../store.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type Disk, damagedCode, LineFile, realDisk } from './line-file.ts';
import { type Mark, readState, textOfChanges, textsOfState, writeHeader } from './state-lines.ts';

/** When a snapshot is written, and how. */
const defaultSnapshotOptions = {
  /** Fewer bytes of changes are not worth one. */
  minChangeBytes: 64 * 1024 * 1024,
  /** Nor are those that are less than this share of the last one. */
  changeShare: 0.5,
  /** Characters that are written at once: about a millisecond's work. */
  sliceLength: 128 * 1024,
};

export interface FileStoreOptions {
  readonly disk?: Disk;
  /** Called with a sentence on what went wrong apart from any request. */
  readonly onWarning?: (sentence: string) => void;
  readonly snapshots?: Partial<typeof defaultSnapshotOptions>;
}

/** What an answered change survives: nothing promised, a killed process, a power cut. */
type Durability = 'none' | 'os' | 'disk';

/**
 * Opens the store of a folder.
 * @throws StartupError when the folder is in use, cannot be written, or holds damaged files (which
 * are set aside) or those of another version
 */
export const openFileStore = async (
  folder: string,
  durability: Durability,
  limits: StateLimits,
  { disk = realDisk, onWarning = () => {}, snapshots }: FileStoreOptions = {},
): Promise<MemoryStore> => {
  let lock: FolderLock | undefined;
  try {
    lock = await takeFolder(folder);
    warnOfSetAside(folder, onWarning);
    const options = { ...defaultSnapshotOptions, ...snapshots };
    const deps = { folder, durability, limits, lock, disk, onWarning, options };
    const recorder = new FileRecorder(deps);
    await recorder.open();
    return new MemoryStore(limits, recorder.database, recorder);
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
  const remedy = 'Stop that simulator, or give this one a folder of its own with --data.';
  throw new StartupError([{ where: folder, message: `is in use by ${lock.heldBy}`, remedy }]);
};

const warnOfSetAside = (folder: string, onWarning: (sentence: string) => void): void => {
  for (const name of readdirSync(folder).filter((one) => one.startsWith('corrupt-')))
    onWarning(
      `${join(folder, name)} holds damaged state that an earlier start set aside; what it held ` +
        'is missing here. Put a good copy back, or delete it to end this warning.',
    );
};

const explainStart = (folder: string, error: unknown): unknown => {
  const { code, path = folder, message }: NodeJS.ErrnoException = error as Error;
  if (error instanceof StartupError || code === undefined) return error;
  const problem =
    code === damagedCode
      ? { where: path, message: `is damaged: ${message}`, remedy: setAside(folder) }
      : {
          where: code === 'ENOTREG' ? path : folder,
          message: `cannot be used: ${message}`,
          remedy: 'Name a folder that this user may read and write, on a disk with some space.',
        };
  return new StartupError([problem]);
};

/** Moves damaged files to a folder of their own. @returns what to do */
const setAside = (folder: string): string => {
  const stem = join(folder, `corrupt-${new Date().toISOString().replaceAll(':', '-')}`);
  let away = stem;
  // The clock may have gone back to where such a folder was made before.
  for (let number = 2; existsSync(away); number++) away = `${stem}-${number}`;
  mkdirSync(away);
  for (const name of [stateName, markName])
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(away, name));
  return (
    `All state files were moved to ${basename(away)}/ next to it. Start again to begin empty, or ` +
    'put a good copy back first.'
  );
};

const stateName = 'state.log';
const markName = 'state.end';

interface FileRecorderDeps {
  readonly folder: string;
  readonly durability: Durability;
  readonly limits: StateLimits;
  readonly lock: FolderLock;
  readonly disk: Disk;
  readonly onWarning: (sentence: string) => void;
  readonly options: typeof defaultSnapshotOptions;
}

/** Changes that are written together. */
interface Batch {
  readonly texts: string[];
  /** Of what waits for it, in the order of the decisions. */
  readonly undos: (() => void)[];
  /** Settles once it is as durable as configured. @throws StoreError */
  done: Promise<void>;
}

const settled = Promise.resolve();

/**
 * Keeps the state in one file: a header, a snapshot (a line for each record, and one with their
 * number), then a line for each request that has changed something since. A file beside it, the
 * mark, says that it exists, and how it ended at the last start or stop.
 *
 * All changes that wait are written together, one write at a time, so the cost does not depend on
 * how much is stored or on how many wait. When a write fails, everything that waits is undone and
 * rejected, for it rests on what could not be written; where it was answered already, it is written
 * later.
 */
class FileRecorder implements Recorder, Adapter<State> {
  readonly database = new Low<State>(this, new State());
  readonly #deps: FileRecorderDeps;
  readonly #file: string;
  readonly #mark: string;
  #lines: LineFile;
  /** Of the header and the snapshot; 0 before the first one. */
  #snapshotBytes = 0;
  /** The next snapshot, while it is written. */
  #snapshot: Promise<void> | undefined;
  /** What was appended since it was begun, to be appended to it too. */
  #sinceSnapshot: string[] | undefined;
  /** After a snapshot that failed, the next one waits for so many more bytes. */
  #failedAt = 0;
  #writing: Batch | undefined;
  /** Gathers what comes while another batch is written. */
  #next: Batch | undefined;
  /** Ends when all that was begun has ended. */
  #tasks = settled;
  /** Answered, and to be written before anything else. */
  #unwritten: readonly string[] = [];
  #lastFailure: StoreError | undefined;

  constructor(deps: FileRecorderDeps) {
    this.#deps = deps;
    this.#file = join(deps.folder, stateName);
    this.#mark = join(deps.folder, markName);
    this.#lines = new LineFile(deps.disk, this.#file);
  }

  /** Reads the state, makes its file ready for lines, and says in the mark that more may come. */
  async open(): Promise<void> {
    try {
      await this.database.read();
      if (this.#snapshotBytes === 0) await this.database.write();
      await this.#lines.append([]);
      await this.#writeMark({ end: this.#lines.end, isOpen: true });
      if (this.#changeBytes * 2 > this.#snapshotBytes) this.#snapshot ??= this.#writeSnapshot();
    } catch (error) {
      await this.#lines.close();
      throw error;
    }
  }

  /** @throws see `readState` */
  async read(): Promise<State | null> {
    const { disk, limits, onWarning } = this.#deps;
    const found = readState(this.#file, this.#mark, limits);
    if (found === undefined) return null;
    if (found.tornBytes > 0)
      onWarning(
        `${this.#file}: 1 line that was not finished (${found.tornBytes} bytes) was cut from its ` +
          'end. The process was killed while it wrote it, so no request was answered on the ' +
          'strength of it.',
      );
    this.#lines = new LineFile(disk, this.#file, found.end);
    this.#snapshotBytes = found.snapshotBytes;
    return found.state;
  }

  /**
   * Replaces the file by one with a new snapshot. Requests are answered meanwhile, and what they
   * change is appended to it at the end: since changes are whole values it does not matter which of
   * them the snapshot has seen.
   */
  async write(state: State): Promise<void> {
    const since: string[] = [];
    this.#sinceSnapshot = since;
    const writeSnapshot = async (next: LineFile): Promise<void> => {
      let slice = [writeHeader('state')];
      let [records, length] = [0, 0];
      for (const text of textsOfState(state)) {
        records++;
        slice.push(text);
        length += text.length;
        // The event loop is free between slices.
        if (length < this.#deps.options.sliceLength) continue;
        await next.append(slice);
        [slice, length] = [[], 0];
      }
      // The disk gets all of it now, and only the rest while requests wait.
      await next.append([...slice, JSON.stringify({ records })], true);
      const { bytes } = next.end;
      await this.#runAlone(async () => {
        // All that the snapshot may have seen is written now, or was undone.
        if (this.#sinceSnapshot !== since)
          throw new Error('changes were undone that it may have seen');
        await next.append(since);
        // Until the next start or stop it states nothing that only the old file has.
        if (this.#snapshotBytes > 0) await this.#writeMark({ isOpen: true });
        await next.moveTo(this.#file, this.#lines);
        [this.#lines, this.#snapshotBytes] = [next, bytes];
      });
    };
    await this.#replace(this.#file, writeSnapshot).finally(() => {
      this.#sinceSnapshot = undefined;
    });
  }

  retry(): Promise<void> | undefined {
    const { folder, lock } = this.#deps;
    if (lock.lostTo === undefined) return this.#lastFailure && this.#openBatch().done;
    throw new StoreError(
      `${folder} was taken over by ${lock.lostTo}, so nothing more can be kept here. Stop one of ` +
        'the two simulators, and give each a folder of its own with --data.',
    );
  }

  record(clientId: string, changes: RecordedChanges, undo: () => void): Promise<void> | undefined {
    const { durability, options } = this.#deps;
    const kept =
      changes === 'deleted' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    if (kept.length > 0) this.#openBatch().texts.push(textOfChanges(clientId, kept));
    const isWorthIt =
      this.#changeBytes - this.#failedAt > options.minChangeBytes &&
      this.#changeBytes > this.#snapshotBytes * options.changeShare;
    if (isWorthIt) this.#snapshot ??= this.#writeSnapshot();
    if (durability === 'none') return undefined;
    // What was decided last is in this batch, or rests on it.
    const batch = this.#next ?? this.#writing;
    batch?.undos.push(undo);
    return batch?.done;
  }

  /** Leaves few changes to the next start: stopping takes no longer the more is kept. */
  async close(): Promise<void> {
    await this.#snapshot;
    try {
      if (this.#deps.lock.lostTo !== undefined) return;
      if (this.#changeBytes * 4 > this.#snapshotBytes) await this.database.write().catch(() => {});
      await this.#openBatch().done;
      // Without it a loss of the last lines would not be noticed, and no more.
      await this.#writeMark({ end: this.#lines.end }).catch(() => {});
    } finally {
      await this.#lines.close();
      this.#deps.lock.release();
    }
  }

  /** Of what was appended to the snapshot. */
  get #changeBytes(): number {
    return this.#lines.end.bytes - this.#snapshotBytes;
  }

  async #writeSnapshot(): Promise<void> {
    try {
      await this.database.write();
      this.#failedAt = 0;
    } catch (error) {
      this.#failedAt = this.#changeBytes;
      this.#deps.onWarning(
        `${this.#file}: no new snapshot could be written: ${errorText(error)}. Nothing is lost: ` +
          'the file is only longer than it need be, and it is tried again later.',
      );
    } finally {
      this.#snapshot = undefined;
    }
  }

  #openBatch(): Batch {
    if (this.#next !== undefined) return this.#next;
    const batch: Batch = { texts: [], undos: [], done: settled };
    this.#next = batch;
    batch.done = this.#runAlone(() => this.#writeBatch(batch));
    return batch;
  }

  /** Writes and the last steps of snapshots come one after the other. */
  #runAlone(task: () => Promise<void>): Promise<void> {
    const done = this.#tasks.then(task);
    this.#tasks = done.catch(() => {});
    return done;
  }

  async #writeBatch(batch: Batch): Promise<void> {
    // It was undone, for it rests on a batch that could not be written.
    if (batch !== this.#next) throw this.#lastFailure;
    [this.#writing, this.#next] = [batch, undefined];
    const { durability } = this.#deps;
    const texts = [...this.#unwritten, ...batch.texts];
    // What is being appended when a snapshot begins was decided before, so the snapshot has it.
    const since = this.#sinceSnapshot;
    try {
      await this.#lines.append(texts, durability === 'disk');
      since?.push(...texts);
      this.#unwritten = [];
      this.#lastFailure = undefined;
    } catch (error) {
      const isWritten = this.#lines.remains === 'lines' && batch.texts.length > 0;
      const outcome = durability === 'none' ? 'waiting' : isWritten ? 'unknown' : 'unchanged';
      const { remedy } = writeFailure(error);
      this.#lastFailure = new StoreError(
        `${this.#file} cannot be written: ${errorText(error)}. ${remedy} ${outcomes[outcome]}`,
        { cause: error, isOutcomeUnknown: outcome === 'unknown' },
      );
      if (outcome === 'waiting') this.#unwritten = texts;
      else this.#undo(batch);
      throw this.#lastFailure;
    } finally {
      this.#writing = undefined;
    }
  }

  /** Undoes all that waits, the latest first: each one restores what it found. */
  #undo(batch: Batch): void {
    const undos = [...batch.undos, ...(this.#next?.undos ?? [])];
    // A snapshot that is being written may have seen it.
    [this.#next, this.#sinceSnapshot] = [undefined, undefined];
    for (const undo of undos.toReversed()) undo();
  }

  #writeMark(mark: Mark): Promise<void> {
    return this.#replace(this.#mark, async (next) => {
      await next.append([writeHeader('mark', mark)]);
      await next.moveTo(this.#mark);
    });
  }

  async #replace(file: string, write: (next: LineFile) => Promise<void>): Promise<void> {
    const { disk } = this.#deps;
    const next = new LineFile(disk, `${file}.tmp`);
    try {
      await write(next);
    } catch (error) {
      await next.close();
      await disk.remove(`${file}.tmp`).catch(() => {});
      throw error;
    }
  }
}

/** What became of a request whose changes could not be written. */
const outcomes = {
  unchanged: 'Nothing was changed. Each request tries again.',
  unknown:
    'A restart may find the change all the same, so the connection is closed without an answer. ' +
    'Nothing more is decided until that is settled.',
  waiting:
    'Nothing more is decided until what was answered before could be written. Each request tries ' +
    'again.',
};
