import { statSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
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
  create: async (file) => openedFile(file, await open(file, 'wx', 0o600)),
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

const openedFile = (file: string, handle: FileHandle): DiskFile => {
  const inode = readInode(file);
  return {
    write: async (bytes, from, position) =>
      (await handle.write(bytes, from, bytes.length - from, position)).bytesWritten,
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    isInPlace: () => inode !== undefined && readInode(file) === inode,
    close: () => handle.close(),
  };
};

const readInode = (file: string): number | undefined =>
  statSync(file, { throwIfNoEntry: false })?.ino;

/** Writes all of it. */
export const writeAll = async (file: DiskFile, bytes: Buffer, position: number): Promise<void> => {
  for (let from = 0; from < bytes.length; ) from += await file.write(bytes, from, position + from);
};
