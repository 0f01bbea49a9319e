import { statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

export type DiskFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>;

/** What the store asks of a disk when it writes: a test lets any of it fail. */
export const realDisk = {
  /** @param flags `wx`: a file that does not exist; `r+`: one that does */
  open: (file: string, flags: 'wx' | 'r+'): Promise<DiskFile> => open(file, flags, 0o600),
  rename: (from: string, to: string): Promise<void> => rename(from, to),
  remove: (file: string): Promise<void> => rm(file, { force: true }),
};
export type Disk = typeof realDisk;

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

export const damagedCode = 'STATE_DAMAGED';

/** A file of the data folder does not hold what was written to it. */
export const damaged = (path: string, reason: string): Error =>
  Object.assign(new Error(reason), { code: damagedCode, path });

/**
 * Reads the whole lines of a file.
 * @param take called with each line and where it ends; returns false when it is no such line
 * @returns where the last one ends: what follows was not finished
 * @throws Error with `damagedCode`
 */
export const readLines = (
  file: string,
  content: Buffer,
  take: (text: Buffer, end: FileEnd) => boolean,
): FileEnd => {
  let end = noLines;
  let number = 0;
  for (const line of splitBytes(content, lineFeed)) {
    number++;
    const isLast = end.bytes + line.length === content.length;
    const text = line.subarray(checksumLength, isLast ? -1 : undefined);
    const checksum = chainChecksum(end.checksum, text);
    const isIntact = line.toString('latin1', 0, checksumLength) === `${checksum} `;
    // No line feed ends it. It was not finished, unless it is whole up to its last byte.
    if (isLast && !isIntact) break;
    if (isLast) throw damaged(file, 'the end of its last line is damaged');
    end = { bytes: end.bytes + line.length + 1, checksum };
    // The checksum covers the lines before it: which of them is wrong cannot be said.
    if (!isIntact || !take(text, end))
      throw damaged(file, `line ${number} is damaged, or a line before it is missing`);
  }
  return end;
};

const noLines: FileEnd = { bytes: 0, checksum: '' };

/**
 * A state file that is being written: lines, each with a checksum that continues that of the line
 * before it. So none can be removed, added or moved without breaking the next.
 */
export class LineFile {
  readonly #disk: Disk;
  #file: string;
  #handle: DiskFile | undefined;
  #inode: number | undefined;
  end: FileEnd;
  /** What of a failed write may follow the last line: a start skips a line that is not whole. */
  remains: 'nothing' | 'part of a line' | 'lines' = 'nothing';

  /** @param end of an existing file: what follows it is removed before anything is appended */
  constructor(disk: Disk, file: string, end = noLines) {
    this.#disk = disk;
    this.#file = file;
    this.end = end;
    if (end === noLines) return;
    this.#inode = readInode(file);
    this.remains = 'part of a line';
  }

  /**
   * Appends a line for each text. What a failed write leaves is removed, if not at once then by the
   * next call.
   * @param syncs whether they have reached the disk itself when it settles
   * @throws Error when they could not be written, or the file is no longer in its folder
   */
  async append(texts: readonly string[], syncs = false): Promise<void> {
    const handle = this.#handle ?? (await this.#open());
    if (this.remains !== 'nothing') await this.#removeRemains(handle, syncs);
    const start = this.end.bytes;
    let { checksum } = this.end;
    let lines = '';
    for (const text of texts) {
      checksum = chainChecksum(checksum, text);
      lines += `${checksum} ${text}\n`;
    }
    const bytes = Buffer.from(lines);
    let written = 0;
    try {
      while (written < bytes.length) {
        const length = bytes.length - written;
        const done = await handle.write(bytes, written, length, start + written);
        written += done.bytesWritten;
      }
      if (syncs) await handle.datasync();
      this.#checkPlace();
      this.end = { bytes: start + bytes.length, checksum };
    } catch (error) {
      this.remains = bytes.subarray(0, written).includes(lineFeed) ? 'lines' : 'part of a line';
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
    else this.#checkPlace();
    const handle = await this.#disk.open(this.#file, isNew ? 'wx' : 'r+');
    this.#handle = handle;
    this.#inode ??= readInode(this.#file);
    return handle;
  }

  /** Fails while the name leads elsewhere: writing to a deleted or moved file would succeed. */
  #checkPlace(): void {
    if (this.#inode === undefined || readInode(this.#file) !== this.#inode)
      throw Object.assign(new Error('it is no longer in its folder'), { code: 'ENOENT' });
  }

  async #removeRemains(handle: DiskFile, syncs: boolean): Promise<void> {
    await handle.truncate(this.end.bytes);
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
