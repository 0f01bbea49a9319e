import * as fs from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Adapter, Low } from 'lowdb';
import { isVolatile, State, type StateLimits } from '../../domain/state/state.ts';
import { errorText, StartupError } from '../../problems/problem.ts';
import { makeFolder, writeFailure } from '../../problems/read-file.ts';
import { MemoryStore, type RecordedChanges, type Recorder } from '../memory-store.ts';
import { StoreError } from '../store.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type Disk, LineFile, syncFolder } from './line-file.ts';
import {
  type Mark,
  markName,
  readState,
  snapshotTexts,
  stateName,
  textOfChanges,
  writeHeader,
} from './state-lines.ts';

const defaultOptions = {
  disk: fs as Disk,
  /** Called with a sentence on what went wrong apart from any request. */
  onWarning: (_sentence: string): void => {},
  /** Fewer bytes of changes are not worth a snapshot, */
  minChangeBytes: 64 * 1024 * 1024,
  /** nor are those that are less than this share of the last one. */
  changeShare: 0.5,
  /** Characters of a snapshot that are written at once: about a millisecond's work. */
  sliceLength: 128 * 1024,
};
export type FileStoreOptions = Partial<typeof defaultOptions>;

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
  options: FileStoreOptions = {},
): Promise<MemoryStore> => {
  const settings = { ...defaultOptions, ...options, folder, durability, limits };
  let lock: FolderLock | undefined;
  try {
    makeFolder(folder);
    lock = await lockFolder(folder);
    for (const name of fs.readdirSync(folder).filter((one) => one.startsWith('corrupt-')))
      settings.onWarning(
        `${join(folder, name)} holds damaged state that an earlier start set aside; what it held ` +
          'is missing here. Put a good copy back, or delete it to end this warning.',
      );
    const recorder = new FileRecorder({ ...settings, lock });
    await recorder.open();
    return new MemoryStore(limits, recorder);
  } catch (error) {
    lock?.release();
    throw explainStart(folder, error);
  }
};

const explainStart = (folder: string, error: unknown): unknown => {
  const { code, path = folder, message }: NodeJS.ErrnoException = error as Error;
  if (error instanceof StartupError || code === undefined) return error;
  const where = code === 'ENOTREG' ? path : folder;
  const remedy = 'Name a folder that this user may read and write, on a disk with some space.';
  return new StartupError([{ where, message: `cannot be used: ${message}`, remedy }]);
};

type FileRecorderDeps = Readonly<typeof defaultOptions> & {
  readonly folder: string;
  readonly durability: Durability;
  readonly limits: StateLimits;
  readonly lock: FolderLock;
};

