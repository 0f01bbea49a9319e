import type { RecordedChanges } from '../memory-store.ts';
import type { StoreError } from '../store.ts';
import { type LineFile, notInPlace } from './line-file.ts';
import { explainFailure } from './state-errors.ts';
import { beginLog, nameNewestLog, removeEmptyLog, type StateFolder } from './state-folder.ts';
import { type LogEnd, textOfChanges } from './state-lines.ts';

/** Changes that are written together. */
interface Batch {
  readonly texts: string[];
  /** Of what waits for it, in the order of the decisions. */
  readonly undos: (() => void)[];
  /** Why it is not written: a batch before it, on which it rests, could not be. */
  failure: StoreError | undefined;
  /** Settles once it is as durable as configured. @throws StoreError */
  done: Promise<void>;
}

/**
 * Appends each request's changes to a file. All that waits is written together, one write at a
 * time, so the cost does not depend on how much is stored or on how many wait. When a write fails,
 * everything that waits is undone and rejected, for it rests on what could not be written; with
 * durability "none" it was answered already, and is written later.
 */
export class ChangeLog {
  readonly #home: StateFolder;
  #after: LogEnd;
  #file: LineFile;
  #writing: Batch | undefined;
  /** Gathers what comes while another batch is written. */
  #next: Batch | undefined;
  /** Ends when all that was begun has ended. */
  #tasks: Promise<unknown> = settled;
  /** With "none": answered, and to be written before anything else. */
  #unwritten: readonly string[] = [];
  #lastFailure: StoreError | undefined;
  /** Of all logs since the start, those included that it found. */
  bytes: number;
  /** How often changes were undone: a snapshot that was written meanwhile may contain them. */
  undone = 0;

  private constructor(home: StateFolder, after: LogEnd, file: LineFile, bytes: number) {
    this.#home = home;
    this.#after = after;
    this.#file = file;
    this.bytes = bytes;
  }

  /** @param foundBytes of the logs before it that no snapshot contains */
  static async begin(home: StateFolder, after: LogEnd, foundBytes: number): Promise<ChangeLog> {
    return new ChangeLog(home, after, await beginLog(home, after), foundBytes);
  }

  /** @param changes those that are kept; without any, an answer may still rest on earlier ones */
  append(clientId: string, changes: RecordedChanges, undo: () => void): Promise<void> {
    const isAnswered = this.#home.durability === 'none';
    if (changes.length > 0) this.#openBatch().texts.push(textOfChanges(clientId, changes));
    if (!isAnswered) this.#lastBatch?.undos.push(undo);
    return isAnswered ? settled : this.flush();
  }

  /** Settles once everything appended so far is as durable as configured. @throws StoreError */
  flush(): Promise<void> {
    return this.#lastBatch?.done ?? settled;
  }

  /**
   * After a failed write: settles once the file is as it was before, and what was answered is
   * written. @throws StoreError when that fails again
   */
  retry(): Promise<void> | undefined {
    return this.#lastFailure === undefined ? undefined : this.#openBatch().done;
  }

  /** Continues in another file. @returns the end of the one before, whose changes are applied. */
  rotate(): Promise<LogEnd> {
    return this.#runAlone(async () => {
      const full = this.#file;
      // Nothing of a failed write may follow the end that the next one states.
      await full.append([]);
      const end = this.#end;
      this.#file = await beginLog(this.#home, end);
      this.#after = end;
      await full.close();
      return end;
    });
  }

  /**
   * @param coversLog the last log that the snapshot contains
   * @throws StoreError when something is left that could not be written, or that a start would not
   * find as it should be
   */
  async close(coversLog: number): Promise<void> {
    await this.#tasks;
    const [home, file] = [this.#home, this.#file];
    try {
      if (this.#unwritten.length > 0 || file.remains !== 'nothing') await this.#openBatch().done;
      if (!file.isInPlace) throw explainFailure(file.file, notInPlace, 'unchanged');
      if (!file.isEmpty) await nameNewestLog(home, this.#end.log, this.#end).catch(() => {});
    } finally {
      await file.close();
      if (file.isEmpty) await removeEmptyLog(home, this.#after, coversLog).catch(() => {});
    }
  }

  get #end(): LogEnd {
    return { log: this.#after.log + 1, ...this.#file.end };
  }

  /** What was decided last is in it, or rests on it. */
  get #lastBatch(): Batch | undefined {
    return this.#next ?? this.#writing;
  }

  #openBatch(): Batch {
    if (this.#next !== undefined) return this.#next;
    const batch: Batch = { texts: [], undos: [], failure: undefined, done: settled };
    this.#next = batch;
    batch.done = this.#runAlone(() => this.#write(batch));
    // With "none" no caller waits for it.
    batch.done.catch(() => {});
    return batch;
  }

  /** Writes and new files come one after the other. */
  #runAlone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#tasks.then(task);
    this.#tasks = done.catch(() => {});
    return done;
  }

  async #write(batch: Batch): Promise<void> {
    if (batch.failure !== undefined) throw batch.failure;
    this.#writing = batch;
    this.#next = undefined;
    const file = this.#file;
    const before = file.end.bytes;
    const texts = [...this.#unwritten, ...batch.texts];
    try {
      await file.append(texts);
      this.bytes += file.end.bytes - before;
      this.#unwritten = [];
      this.#lastFailure = undefined;
    } catch (error) {
      const isAnswered = this.#home.durability === 'none';
      const isWritten = file.remains === 'lines' && batch.texts.length > 0;
      const consequence = isAnswered ? 'waiting' : isWritten ? 'unknown' : 'unchanged';
      const failure = explainFailure(file.file, error, consequence);
      this.#lastFailure = failure;
      if (isAnswered) this.#unwritten = texts;
      else this.#undo(batch, failure);
      throw failure;
    } finally {
      this.#writing = undefined;
    }
  }

  /** Undoes what waits, the latest first: each one restores what it found. */
  #undo(batch: Batch, failure: StoreError): void {
    const next = this.#next;
    if (next !== undefined) next.failure = failure;
    this.#next = undefined;
    const undos = [...batch.undos, ...(next?.undos ?? [])];
    if (undos.length > 0) this.undone++;
    for (const undo of undos.toReversed()) undo();
  }
}

const settled = Promise.resolve();
