import type { RecordedChanges } from '../memory-store.ts';
import type { StoreError } from '../store.ts';
import type { DiskFile } from './disk.ts';
import { headerText, LineChain, type LogEnd, lineFeed, textOfChanges } from './lines.ts';
import { causeMessage, explainFailure, PartialWriteError } from './state-errors.ts';
import { logFile, nameNewestLog, newestLogFile, type StateFolder } from './state-folder.ts';

const notInPlace = 'it is no longer in its folder';

/** One file of a change log. A failed write is removed, at once or before the next attempt. */
class LogFile {
  readonly file: string;
  readonly after: LogEnd;
  readonly #handle: DiskFile;
  readonly #syncs: boolean;
  #chain = new LineChain();
  #bytes = 0;
  #headerBytes = 0;
  /** Whether bytes of a failed write may follow the last line. */
  hasRemains = false;

  private constructor(home: StateFolder, after: LogEnd, handle: DiskFile) {
    this.file = logFile(home.folder, after.log + 1);
    this.after = after;
    this.#handle = handle;
    this.#syncs = home.durability === 'disk';
  }

  /** Begins the log after another one, and names it the newest. */
  static async begin(home: StateFolder, after: LogEnd): Promise<LogFile> {
    const { disk, folder } = home;
    const file = logFile(folder, after.log + 1);
    // Begun before and never used: the process was killed, or the disk full.
    await disk.remove(file);
    const log = new LogFile(home, after, await disk.create(file));
    try {
      await log.append([headerText({ format: 'alipayhk-mock changes', after })]);
      log.#headerBytes = log.#bytes;
      if (log.#syncs) await disk.syncFolder(folder);
      await nameNewestLog(home, after.log + 1);
      return log;
    } catch (error) {
      await log.close();
      await disk.remove(file).catch(() => {});
      throw error;
    }
  }

  get isEmpty(): boolean {
    return this.#bytes === this.#headerBytes;
  }

  get end(): LogEnd {
    return { log: this.after.log + 1, bytes: this.#bytes, checksum: this.#chain.checksum };
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
    let written = 0;
    try {
      while (written < bytes.length)
        written += await this.#handle.write(bytes, written, this.#bytes + written);
      if (this.#syncs) await this.#handle.sync();
      if (!this.isInPlace) throw new Error(notInPlace);
      this.#bytes += bytes.length;
      this.#chain = chain;
    } catch (error) {
      this.hasRemains = true;
      await this.#removeRemains().catch(() => {});
      // A start skips a line that was not finished.
      if (!this.hasRemains || !bytes.subarray(0, written).includes(lineFeed)) throw error;
      throw new PartialWriteError(causeMessage(error), { cause: error });
    }
  }

  async #removeRemains(): Promise<void> {
    if (!this.hasRemains) return;
    await this.#handle.truncate(this.#bytes);
    if (this.#syncs) await this.#handle.sync();
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

/**
 * Appends each request's changes to a file. All that waits is written together, one write at a
 * time, so the cost does not depend on how much is stored or on how many wait. When a write fails,
 * everything that waits is undone and rejected, for it rests on what could not be written; with
 * durability "none" it was answered already, and is written later.
 */
export class ChangeLog {
  readonly #home: StateFolder;
  #file: LogFile;
  #pending: Entry[] = [];
  /** Whether what is pending will be written without being asked again. */
  #isScheduled = false;
  /** Ends when all that was begun has ended. */
  #tasks: Promise<unknown> = settled;
  #running = 0;
  /** Of the last write. */
  #failure: StoreError | undefined;
  #final: StoreError | undefined;
  /** Of all that was written here. */
  bytes = 0;
  /** How often changes were undone: a snapshot that was written meanwhile may contain them. */
  undone = 0;

  private constructor(home: StateFolder, file: LogFile) {
    this.#home = home;
    this.#file = file;
  }

  static async begin(home: StateFolder, after: LogEnd): Promise<ChangeLog> {
    return new ChangeLog(home, await LogFile.begin(home, after));
  }

  /** @param changes those that are kept; without any, an answer may still rest on earlier ones */
  append(clientId: string, changes: RecordedChanges, undo: () => void): Promise<void> {
    const answersFirst = this.#home.durability === 'none';
    if (changes.length === 0) return answersFirst ? settled : this.flush(undo);
    const written = this.#enqueue(textOfChanges(clientId, changes), undo);
    if (!answersFirst) return written;
    written.catch(() => {});
    return settled;
  }

  /** Settles once everything appended so far is as durable as configured. @throws StoreError */
  flush(undo = () => {}): Promise<void> {
    return this.#running === 0 && this.#pending.length === 0 ? settled : this.#enqueue('', undo);
  }

  /**
   * After a failed write: settles once the file is as it was before, and what still waits is
   * written. @throws StoreError when that fails again, or for good
   */
  retryPending(): Promise<void> | undefined {
    return this.#failure === undefined ? undefined : this.#enqueue('');
  }

  /** From now on every write fails with this. */
  fail(failure: StoreError): void {
    this.#final = failure;
    this.#failure = failure;
  }

  /** Continues in another file. @returns the end of the one before, whose changes are applied. */
  rotate(): Promise<LogEnd> {
    return this.#runAlone(async () => {
      const full = this.#file;
      // Nothing of a failed write may follow the end that the next one states.
      await full.append([]);
      this.#file = await LogFile.begin(this.#home, full.end);
      await full.close();
      return full.end;
    });
  }

  /**
   * @param covered the last log that the snapshot contains
   * @throws StoreError when something is left that could not be written, or that a start would not
   * find as it should be
   */
  async close(covered: number): Promise<void> {
    await this.#tasks;
    const log = this.#file;
    try {
      if (this.#pending.length > 0 || log.hasRemains) await this.#enqueue('');
      if (this.#final !== undefined) return;
      if (!log.isInPlace)
        throw explainFailure(log.file, new Error(notInPlace), this.#home.durability);
      if (!log.isEmpty) await nameNewestLog(this.#home, log.end.log, log.end).catch(() => {});
    } finally {
      await log.close();
      if (log.isEmpty) await this.#removeEmpty(covered).catch(() => {});
    }
  }

  async #removeEmpty(covered: number): Promise<void> {
    const { disk, folder } = this.#home;
    const { after, file } = this.#file;
    if (after.log > covered) await nameNewestLog(this.#home, after.log, after);
    else await disk.remove(newestLogFile(folder));
    await disk.remove(file);
  }

  #enqueue(text: string, undo = () => {}): Promise<void> {
    const written = new Promise<void>((resolve, reject) =>
      this.#pending.push({ text, undo, resolve, reject }),
    );
    if (!this.#isScheduled) void this.#runAlone(() => this.#writePending());
    this.#isScheduled = true;
    return written;
  }

  /** Writes and new files come one after the other. */
  #runAlone<T>(task: () => Promise<T>): Promise<T> {
    this.#running++;
    const done = this.#tasks.then(task).finally(() => {
      this.#running--;
    });
    this.#tasks = done.catch(() => {});
    return done;
  }

  async #writePending(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    this.#isScheduled = false;
    try {
      if (this.#final !== undefined) throw this.#final;
      const before = this.#file.end.bytes;
      await this.#file.append(batch.flatMap(({ text }) => (text === '' ? [] : text)));
      this.bytes += this.#file.end.bytes - before;
      this.#failure = undefined;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#failure = this.#final ?? explainFailure(this.#file.file, error, this.#home.durability);
      this.#reject([...batch, ...this.#pending], this.#failure);
    }
  }

  /**
   * Undoes what waits, the latest first: each one restores what it found. With "none", what was
   * answered stays, and goes first with the next attempt: nothing later overtakes it.
   */
  #reject(entries: readonly Entry[], failure: StoreError): void {
    const isAnswered = ({ text }: Entry) => this.#home.durability === 'none' && text !== '';
    this.#pending = entries.filter(isAnswered);
    const rejected = entries.filter((entry) => !isAnswered(entry));
    if (rejected.some(({ text }) => text !== '')) this.undone++;
    for (const { undo } of rejected.toReversed()) undo();
    for (const { reject } of rejected) reject(failure);
  }
}

const settled = Promise.resolve();
