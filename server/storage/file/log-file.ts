import { LineChain } from './checked-line.ts';
import type { Disk, DiskFile } from './disk.ts';
import { type LogEnd, schemaVersion } from './file-header.ts';
import { logFile } from './folder-files.ts';

export const logFormat = 'alipayhk-mock changes';

/** What an answered change survives: nothing promised, a killed process, a power cut. */
export type Durability = 'none' | 'os' | 'disk';

/** Whole lines may have reached a file, and could not be removed from it again. */
export class PartlyWritten extends Error {}

const lineFeed = 0x0a;

/**
 * One file of a change log. What could not be written is removed again, at once or before the next
 * attempt.
 */
export class LogFile {
  readonly file: string;
  readonly number: number;
  readonly after: LogEnd;
  readonly #handle: DiskFile;
  readonly #durability: Durability;
  bytes = 0;
  #chain = new LineChain();
  /** Whether bytes of a failed write may follow the last line. */
  hasRemains = false;
  #headerBytes = 0;

  private constructor(file: string, after: LogEnd, handle: DiskFile, durability: Durability) {
    this.file = file;
    this.after = after;
    this.number = after.log + 1;
    this.#handle = handle;
    this.#durability = durability;
  }

  /**
   * Begins the log after another one. Its header states how that one ended, so that a log which
   * lost its end later is recognised.
   */
  static async begin(
    disk: Disk,
    folder: string,
    after: LogEnd,
    durability: Durability,
  ): Promise<LogFile> {
    const file = logFile(folder, after.log + 1);
    // One that was begun before and never used: the process was killed, or the disk full.
    await disk.remove(file);
    const log = new LogFile(file, after, await disk.create(file), durability);
    try {
      await log.append([JSON.stringify({ format: logFormat, schemaVersion, after })]);
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

  /** What the next log states of this one. */
  get end(): LogEnd {
    return { log: this.number, bytes: this.bytes, checksum: this.#chain.checksum };
  }

  get isInPlace(): boolean {
    return this.#handle.isInPlace();
  }

  /**
   * Appends a line for each text. @throws PartlyWritten when a start may find some of them all the
   * same; otherwise the file is as it was.
   */
  async append(texts: readonly string[]): Promise<void> {
    await this.#removeRemains();
    if (texts.length === 0) return;
    const chain = this.#chain.copy();
    const bytes = Buffer.from(texts.map((text) => chain.line(text)).join(''));
    let written = 0;
    try {
      while (written < bytes.length)
        written += await this.#handle.write(bytes, written, this.bytes + written);
      if (this.#durability === 'disk') await this.#handle.sync();
      if (!this.#handle.isInPlace()) throw new Error('it is no longer in its folder');
      this.bytes += bytes.length;
      this.#chain = chain;
    } catch (error) {
      this.hasRemains = true;
      const isRemoved = await this.#removeRemains().then(
        () => true,
        () => false,
      );
      // A line that was not finished is skipped by a start.
      if (isRemoved || !bytes.subarray(0, written).includes(lineFeed)) throw error;
      throw new PartlyWritten(error instanceof Error ? error.message : String(error), {
        cause: error,
      });
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
