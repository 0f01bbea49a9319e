import type { Disk } from './disk.ts';
import { explainFailure } from './explain-failure.ts';
import { type Durability, type LogBefore, LogFile } from './log-file.ts';
import { type LoggedChanges, linesOfChanges } from './record-lines.ts';
import type { StoreError } from './store.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** How many lines must have been written, of all that ever were appended. */
  readonly lines: number;
}

/** Characters that are written at once, unless one line alone is longer. */
const longestBatch = 4 * 1024 * 1024;

/**
 * Takes each request's changes to a file that is only ever appended to. All that waits is written together, one write at a time,
 * so the cost does not depend on how much is stored or on how many wait.
 */
export class ChangeLog {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #durability: Durability;
  #file: LogFile;
  #pending: string[] = [];
  #waiters: Waiter[] = [];
  #written = 0;
  #rolling: { readonly resolve: (full: number) => void; readonly reject: (error: unknown) => void } | undefined;
  #flushing: Promise<void> | undefined;
  /** Of the last write. */
  #failure: StoreError | undefined;
  #final: StoreError | undefined;
  /** Of all its files together. */
  bytes = 0;

  private constructor(disk: Disk, folder: string, durability: Durability, file: LogFile) {
    this.#disk = disk;
    this.#folder = folder;
    this.#durability = durability;
    this.#file = file;
  }

  static async begin(disk: Disk, folder: string, durability: Durability, after: LogBefore): Promise<ChangeLog> {
    return new ChangeLog(disk, folder, durability, await LogFile.begin(disk, folder, after, durability));
  }

  append(clientId: string, changes: LoggedChanges): Promise<void> {
    this.#pending.push(linesOfChanges(clientId, changes));
    const written = this.#wait();
    if (this.#durability !== 'none') return written;
    written.catch(() => {}); // nothing was promised; the lines stay pending and go first with the next attempt
    return Promise.resolve();
  }

  /** Settles once everything appended so far is as durable as configured: an answer may rest on changes that are still on their way. */
  settled(): Promise<void> {
    const nothingWaits = this.#durability === 'none' || (this.#flushing === undefined && this.#pending.length === 0);
    return nothingWaits ? Promise.resolve() : this.#wait();
  }

  /**
   * After a failed write: tries again what waits, so that nothing more is decided before that is kept. Otherwise there is nothing to wait for.
   * @throws StoreError when it fails again, or for good
   */
  recovered(): Promise<void> | undefined {
    return this.#failure === undefined ? undefined : this.#wait();
  }

  /** From now on every write fails with this. */
  fail(failure: StoreError): void {
    this.#final = failure;
    this.#failure = failure;
  }

  /** Goes on in another file. @returns the number of the one before, whose changes have all been applied. */
  roll(): Promise<number> {
    const rolled = new Promise<number>((resolve, reject) => {
      this.#rolling = { resolve, reject };
    });
    this.#flushing ??= this.#flush();
    return rolled;
  }

  /** @throws StoreError when something is left that could not be written. */
  async close(): Promise<void> {
    await this.#flushing;
    const last = this.#pending.length > 0 ? this.#wait() : undefined;
    try {
      await last;
    } finally {
      await this.#file.close();
      if (this.#file.isEmpty) await this.#disk.remove(this.#file.file).catch(() => {});
    }
  }

  #wait(): Promise<void> {
    const written = new Promise<void>((resolve, reject) =>
      this.#waiters.push({ resolve, reject, lines: this.#written + this.#pending.length }),
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
        // The changes are in memory already: their lines go first with the next attempt, so that nothing later overtakes them.
        this.#failure = this.#final ?? explainFailure(this.#file.file, error);
        for (const { reject } of this.#waiters.splice(0, waiting)) reject(this.#failure);
      }
      await this.#goOn();
    } while (this.#waiters.length > 0 || this.#rolling !== undefined);
    this.#flushing = undefined;
  }

  async #writeBatch(): Promise<void> {
    if (this.#final !== undefined) throw this.#final;
    const lines = firstLines(this.#pending, longestBatch);
    if (lines.length > 0) await this.#write(lines.join(''));
    this.#pending.splice(0, lines.length);
    this.#written += lines.length;
    const stillWaiting = this.#waiters.findIndex(({ lines: upTo }) => upTo > this.#written);
    for (const { resolve } of this.#waiters.splice(0, stillWaiting < 0 ? this.#waiters.length : stillWaiting)) resolve();
  }

  async #write(text: string): Promise<void> {
    const before = this.#file.bytes;
    await this.#file.append(text);
    this.bytes += this.#file.bytes - before;
  }

  /** Only between two writes: a file is complete before the next one begins. */
  async #goOn(): Promise<void> {
    const rolling = this.#rolling;
    if (rolling === undefined) return;
    this.#rolling = undefined;
    const full = this.#file;
    try {
      this.#file = await LogFile.begin(this.#disk, this.#folder, { log: full.number, bytes: full.bytes }, this.#durability);
      await full.close();
      rolling.resolve(full.number);
    } catch (error) {
      rolling.reject(error);
    }
  }
}

const firstLines = (lines: readonly string[], longest: number): readonly string[] => {
  let end = 0;
  for (let length = 0; end < lines.length && length < longest; end++) length += lines[end]?.length ?? 0;
  return lines.slice(0, end);
};
