import type { RecordedChanges } from '../memory-store.ts';
import type { StoreError } from '../store.ts';
import type { Disk, DiskFile } from './disk.ts';
import { logFile, nameNewestLog, newestLogFile } from './folder-files.ts';
import { headerText, LineChain, type LogEnd, lineFeed, textOfChanges } from './lines.ts';
import {
  causeMessage,
  type Durability,
  explainFailure,
  PartialWriteError,
} from './state-errors.ts';

export const logFormat = 'alipayhk-mock changes';

export interface LogFolder {
  readonly disk: Disk;
  readonly folder: string;
  readonly durability: Durability;
}

const notInPlace = 'it is no longer in its folder';

/** One file of a change log. A failed write is removed, at once or before the next attempt. */
class LogFile {
  readonly file: string;
  readonly after: LogEnd;
  readonly #handle: DiskFile;
  readonly #durability: Durability;
  #chain = new LineChain();
  #headerBytes = 0;
  bytes = 0;
  /** Whether bytes of a failed write may follow the last line. */
  hasRemains = false;

  private constructor(file: string, after: LogEnd, handle: DiskFile, durability: Durability) {
    this.file = file;
    this.after = after;
    this.#handle = handle;
    this.#durability = durability;
  }

  /**
   * Begins the log after another one, and names it the newest. Its header states how the one before
   * it ended, so that a log which loses its end later is recognised.
   */
  static async begin({ disk, folder, durability }: LogFolder, after: LogEnd): Promise<LogFile> {
    const file = logFile(folder, after.log + 1);
    // Begun before and never used: the process was killed, or the disk full.
    await disk.remove(file);
    const log = new LogFile(file, after, await disk.create(file), durability);
    try {
      await log.append([headerText({ format: logFormat, after })]);
      log.#headerBytes = log.bytes;
      if (durability === 'disk') await disk.syncFolder(folder);
      await nameNewestLog(disk, folder, after.log + 1);
      return log;
    } catch (error) {
      await log.close();
      await disk.remove(file).catch(() => {});
      throw error;
    }
  }

  get isEmpty(): boolean {
    return this.bytes === this.#headerBytes;
  }

