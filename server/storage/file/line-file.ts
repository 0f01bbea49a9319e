import * as fs from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

/** What the store asks of a disk when it writes: a test lets any of it fail. */
export type Disk = Pick<
  typeof fs,
  'openSync' | 'writeSync' | 'ftruncateSync' | 'fdatasync' | 'renameSync' | 'rmSync'
>;

/** The checksum that precedes a line's text: it covers that text and all lines before it. */
export const chainChecksum = (before: string, text: string | Buffer): string =>
  crc32(text, Number.parseInt(before, 16) || 0)
    .toString(16)
    .padStart(8, '0');

/** Where a file ends: how long it is, and the checksum of its last line. */
export interface FileEnd {
  readonly bytes: number;
  readonly checksum: string;
}

export const noLines: FileEnd = { bytes: 0, checksum: '' };

/**
 * A state file that is being written: lines, each with a checksum that continues that of the line
 * before it. So none can be removed, added or moved without breaking the next.
 */
export class LineFile {
  readonly #disk: Disk;
  #file: string;
  #handle: number | undefined;
  #inode: number | undefined;
  end: FileEnd;
  /** Whether something that is no whole line may follow: a start skips it. */
  #isTorn: boolean;

  /** @param end of an existing file: what follows it is removed before anything is appended */
  constructor(disk: Disk, file: string, end = noLines) {
    this.#disk = disk;
    this.#file = file;
    this.end = end;
    this.#isTorn = end !== noLines;
    if (this.#isTorn) this.#inode = readInode(file);
  }

  /**
   * Appends a line for each text. What a failed call has written is removed by the next one.
   * @throws Error when they could not be written, or the file is no longer in its folder
   */
  append(texts: readonly string[]): void {
    const handle = this.#open();
    // Writing to a deleted or moved file would succeed.
    if (this.#inode === undefined || readInode(this.#file) !== this.#inode)
      throw Object.assign(new Error('it is no longer in its folder'), { code: 'ENOENT' });
    if (this.#isTorn) this.#disk.ftruncateSync(handle, this.end.bytes);
    let { bytes, checksum } = this.end;
    let lines = '';
    for (const text of texts) {
      checksum = chainChecksum(checksum, text);
      lines += `${checksum} ${text}\n`;
    }
    this.#isTorn = true;
    for (let rest = Buffer.from(lines); rest.length > 0; ) {
      const written = this.#disk.writeSync(handle, rest, 0, rest.length, bytes);
      rest = rest.subarray(written);
      bytes += written;
    }
    this.#isTorn = false;
    this.end = { bytes, checksum };
  }

  /** Settles when all lines have reached the disk itself. */
  async sync(): Promise<void> {
    await promisify(this.#disk.fdatasync)(this.#open());
  }

  /** Puts the file in the place of another. */
  moveTo(target: string, replaced?: LineFile): void {
    // Windows replaces no open file.
    this.close();
    replaced?.close();
    this.#disk.renameSync(this.#file, target);
    this.#file = target;
  }

  /** Closes the handle; another line opens it again. */
  close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) fs.closeSync(handle);
  }

  #open(): number {
    this.#handle ??= this.#disk.openSync(
      this.#file,
      this.#inode === undefined ? 'wx' : 'r+',
      0o600,
    );
    this.#inode ??= readInode(this.#file);
    return this.#handle;
  }
}

const readInode = (file: string): number | undefined =>
  fs.statSync(file, { throwIfNoEntry: false })?.ino;

/** Settles when the names in a folder have reached the disk itself. */
export const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot open a folder, and keeps its names without it.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
};
