import { statSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkRegular, openWithoutWaiting } from '../../problems/read-file.ts';

/** A file that is being written. */
export interface DiskFile {
  /** @returns how many bytes were written, which may be fewer than given. */
  write(bytes: Buffer, from: number, position: number): Promise<number>;
  /** Until what was written has reached the disk itself. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /**
   * Whether the file is still to be found under its name: a folder that was taken away can be
   * written to as if nothing had happened.
   */
  isInPlace(): boolean;
  close(): Promise<void>;
}

/** The file layer: everything the store asks of a disk, so that a test can let any of it fail. */
export interface Disk {
  /** @throws EEXIST when there is such a file. */
  create(file: string): Promise<DiskFile>;
  /**
   * The bytes of a file in pieces, each one a buffer of its own that may be kept. @throws ENOENT
   * when there is none.
   */
  read(file: string): AsyncIterable<Buffer>;
  list(folder: string): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Until names that came, went or changed in a folder have reached the disk itself. */
  syncFolder(folder: string): Promise<void>;
}

const pieceBytes = 1024 * 1024;

export const realDisk: Disk = {
  create: async (file) => new OpenFile(file, await open(file, 'wx', 0o600)),
  read: (file) => splitPieces(file),
  list: (folder) => readdir(folder),
  rename: async (from, to) => {
    await rename(from, to);
    await realDisk.syncFolder(dirname(to));
  },
  remove: (file) => rm(file, { force: true }),
  syncFolder: async (folder) => {
    // Windows has no such thing, and keeps its names without it.
    const handle = await open(folder, 'r').catch(() => undefined);
    await handle?.sync().catch(() => {});
    await handle?.close();
  },
};

async function* splitPieces(file: string): AsyncGenerator<Buffer> {
  checkRegular(await stat(file));
  const handle = await open(file, openWithoutWaiting);
  try {
    for (;;) {
      const piece = Buffer.allocUnsafeSlow(pieceBytes);
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

class OpenFile implements DiskFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #inode: number | undefined;

  constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
    this.#inode = readInode(file);
  }

  async write(bytes: Buffer, from: number, position: number): Promise<number> {
    return (await this.#handle.write(bytes, from, bytes.length - from, position)).bytesWritten;
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }

  isInPlace(): boolean {
    return this.#inode !== undefined && readInode(this.#file) === this.#inode;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const readInode = (file: string): number | undefined =>
  statSync(file, { throwIfNoEntry: false })?.ino;
