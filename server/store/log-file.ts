import { checkedLine } from './checked-line.ts';
import type { Disk, DiskFile } from './disk.ts';
import { schemaVersion } from './file-header.ts';
import { logFile } from './folder-files.ts';

export const logFormat = 'alipayhk-mock changes';

/** What an answered change survives: nothing promised, a killed process, a power cut. */
export type Durability = 'none' | 'os' | 'disk';

/** Where a log goes on from. */
export interface LogBefore {
  readonly log: number;
  readonly bytes: number;
}

/** One file of a change log. What could not be written leaves no trace: the same lines go to the same place at the next attempt. */
export class LogFile {
  readonly file: string;
  readonly number: number;
  readonly #handle: DiskFile;
  readonly #durability: Durability;
  bytes = 0;
  #headerBytes = 0;

  private constructor(file: string, number: number, handle: DiskFile, durability: Durability) {
    this.file = file;
    this.number = number;
    this.#handle = handle;
    this.#durability = durability;
  }

  /** Begins a log behind another one, whose length its header notes: a log that lost its end later is told from one that was never longer. */
  static async begin(disk: Disk, folder: string, after: LogBefore, durability: Durability): Promise<LogFile> {
    const number = after.log + 1;
    const file = logFile(folder, number);
    const log = new LogFile(file, number, await disk.create(file), durability);
    try {
      await log.append(checkedLine(JSON.stringify({ format: logFormat, schemaVersion, after })));
      log.#headerBytes = log.bytes;
      if (durability === 'disk') await disk.syncFolder(folder);
      return log;
    } catch (error) {
      await log.close();
      await disk.remove(file).catch(() => {});
      throw error;
    }
  }

  /** Whether there is nothing but a header in it. */
  get isEmpty(): boolean {
    return this.bytes === this.#headerBytes;
  }

  async append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      for (let from = 0; from < bytes.length; ) from += await this.#handle.write(bytes, from, this.bytes + from);
      if (this.#durability === 'disk') await this.#handle.sync();
      if (!this.#handle.isInPlace()) throw new Error('it is no longer in its folder');
      this.bytes += bytes.length;
    } catch (error) {
      await this.#handle.truncate(this.bytes).catch(() => {});
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#handle.close().catch(() => {});
  }
}
