import { statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { CorruptStateError, damagedLine } from './state-errors.ts';

export type DiskFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>;

/** What the store asks of a disk when it writes, so that a test can let any of it fail. */
export interface Disk {
  /** @param flags `wx`: a file that does not exist; `r+`: one that does */
  open(file: string, flags: 'wx' | 'r+'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
}

export const realDisk: Disk = {
  open: (file, flags) => open(file, flags, 0o600),
  rename,
  remove: (file) => rm(file, { force: true }),
};

const lineFeed = 0x0a;

/** The checksum that precedes a line's text: it covers that text and all lines before it. */
export const chainChecksum = (before: string, text: string | Buffer): string =>
  crc32(text, Number.parseInt(before, 16) || 0)
    .toString(16)
    .padStart(8, '0');

/** Eight hexadecimal digits and a space. */
const checksumLength = 9;

/** Where a file ends: how long it is, and the checksum of its last line. */
export interface FileEnd {
  readonly bytes: number;
  readonly checksum: string;
}

export function* splitBytes(bytes: Buffer, delimiter: number): Generator<Buffer> {
  let start = 0;
  for (let end = bytes.indexOf(delimiter); end >= 0; end = bytes.indexOf(delimiter, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  yield bytes.subarray(start);
}

/**
 * Reads the whole lines of a file.
 * @param take called with each line, its number and where it ends; returns false when it is no such
 * a line
 * @returns where the last one ends: what follows was not finished
 * @throws CorruptStateError
 */
export const readLines = (
  file: string,
  content: Buffer,
  take: (text: Buffer, number: number, end: FileEnd) => boolean,
): FileEnd => {
  let end: FileEnd = { bytes: 0, checksum: '' };
  let number = 0;
  for (const line of splitBytes(content, lineFeed)) {
    number++;
    const isLast = end.bytes + line.length === content.length;
    const text = line.subarray(checksumLength, isLast ? -1 : undefined);
    const checksum = chainChecksum(end.checksum, text);
    const isIntact = line.toString('latin1', 0, checksumLength) === `${checksum} `;
    // No line feed ends it. It was not finished, unless it is whole up to its last byte.
    if (isLast && !isIntact) break;
    if (isLast) throw new CorruptStateError(file, 'the end of its last line is damaged');
    end = { bytes: end.bytes + line.length + 1, checksum };
    if (!isIntact || !take(text, number, end)) throw damagedLine(file, number);
  }
  return end;
};

const notInPlace = new Error('it is no longer in its folder');

/**
 * A state file that is being written: lines, each with a checksum that continues that of the line
 * before it. So none can be removed, added or moved without breaking the next.
 */
export class LineFile {
  readonly #disk: Disk;
  #file: string;
  #handle: DiskFile | undefined;
  #inode: number | undefined;
  #end: FileEnd;
  /** What of a failed write may follow the last line: a start skips a line that is not whole. */
  remains: 'nothing' | 'part of a line' | 'lines' = 'nothing';

  /** @param end of an existing file: what follows it is removed before anything is appended */
  constructor(disk: Disk, file: string, end?: FileEnd) {
    this.#disk = disk;
    this.#file = file;
    this.#end = end ?? { bytes: 0, checksum: '' };
    if (end === undefined) return;
    this.#inode = readInode(file);
    this.remains = 'part of a line';
  }

  get end(): FileEnd {
    return this.#end;
  }

  /** Fails while the name leads elsewhere: writing to a deleted or moved file would succeed. */
  checkPlace(): void {
    if (this.#inode === undefined || readInode(this.#file) !== this.#inode) throw notInPlace;
  }

  /**
   * Appends a line for each text. What a failed write leaves is removed, if not at once then by the
   * next call.
   * @param syncs whether they have reached the disk itself when it settles
   */
  async append(texts: readonly string[], syncs = false): Promise<void> {
    const handle = this.#handle ?? (await this.#open());
    if (this.remains !== 'nothing') await this.#removeRemains(handle, syncs);
    if (texts.length === 0) return;
    let { checksum } = this.#end;
    let lines = '';
    for (const text of texts) {
      checksum = chainChecksum(checksum, text);
      lines += `${checksum} ${text}\n`;
    }
    const bytes = Buffer.from(lines);
    const before = this.#end.bytes;
    let written = 0;
    try {
      while (written < bytes.length) {
        const length = bytes.length - written;
        const done = await handle.write(bytes, written, length, before + written);
        written += done.bytesWritten;
      }
      if (syncs) await handle.datasync();
      this.checkPlace();
      this.#end = { bytes: before + bytes.length, checksum };
    } catch (error) {
      const isWhole = bytes.subarray(0, written).includes(lineFeed);
      this.remains = isWhole ? 'lines' : 'part of a line';
      await this.#removeRemains(handle, syncs).catch(() => {});
      throw error;
    }
  }

  /** Flushes the file to the disk and puts it in the place of another. It stays open for lines. */
  async moveTo(target: string, replaced?: LineFile): Promise<void> {
    await this.#handle?.datasync();
    // Windows replaces no open file.
    await this.close();
    await replaced?.close();
    await this.#disk.rename(this.#file, target);
    this.#file = target;
    await syncFolder(dirname(target));
  }

  /** Closes the handle; another line opens it again. */
  async close(): Promise<void> {
    await this.#handle?.close().catch(() => {});
    this.#handle = undefined;
  }

  async #open(): Promise<DiskFile> {
    const isNew = this.#inode === undefined;
    if (isNew) await this.#disk.remove(this.#file);
    else this.checkPlace();
    const handle = await this.#disk.open(this.#file, isNew ? 'wx' : 'r+');
    this.#handle = handle;
    this.#inode ??= readInode(this.#file);
    return handle;
  }

  async #removeRemains(handle: DiskFile, syncs: boolean): Promise<void> {
    await handle.truncate(this.#end.bytes);
    if (syncs) await handle.datasync();
    this.remains = 'nothing';
  }
}

const readInode = (file: string): number | undefined =>
  statSync(file, { throwIfNoEntry: false })?.ino;

/** Settles when the names in a folder have reached the disk itself. */
const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot open a folder, and keeps its names without it.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
};
