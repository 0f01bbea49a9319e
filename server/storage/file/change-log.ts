import type { StoreError } from '../store.ts';
import type { Disk } from './disk.ts';
import { explainFailure } from './explain-failure.ts';
import type { LogEnd } from './file-header.ts';
import { newestLogFile } from './folder-files.ts';
import { type Durability, LogFile } from './log-file.ts';
import { nameNewestLog } from './newest-log.ts';
import { type LoggedChanges, textOfChanges } from './record-lines.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** How many entries must have been written, of all that ever were appended. */
  readonly entries: number;
}

/** What waits to be written. */
interface Entry {
  /** Empty for changes that are not kept, but rest on what was appended before. */
  readonly text: string;
  readonly undo: () => void;
}

/** Characters that are written at once, unless one line alone is longer. */
const maxBatchLength = 4 * 1024 * 1024;

/**
 * Takes each request's changes to a file that is only ever appended to. All that waits is written
 * together, one write at a time, so the cost does not depend on how much is stored or on how many
 * wait. When a write fails, everything that waits is undone and rejected, for it rests on what
 * could not be written; with durability "none" it was answered already, and is written later.
 */
export class ChangeLog {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #durability: Durability;
  #file: LogFile;
  #pending: Entry[] = [];
  #waiters: Waiter[] = [];
  #written = 0;
  #rolling:
    | { readonly resolve: (full: LogEnd) => void; readonly reject: (error: unknown) => void }
    | undefined;
  #flushing: Promise<void> | undefined;
  /** Of the last write. */
  #failure: StoreError | undefined;
  #final: StoreError | undefined;
  /** Of all its files together. */
  bytes = 0;
  /**
   * How often changes have been undone: whoever looked at the state meanwhile may have seen them.
   */
  undone = 0;

  private constructor(disk: Disk, folder: string, durability: Durability, file: LogFile) {
    this.#disk = disk;
    this.#folder = folder;
    this.#durability = durability;
    this.#file = file;
  }

  static async begin(
    disk: Disk,
    folder: string,
    durability: Durability,
    after: LogEnd,
  ): Promise<ChangeLog> {
    return new ChangeLog(
      disk,
      folder,
      durability,
      await beginNamed(disk, folder, after, durability),
    );
  }

