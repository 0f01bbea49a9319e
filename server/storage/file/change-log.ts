import type { RecordedChanges } from '../memory-store.ts';
import { StoreError } from '../store.ts';
import { explainFailure } from './state-errors.ts';
import { type StateFile, textOfChanges } from './state-file.ts';

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
 * Appends each request's changes to the state file. All that waits is written together, one write
 * at a time, so the cost does not depend on how much is stored or on how many wait. When a write
 * fails, everything that waits is undone and rejected, for it rests on what could not be written;
 * where it was answered already, it is written later.
 */
export class ChangeLog {
  readonly #file: StateFile;
  readonly #isAnswered: boolean;
  #writing: Batch | undefined;
  /** Gathers what comes while another batch is written. */
  #next: Batch | undefined;
  /** Ends when all that was begun has ended. */
  #tasks: Promise<unknown> = settled;
  /** Answered, and to be written before anything else. */
  #unwritten: readonly string[] = [];
  #lastFailure: StoreError | undefined;
  /** How often changes were undone: a snapshot that is being written may contain them. */
  #undone = 0;

  /** @param isAnswered whether requests are answered before their changes are written */
  constructor(file: StateFile, isAnswered: boolean) {
    this.#file = file;
    this.#isAnswered = isAnswered;
    file.guard = () => {
      const undone = this.#undone;
      return async (takeLastStep) => {
        await this.#flush();
        if (undone !== this.#undone) throw new Error('changes were undone that it may have seen');
        await this.#runAlone(takeLastStep);
      };
    };
  }

  /** @param changes those that are kept; without any, an answer may still rest on earlier ones */
  append(clientId: string, changes: RecordedChanges, undo: () => void): Promise<void> {
    if (changes.length > 0) this.#openBatch().texts.push(textOfChanges(clientId, changes));
    if (this.#isAnswered) return settled;
    this.#lastBatch?.undos.push(undo);
    return this.#flush();
  }

  /**
   * After a failed write: settles once the file is as it was before, and what was answered is
   * written. @throws StoreError when that fails again
   */
  retry(): Promise<void> | undefined {
    return this.#lastFailure === undefined ? undefined : this.#openBatch().done;
  }

  /** @throws StoreError when something is left that could not be written, or a start will miss */
  async close(): Promise<void> {
    await this.#tasks;
    const file = this.#file;
    try {
      if (this.#unwritten.length > 0 || file.remains !== 'nothing') await this.#openBatch().done;
      await file.markEnd();
    } catch (error) {
      throw error instanceof StoreError ? error : explainFailure(file.file, error, 'unchanged');
    } finally {
      await file.close();
    }
  }

  /** Settles once everything appended so far is as durable as configured. @throws StoreError */
  #flush(): Promise<void> {
    return this.#lastBatch?.done ?? settled;
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
    // Where it was answered already, no caller waits for it.
    batch.done.catch(() => {});
    return batch;
  }

  /** Writes and the last steps of snapshots come one after the other. */
  #runAlone(task: () => Promise<void>): Promise<void> {
    const done = this.#tasks.then(task);
    this.#tasks = done.catch(() => {});
    return done;
  }

  async #write(batch: Batch): Promise<void> {
    if (batch.failure !== undefined) throw batch.failure;
    this.#writing = batch;
    this.#next = undefined;
    const file = this.#file;
    const texts = [...this.#unwritten, ...batch.texts];
    try {
      await file.append(texts);
      this.#unwritten = [];
      this.#lastFailure = undefined;
    } catch (error) {
      const isWritten = file.remains === 'lines' && batch.texts.length > 0;
      const consequence = this.#isAnswered ? 'waiting' : isWritten ? 'unknown' : 'unchanged';
      const failure = explainFailure(file.file, error, consequence);
      this.#lastFailure = failure;
      if (this.#isAnswered) this.#unwritten = texts;
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
    if (undos.length > 0) this.#undone++;
    for (const undo of undos.toReversed()) undo();
  }
}

const settled = Promise.resolve();