  get end(): LogEnd {
    return { log: this.after.log + 1, bytes: this.bytes, checksum: this.#chain.checksum };
  }

  get isInPlace(): boolean {
    return this.#handle.isInPlace();
  }

  /**
   * Appends a line for each text.
   * @throws PartialWriteError when a start may find some of them; otherwise the file is as it was
   */
  async append(texts: readonly string[]): Promise<void> {
    await this.#removeRemains();
    if (texts.length === 0) return;
    const chain = this.#chain.copy();
    const bytes = Buffer.from(texts.map((text) => chain.line(text)).join(''));
    let hasLine = false;
    try {
      for (let from = 0; from < bytes.length; ) {
        const to = from + (await this.#handle.write(bytes, from, this.bytes + from));
        hasLine ||= bytes.subarray(from, to).includes(lineFeed);
        from = to;
      }
      if (this.#durability === 'disk') await this.#handle.sync();
      if (!this.#handle.isInPlace()) throw new Error(notInPlace);
      this.bytes += bytes.length;
      this.#chain = chain;
    } catch (error) {
      this.hasRemains = true;
      await this.#removeRemains().catch(() => {});
      // A start skips a line that was not finished.
      if (!this.hasRemains || !hasLine) throw error;
      throw new PartialWriteError(causeMessage(error), { cause: error });
    }
  }

  async #removeRemains(): Promise<void> {
    if (!this.hasRemains) return;
    await this.#handle.truncate(this.bytes);
    if (this.#durability === 'disk') await this.#handle.sync();
    this.hasRemains = false;
  }

  close(): Promise<void> {
    return this.#handle.close().catch(() => {});
  }
}

/** What waits to be written. */
interface Entry {
  /** Empty for a wait: nothing is written, but it rests on what was appended before. */
  readonly text: string;
  readonly undo: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Characters that are written at once, unless one line alone is longer. */
const maxBatchLength = 4 * 1024 * 1024;

/**
 * Appends each request's changes to a file. All that waits is written together, one write at a
 * time, so the cost does not depend on how much is stored or on how many wait. When a write fails,
 * everything that waits is undone and rejected, for it rests on what could not be written; with
 * durability "none" it was answered already, and is written later.
 */
export class ChangeLog {
  readonly #home: LogFolder;
  #file: LogFile;
  #pending: Entry[] = [];
  #rotation:
    | { readonly resolve: (full: LogEnd) => void; readonly reject: (error: unknown) => void }
    | undefined;
  #flushing: Promise<void> | undefined;
  /** Of the last write. */
  #failure: StoreError | undefined;
  #final: StoreError | undefined;
  /** Of all that was written here. */
  bytes = 0;
  /** How often changes were undone: a snapshot that was written meanwhile may contain them. */
  undone = 0;

  private constructor(home: LogFolder, file: LogFile) {
    this.#home = home;
    this.#file = file;
  }

  static async begin(home: LogFolder, after: LogEnd): Promise<ChangeLog> {
    return new ChangeLog(home, await LogFile.begin(home, after));
  }

  /** @param changes those that are kept; without any, an answer may still rest on earlier ones */
  append(clientId: string, changes: RecordedChanges, undo: () => void): Promise<void> {
    const { durability } = this.#home;
    if (changes.length === 0) return durability === 'none' ? settled : this.flush(undo);
    const written = this.#enqueue(textOfChanges(clientId, changes), undo);
    if (durability !== 'none') return written;
    written.catch(() => {});
    return settled;
  }

  /** Settles once everything appended so far is as durable as configured. @throws StoreError */
  flush(undo = () => {}): Promise<void> {
    return this.#flushing === undefined && this.#pending.length === 0
      ? settled
      : this.#enqueue('', undo);
  }

  /**
   * After a failed write: settles once the file is as it was before, and what still waits is
   * written. @throws StoreError when that fails again, or for good
   */
  retryPending(): Promise<void> | undefined {
    return this.#failure === undefined ? undefined : this.#enqueue('', () => {});
  }

  /** From now on every write fails with this. */
  fail(failure: StoreError): void {
    this.#final = failure;
    this.#failure = failure;
  }

  /** Continues in another file. @returns the end of the one before, whose changes are applied. */
  rotate(): Promise<LogEnd> {
    const rotated = new Promise<LogEnd>((resolve, reject) => {
      this.#rotation = { resolve, reject };
    });
    this.#flushing ??= this.#flush();
    return rotated;
  }

  /**
   * @param covered the last log that the snapshot contains
   * @throws StoreError when something is left that could not be written, or that a start would not
   * find as it should be
   */
  async close(covered: number): Promise<void> {
    const { disk, folder, durability } = this.#home;
    await this.#flushing;
    const log = this.#file;
    try {
      if (this.#pending.length > 0 || log.hasRemains) await this.#enqueue('', () => {});
      if (this.#final === undefined && !log.isInPlace)
        throw explainFailure(log.file, new Error(notInPlace), durability);
      if (this.#final === undefined && !log.isEmpty)
        await nameNewestLog(disk, folder, log.end.log, log.end).catch(() => {});
    } finally {
      await log.close();
      if (log.isEmpty) await this.#removeEmpty(covered).catch(() => {});
    }
  }

  async #removeEmpty(covered: number): Promise<void> {
    const { disk, folder } = this.#home;
    const { after, file } = this.#file;
    if (after.log > covered) await nameNewestLog(disk, folder, after.log, after);
    else await disk.remove(newestLogFile(folder));
    await disk.remove(file);
  }

  #enqueue(text: string, undo: () => void): Promise<void> {
    const written = new Promise<void>((resolve, reject) =>
      this.#pending.push({ text, undo, resolve, reject }),
    );
    this.#flushing ??= this.#flush();
    return written;
  }

  async #flush(): Promise<void> {
    do {
      try {
        await this.#writeBatch();
        this.#failure = undefined;
      } catch (error) {
        this.#failure =
          this.#final ?? explainFailure(this.#file.file, error, this.#home.durability);
        this.#rejectPending(this.#failure);
      }
      await this.#rotateIfRequested();
    } while (this.#rotation !== undefined || this.#pending.some((entry) => this.#isDue(entry)));
    this.#flushing = undefined;
  }

  /** After a failure, what was answered already waits for the next request. */
  #isDue(entry: Entry): boolean {
    return this.#failure === undefined || !this.#isAnswered(entry);
  }

  #isAnswered({ text }: Entry): boolean {
    return this.#home.durability === 'none' && text !== '';
  }

  async #writeBatch(): Promise<void> {
    if (this.#final !== undefined) throw this.#final;
    const batch = firstEntries(this.#pending, maxBatchLength);
    const before = this.#file.bytes;
    await this.#file.append(batch.flatMap(({ text }) => (text === '' ? [] : text)));
    this.bytes += this.#file.bytes - before;
    this.#pending.splice(0, batch.length);
    for (const { resolve } of batch) resolve();
  }

  /**
   * Undoes what waits, the latest first: each one restores what it found. With "none", what was
   * answered stays, and goes first with the next attempt: nothing later overtakes it.
   */
  #rejectPending(failure: StoreError): void {
    const rejected = this.#pending.filter((entry) => !this.#isAnswered(entry));
    this.#pending = this.#pending.filter((entry) => this.#isAnswered(entry));
    if (this.#home.durability !== 'none' && rejected.length > 0) this.undone++;
    for (const { undo } of rejected.toReversed()) undo();
    for (const { reject } of rejected) reject(failure);
  }

  /** Only between two writes: a file is complete before the next one begins. */
  async #rotateIfRequested(): Promise<void> {
    const rotation = this.#rotation;
    if (rotation === undefined) return;
    this.#rotation = undefined;
    const full = this.#file;
    try {
      // Nothing of a failed write may follow the end that the next one states.
      await full.append([]);
      this.#file = await LogFile.begin(this.#home, full.end);
      await full.close();
      rotation.resolve(full.end);
    } catch (error) {
      rotation.reject(error);
    }
  }
}

const settled = Promise.resolve();

/** As many of the first ones as are written at once. */
const firstEntries = (entries: readonly Entry[], maxLength: number): readonly Entry[] => {
  let end = 0;
  for (let length = 0; end < entries.length && length < maxLength; end++)
    length += entries[end]?.text.length ?? 0;
  return entries.slice(0, end);
};
