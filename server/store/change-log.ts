import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import type { Change } from '../world/state.ts';
import { CorruptState } from './corrupt-state.ts';
import { StoreError } from './store.ts';

/** What an answered change survives: nothing promised, a killed process, a power cut. */
export type Durability = 'none' | 'os' | 'disk';

export interface LoggedChanges {
  readonly clientId: string;
  /** What changed, or that everything the client had was forgotten. */
  readonly changes: readonly Change[] | 'forgotten';
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * An append-only file of changes, a line each: a checksum, a blank, JSON. All that waits is written together,
 * one write at a time, so the cost does not depend on how much is stored or on how many wait.
 */
export class ChangeLog {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #durability: Durability;
  #bytes = 0;
  #pending: string[] = [];
  #waiters: Waiter[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(file: string, handle: FileHandle, durability: Durability) {
    this.#file = file;
    this.#handle = handle;
    this.#durability = durability;
  }

  static async create(file: string, durability: Durability): Promise<ChangeLog> {
    return new ChangeLog(file, await open(file, 'wx', 0o600), durability);
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(entry: LoggedChanges): Promise<void> {
    this.#pending.push(encodeLine(entry));
    const written = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#flushing ??= this.#flush();
    if (this.#durability !== 'none') return written;
    written.catch(() => {}); // nothing was promised; the lines stay pending and are tried again
    return Promise.resolve();
  }

  /** Settles once everything appended so far is as durable as configured: an answer may rest on changes that are still on their way. */
  settled(): Promise<void> {
    if (this.#durability === 'none' || (this.#flushing === undefined && this.#pending.length === 0)) return Promise.resolve();
    const settled = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#flushing ??= this.#flush();
    return settled;
  }

  async close(): Promise<void> {
    await this.#flushing;
    if (this.#pending.length > 0) await this.#flush();
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    do {
      const waiters = this.#waiters.splice(0);
      const lines = this.#pending.splice(0);
      try {
        await this.#write(Buffer.from(lines.join('')));
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        // The changes are in memory already: they go first with the next attempt, so that nothing later overtakes them.
        this.#pending.unshift(...lines);
        const failure = new StoreError(
          `${this.#file} cannot be written: ${error instanceof Error ? error.message : String(error)}. Free the disk or restore the folder; unwritten changes are tried again with the next request.`,
          { cause: error },
        );
        for (const { reject } of waiters) reject(failure);
      }
    } while (this.#waiters.length > 0);
    this.#flushing = undefined;
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        written += (await this.#handle.write(bytes, written, bytes.length - written, this.#bytes + written)).bytesWritten;
      }
      if (this.#durability === 'disk') await this.#handle.datasync();
      this.#bytes += bytes.length;
    } catch (error) {
      await this.#handle.truncate(this.#bytes).catch(() => {});
      throw error;
    }
  }
}

/**
 * Reads a log. A last line that was not finished is left out: nobody was answered on the strength of it.
 * @throws CorruptState when any other line is damaged.
 */
export const readChangeLog = async (file: string): Promise<LoggedChanges[]> => {
  const bytes = await readFile(file);
  const entries: LoggedChanges[] = [];
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) break;
    const entry = decodeLine(bytes.toString('utf8', start, end));
    if (entry === undefined) throw new CorruptState(file, `line ${number} is damaged`);
    entries.push(entry);
    start = end + 1;
  }
  return entries;
};

const checksum = (json: string): string => createHash('sha1').update(json).digest('hex').slice(0, 8);

const encodeLine = (entry: LoggedChanges): string => {
  const json = JSON.stringify(entry);
  return `${checksum(json)} ${json}\n`;
};

const decodeLine = (line: string): LoggedChanges | undefined => {
  const json = line.slice(9);
  // The checksum proves that this is what encodeLine wrote.
  return line.slice(0, 9) === `${checksum(json)} ` ? (JSON.parse(json) as LoggedChanges) : undefined;
};
