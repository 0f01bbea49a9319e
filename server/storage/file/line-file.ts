import { statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** A file that is being written. */
export interface DiskFile extends Pick<FileHandle, 'datasync' | 'truncate' | 'close'> {
  /** Writes at a position; fewer bytes than given may have been written. */
  write(
    bytes: Buffer,
    from: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
}

/** What the store asks of a disk when it writes, so that a test can let any of it fail. */
export interface Disk {
  /** @throws EEXIST when the file exists */
  create(file: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
}

export const realDisk: Disk = {
  create: (file) => open(file, 'wx', 0o600),
  rename,
  remove: (file) => rm(file, { force: true }),
};

/** Settles when the names in a folder have reached the disk itself. */
export const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot open a folder, and keeps its names without it.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
};

export const lineFeed = 0x0a;

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

export const notInPlace = new Error('it is no longer in its folder');

/**
 * A state file that is being written: a header, then lines, each with a checksum that continues
 * that of the line before it. So none can be removed, added or moved without breaking the next.
 */
export class LineFile {
  readonly file: string;
  readonly #handle: DiskFile;
  readonly #inode: number | undefined;
  readonly #syncs: boolean;
  end: FileEnd = { bytes: 0, checksum: '' };
  #lines = 0;
  /** What of a failed write may follow the last line: a start skips a line that is not whole. */
  remains: 'nothing' | 'part of a line' | 'lines' = 'nothing';

  private constructor(file: string, handle: DiskFile, syncs: boolean) {
    this.file = file;
    this.#handle = handle;
    this.#inode = readInode(file);
    this.#syncs = syncs;
  }

  /**
   * Creates a file with its header, in the place of one that a killed process left.
   * @param syncs whether every line has reached the disk itself once it is appended
   */
  static async create(disk: Disk, file: string, header: string, syncs = false): Promise<LineFile> {
    await disk.remove(file);
    const created = new LineFile(file, await disk.create(file), syncs);
    try {
      await created.append([header]);
      return created;
    } catch (error) {
      await created.close();
      throw error;
    }
  }

  /** Whether only its header was written. */
  get isEmpty(): boolean {
    return this.#lines === 1;
  }

  /** Whether the name still leads to this file: writing to a deleted or moved one succeeds. */
  get isInPlace(): boolean {
    return this.#inode !== undefined && readInode(this.file) === this.#inode;
  }

  /**
   * Appends a line for each text. What a failed write leaves is removed, at once or by the next call.
   */
  async append(texts: readonly string[]): Promise<void> {
    if (this.remains !== 'nothing') await this.#removeRemains();
    if (texts.length === 0) return;
    let { checksum } = this.end;
    let lines = '';
    for (const text of texts) {
      checksum = chainChecksum(checksum, text);
      lines += `${checksum} ${text}\n`;
    }
    const bytes = Buffer.from(lines);
    const before = this.end.bytes;
    let written = 0;
    try {
      while (written < bytes.length) {
        const length = bytes.length - written;
        const done = await this.#handle.write(bytes, written, length, before + written);
        written += done.bytesWritten;
      }
      if (this.#syncs) await this.#handle.datasync();
      if (!this.isInPlace) throw notInPlace;
      this.end = { bytes: before + bytes.length, checksum };
      this.#lines += texts.length;
    } catch (error) {
      const isWhole = bytes.subarray(0, written).includes(lineFeed);
      this.remains = isWhole ? 'lines' : 'part of a line';
      await this.#removeRemains().catch(() => {});
      throw error;
    }
  }

  async #removeRemains(): Promise<void> {
    await this.#handle.truncate(this.end.bytes);
    if (this.#syncs) await this.#handle.datasync();
    this.remains = 'nothing';
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close().catch(() => {});
  }
}

const readInode = (file: string): number | undefined =>
  statSync(file, { throwIfNoEntry: false })?.ino;

/** A whole file in slices: lines that are written at once, between which the event loop is free. */
export interface FileContent {
  readonly header: string;
  readonly slices?: Iterable<readonly string[]>;
}

/**
 * Writes a file under another name, flushes it to the disk, and puts it in its place.
 * @param confirm called before the last step
 * @returns its length
 */
export const replaceFile = async (
  disk: Disk,
  file: string,
  { header, slices = [] }: FileContent,
  confirm = async () => {},
): Promise<number> => {
  const next = await LineFile.create(disk, `${file}.tmp`, header);
  try {
    for (const slice of slices) await next.append(slice);
    await next.sync();
    await next.close();
    await confirm();
    await disk.rename(next.file, file);
    await syncFolder(dirname(file));
    return next.end.bytes;
  } catch (error) {
    await next.close();
    await disk.remove(next.file).catch(() => {});
    throw error;
  }
};
