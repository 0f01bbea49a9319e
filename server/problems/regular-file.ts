import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Reads a file that settings or a folder name. Opening a FIFO waits for a writer, and a device may
 * have no end: both would block the start.
 * @throws Error when it is not a regular file, or cannot be read
 */
export const readRegularFile = (file: string): Buffer => {
  checkRegular(statSync(file));
  // Another file may have taken its place since.
  const descriptor = openSync(file, openWithoutWaiting);
  try {
    checkRegular(fstatSync(descriptor));
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Windows has neither FIFOs nor the flag. */
export const openWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** @throws Error with the code ENOTREG when it is anything else */
export const checkRegular = (stats: Stats): void => {
  if (!stats.isFile())
    throw Object.assign(new Error(`it is ${kindOf(stats)}, not a regular file`), {
      code: 'ENOTREG',
    });
};

const kindOf = (stats: Stats): string => {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
};

/**
 * Makes a folder and those above it. Unlike `mkdirSync` with `recursive`, it ends where a file
 * system takes none, such as /proc.
 * @throws Error when the folder cannot be made, or the path leads to something else
 */
export const makeFolder = (folder: string): void => {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found !== undefined)
    throw Object.assign(new Error(`${folder} is not a directory`), { code: 'ENOTDIR' });
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
};