  /**
   * @param changes those that are kept; with none of them an answer may still rest on changes that
   * are on their way
   */
  append(clientId: string, changes: LoggedChanges, undo: () => void): Promise<void> {
    const isKept = changes.length > 0;
    if (
      !isKept &&
      (this.#durability === 'none' || (this.#flushing === undefined && this.#pending.length === 0))
    )
      return Promise.resolve();
    this.#pending.push({ text: isKept ? textOfChanges(clientId, changes) : '', undo });
    const written = this.#wait();
    if (this.#durability !== 'none') return written;
    written.catch(() => {}); // nothing was promised; the lines stay pending and go first with the next attempt
    return Promise.resolve();
  }

  /**
   * Settles once everything appended so far is as durable as configured. @throws StoreError when it
   * is not
   */
  flushed(): Promise<void> {
    return this.#flushing === undefined && this.#pending.length === 0
      ? Promise.resolve()
      : this.#wait();
  }

  /**
   * After a failed write: settles once the file is as it was before, and what still waits is
   * written. Otherwise there is nothing to wait for.
   * @throws StoreError when that fails again, or for good
   */
  retryPending(): Promise<void> | undefined {
    return this.#failure === undefined ? undefined : this.#wait();
  }

  /** From now on every write fails with this. */
  fail(failure: StoreError): void {
    this.#final = failure;
    this.#failure = failure;
  }

  /**
   * Continues in another file. @returns the end of the one before, whose changes have all been
   * applied.
   */
  rotate(): Promise<LogEnd> {
    const rolled = new Promise<LogEnd>((resolve, reject) => {
      this.#rolling = { resolve, reject };
    });
    this.#flushing ??= this.#flush();
    return rolled;
  }

  /**
   * @param covered the last log that the snapshot contains
   * @throws StoreError when something is left that could not be written, or that a start would not
   * find as it should be
   */
  async close(covered: number): Promise<void> {
    await this.#flushing;
    try {
      if (this.#pending.length > 0 || this.#file.hasRemains) await this.#wait();
      if (this.#final === undefined && !this.#file.isInPlace)
        throw explainFailure(
          this.#file.file,
          new Error('it is no longer in its folder'),
          this.#durability,
        );
      if (this.#final === undefined && !this.#file.isEmpty)
        await nameNewestLog(this.#disk, this.#folder, this.#file.number, this.#file.end).catch(
          () => {},
        );
    } finally {
      await this.#file.close();
      if (this.#file.isEmpty) await this.#removeEmpty(covered).catch(() => {});
    }
  }

  #wait(): Promise<void> {
    const written = new Promise<void>((resolve, reject) =>
      this.#waiters.push({ resolve, reject, entries: this.#written + this.#pending.length }),
    );
    this.#flushing ??= this.#flush();
    return written;
  }

  async #flush(): Promise<void> {
    do {
      const waiting = this.#waiters.length;
      try {
        await this.#writeBatch();
        this.#failure = undefined;
      } catch (error) {
        this.#failure = this.#final ?? explainFailure(this.#file.file, error, this.#durability);
        // With "none" the lines of what was answered go first with the next attempt, so that
        // nothing later overtakes them.
        const rejected = this.#waiters.splice(
          0,
          this.#durability === 'none' ? waiting : this.#waiters.length,
        );
        if (this.#durability !== 'none') this.#undoPending();
        for (const { reject } of rejected) reject(this.#failure);
      }
      await this.#rotateIfRequested();
    } while (this.#waiters.length > 0 || this.#rolling !== undefined);
    this.#flushing = undefined;
  }

  async #writeBatch(): Promise<void> {
    if (this.#final !== undefined) throw this.#final;
    const count = firstEntries(this.#pending, maxBatchLength);
    const before = this.#file.bytes;
    await this.#file.append(
      this.#pending
        .slice(0, count)
        .map(({ text }) => text)
        .filter((text) => text !== ''),
    );
    this.bytes += this.#file.bytes - before;
    this.#pending.splice(0, count);
    this.#written += count;
    const stillWaiting = this.#waiters.findIndex(({ entries: upTo }) => upTo > this.#written);
    for (const { resolve } of this.#waiters.splice(
      0,
      stillWaiting < 0 ? this.#waiters.length : stillWaiting,
    ))
      resolve();
  }

  /** The latest first: each one puts back what it found. */
  #undoPending(): void {
    if (this.#pending.length === 0) return;
    this.undone++;
    for (const { undo } of this.#pending.splice(0).toReversed()) undo();
  }

  async #removeEmpty(covered: number): Promise<void> {
    const { after } = this.#file;
    if (after.log > covered) await nameNewestLog(this.#disk, this.#folder, after.log, after);
    else await this.#disk.remove(newestLogFile(this.#folder));
    await this.#disk.remove(this.#file.file);
  }

  /** Only between two writes: a file is complete before the next one begins. */
  async #rotateIfRequested(): Promise<void> {
    const rolling = this.#rolling;
    if (rolling === undefined) return;
    this.#rolling = undefined;
    const full = this.#file;
    try {
      await full.append([]); // removes what is left of a write that failed: nothing may follow the end that is stated
      this.#file = await beginNamed(this.#disk, this.#folder, full.end, this.#durability);
      await full.close();
      rolling.resolve(full.end);
    } catch (error) {
      rolling.reject(error);
    }
  }
}

const beginNamed = async (
  disk: Disk,
  folder: string,
  after: LogEnd,
  durability: Durability,
): Promise<LogFile> => {
  const file = await LogFile.begin(disk, folder, after, durability);
  try {
    await nameNewestLog(disk, folder, file.number);
    return file;
  } catch (error) {
    await file.close();
    await disk.remove(file.file).catch(() => {});
    throw error;
  }
};

/** How many of the first ones are written at once. */
const firstEntries = (entries: readonly Entry[], maxLength: number): number => {
  let end = 0;
  for (let length = 0; end < entries.length && length < maxLength; end++)
    length += entries[end]?.text.length ?? 0;
  return end;
};