/**
 * Keeps the state in one file: a header, a snapshot (a line for each record, and one with their
 * number), then a line for each request that has changed something since. A file beside it, the
 * mark, says that it exists, and how it ended at the last start or stop.
 *
 * A line is written before its change is made, so a change that is refused was never made. With
 * durability `disk`, one sync serves all answers that wait for it.
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
  /** Has not begun: it takes all lines that are there when it does. */
  #nextSync: Promise<void> | undefined;
  /** Ends when the syncs that were asked for, and the last steps of a snapshot, have ended. */
  #tasks = Promise.resolve();
  /** Of a sync: what the disk holds is unknown until the file is replaced. */
  #failure: unknown;

  constructor(deps: FileRecorderDeps) {
    this.#deps = deps;
    this.#file = join(deps.folder, stateName);
    this.#mark = join(deps.folder, markName);
    this.#lines = new LineFile(deps.disk, this.#file);
  }

  /** Reads the state, makes its file ready for lines, and says in the mark that more may come. */
  async open(): Promise<void> {
    await this.database.read();
    if (this.#snapshotBytes === 0) await this.database.write();
    await this.#writeMark({ end: this.#lines.end, isOpen: true });
    this.#lines.append([]);
    if (this.#changeBytes * 2 > this.#snapshotBytes) this.#snapshot ??= this.#writeSnapshot();
  }

  /** @throws see `readState` */
  async read(): Promise<State | null> {
    const { folder, disk, limits, onWarning } = this.#deps;
    const found = readState(folder, limits);
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
    const { folder, sliceLength } = this.#deps;
    const since: string[] = [];
    this.#sinceSnapshot = since;
    await this.#replace(this.#file, async (next) => {
      for (const texts of snapshotTexts(state, sliceLength)) {
        next.append(texts);
        await turn();
      }
      const { bytes } = next.end;
      // The disk gets all of it now, and only the rest while answers wait.
      await next.sync();
      await this.#runAlone(async () => {
        next.append(since.splice(0));
        // Until the next start or stop it states nothing that only the old file has.
        if (this.#snapshotBytes > 0) await this.#writeMark({ isOpen: true });
        await next.sync();
        // What has come meanwhile: the next sync is one of this file.
        next.append(since);
        next.moveTo(this.#file, this.#lines);
        [this.#lines, this.#snapshotBytes] = [next, bytes];
        [this.#sinceSnapshot, this.#failure] = [undefined, undefined];
        await syncFolder(folder);
      });
    });
  }

  record(clientId: string, changes: RecordedChanges): Promise<void> | undefined {
    const { folder, durability, lock, minChangeBytes, changeShare } = this.#deps;
    if (lock.lostTo !== undefined)
      throw new StoreError(
        `${folder} was taken over by ${lock.lostTo}, so nothing more can be kept here. Stop one ` +
          'of the two simulators, and give each a folder of its own with --data.',
      );
    const enough = Math.max(this.#failedAt + minChangeBytes, this.#snapshotBytes * changeShare);
    // It begins with the state as it is before this change.
    if (this.#changeBytes > enough || this.#failure !== undefined)
      this.#snapshot ??= this.#writeSnapshot();
    if (this.#failure !== undefined) throw this.#refusal(this.#failure);
    const kept =
      changes === 'deleted' ? changes : changes.filter(({ collection }) => !isVolatile(collection));
    if (kept.length > 0) this.#append(textOfChanges(clientId, kept));
    return durability === 'disk' ? this.#sync() : undefined;
  }

  /** Leaves few changes to the next start: stopping takes no longer the more is kept. */
  async close(): Promise<void> {
    await this.#snapshot;
    await this.#tasks;
    try {
      if (this.#deps.lock.lostTo !== undefined) return;
      if (this.#changeBytes * 4 > this.#snapshotBytes || this.#failure !== undefined)
        await this.database.write().catch(() => {});
      this.#append();
      // Without it a loss of the last lines would not be noticed, and no more.
      await this.#writeMark({ end: this.#lines.end }).catch(() => {});
    } finally {
      this.#lines.close();
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
      if (this.#failure !== undefined) this.#failure = error;
      else
        this.#deps.onWarning(
          `${this.#file}: no new snapshot could be written: ${errorText(error)}. Nothing is lost: ` +
            'the file is only longer than it need be, and it is tried again later.',
        );
    } finally {
      [this.#snapshot, this.#sinceSnapshot] = [undefined, undefined];
    }
  }

  /** @throws StoreError */
  #append(...texts: string[]): void {
    try {
      this.#lines.append(texts);
    } catch (error) {
      throw this.#refusal(error);
    }
    this.#sinceSnapshot?.push(...texts);
  }

  /** Settles when all that was appended is on the disk itself. @throws StoreError */
  #sync(): Promise<void> {
    this.#nextSync ??= this.#runAlone(async () => {
      this.#nextSync = undefined;
      // The system may forget what it could not write: after a failure a sync proves nothing.
      this.#failure ??= await this.#lines.sync().catch((error: unknown) => error);
      if (this.#failure !== undefined) throw this.#refusal(this.#failure, true);
    });
    return this.#nextSync;
  }

  /** Runs a task after those before it. */
  #runAlone(task: () => Promise<void>): Promise<void> {
    const done = this.#tasks.then(task);
    this.#tasks = done.catch(() => {});
    return done;
  }

  /** @param error of a write or, when the outcome is unknown, of a sync */
  #refusal(error: unknown, isOutcomeUnknown = false): StoreError {
    const outcome = isOutcomeUnknown
      ? 'A restart may find the change all the same, so the connection is closed without an ' +
        'answer. Nothing more is decided until the file was replaced.'
      : 'Nothing was changed. Each request tries again.';
    const sentence = `${this.#file} cannot be written: ${errorText(error)}.`;
    const message = `${sentence} ${writeFailure(error).remedy} ${outcome}`;
    return new StoreError(message, { cause: error, isOutcomeUnknown });
  }

  async #writeMark(mark: Mark): Promise<void> {
    await this.#replace(this.#mark, async (next) => {
      next.append([writeHeader('mark', mark)]);
      await next.sync();
      next.moveTo(this.#mark);
      await syncFolder(this.#deps.folder);
    });
  }

  async #replace(file: string, write: (next: LineFile) => Promise<void>): Promise<void> {
    const { disk } = this.#deps;
    const next = new LineFile(disk, `${file}.tmp`);
    try {
      disk.rmSync(`${file}.tmp`, { force: true });
      await write(next);
    } catch (error) {
      next.close();
      disk.rmSync(`${file}.tmp`, { force: true });
      throw error;
    }
  }
}
