import { statSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readRegularFile } from '../../problems/read-file.ts';

/** A file that is being written. */
export interface DiskFile {
  /** @returns how many bytes were written, which may be fewer than given. */
  write(bytes: Buffer, from: number, position: number): Promise<number>;
  /** Settles when what was written has reached the disk itself. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Whether the name still leads to this file: writing to a deleted or moved file succeeds. */
  isInPlace(): boolean;
  close(): Promise<void>;
}

/** The file layer: everything the store asks of a disk, so that a test can let any of it fail. */
export interface Disk {
  /** @throws EEXIST when the file exists */
  create(file: string): Promise<DiskFile>;
  /** @throws ENOENT when the file does not exist */
  read(file: string): Buffer;
  list(folder: string): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Settles when the names in a folder have reached the disk itself. */
  syncFolder(folder: string): Promise<void>;
}

export const realDisk: Disk = {
  create: async (file) => {
    const handle = await open(file, 'wx', 0o600);
    const readInode = () => statSync(file, { throwIfNoEntry: false })?.ino;
    const inode = readInode();
    return {
      write: async (bytes, from, position) =>
        (await handle.write(bytes, from, bytes.length - from, position)).bytesWritten,
      sync: () => handle.datasync(),
      truncate: (length) => handle.truncate(length),
      isInPlace: () => inode !== undefined && readInode() === inode,
      close: () => handle.close(),
    };
  },
  read: readRegularFile,
  list: (folder) => readdir(folder),
  rename: async (from, to) => {
    await rename(from, to);
    await realDisk.syncFolder(dirname(to));
  },
  remove: (file) => rm(file, { force: true }),
  syncFolder: async (folder) => {
    // Windows cannot open a folder, and keeps its names without it.
    const handle = await open(folder, 'r').catch(() => undefined);
    await handle?.sync().catch(() => {});
    await handle?.close();
  },
};

/**
 * Writes a file under another name, flushes it to the disk, and puts it in its place.
 * @param confirm called before the last step
 * @returns its length
 */
export const replaceFile = async (
  disk: Disk,
  [temporary, file]: readonly [string, string],
  write: (append: (text: string) => Promise<void>) => Promise<void>,
  confirm = async () => {},
): Promise<number> => {
  await disk.remove(temporary); // left by a process that was killed
  const opened = await disk.create(temporary);
  let length = 0;
  try {
    await write(async (text) => {
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length; )
        from += await opened.write(bytes, from, length + from);
      length += bytes.length;
    });
    await opened.sync();
    await opened.close();
    await confirm();
    await disk.rename(temporary, file);
    return length;
  } catch (error) {
    await opened.close().catch(() => {});
    await disk.remove(temporary).catch(() => {});
    throw error;
  }
};
