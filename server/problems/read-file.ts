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
import { errorCode, errorText, type Problem } from './problem.ts';

/**
 * Reads a file that settings or a folder name. Opening a FIFO waits for a writer, and a device may
 * have no end: both would block the start.
 * @throws Error when it is not a regular file, or cannot be read
 */
export const readRegularFile = (file: string): Buffer => {
  checkRegular(statSync(file), file);
  // Another file may have taken its place since.
  const descriptor = openSync(file, openWithoutWaiting);
  try {
    checkRegular(fstatSync(descriptor), file);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** The same; undefined where the file does not exist. */
export const readIfExists = (file: string): Buffer | undefined => {
  try {
    return readRegularFile(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Windows has neither FIFOs nor the flag. */
export const openWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** @throws Error with the code ENOTREG, and its path, when it is anything else */
export const checkRegular = (stats: Stats, path: string): void => {
  if (!stats.isFile())
    throw Object.assign(new Error(`it is ${describeFileKind(stats)}, not a regular file`), {
      code: 'ENOTREG',
      path,
    });
};

const describeFileKind = (stats: Stats): string => {
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

/** Reads a file that must be UTF-8 text. */
export const readTextFile = (
  file: string,
): { readonly text: string } | { readonly problem: Problem } => {
  try {
    return decodeTextFile(file, readRegularFile(file));
  } catch (error) {
    return { problem: { where: file, ...readFailure(error) } };
  }
};

/** Why a file could not be read, as message and remedy. */
export const readFailure = (error: unknown): Pick<Problem, 'message' | 'remedy'> => {
  const code = errorCode(error);
  const known = failures[code];
  if (known !== undefined) return known;
  return {
    message: `cannot be read: ${errorText(error)}`,
    remedy: 'Check the path and its permissions.',
  };
};

const failures: Readonly<Record<string, Pick<Problem, 'message' | 'remedy'>>> = {
  ENOENT: { message: 'cannot be read: it does not exist', remedy: 'Check the path.' },
  EACCES: { message: 'cannot be read: permission denied', remedy: 'Check its permissions.' },
  EPERM: { message: 'cannot be read: permission denied', remedy: 'Check its permissions.' },
  EISDIR: { message: 'cannot be read: it is a directory', remedy: 'Name a file in it.' },
  ENOTDIR: { message: 'cannot be read: a part of its path is a file', remedy: 'Check the path.' },
  ELOOP: {
    message: 'cannot be read: its symbolic links go in a circle',
    remedy: 'Check the path.',
  },
};

/** Why a file could not be written, in words, and what helps. */
export const writeFailure = (error: unknown): Pick<Problem, 'message' | 'remedy'> =>
  writeFailures[errorCode(error)] ?? {
    message: errorText(error),
    remedy: 'Check the path and its permissions.',
  };

const notPermitted = {
  message: 'permission denied',
  remedy: 'This user may not write there: restore the permission.',
};

const writeFailures: Readonly<Record<string, Pick<Problem, 'message' | 'remedy'>>> = {
  EACCES: notPermitted,
  EPERM: notPermitted,
  EROFS: {
    message: 'the file system is read-only',
    remedy: 'The file system is read-only: mount it writable again.',
  },
  EISDIR: { message: 'it is a directory', remedy: 'Name a file in it.' },
  ENOTDIR: { message: 'a part of its path is a file', remedy: 'Check the path.' },
  ENOENT: {
    message: 'its folder does not exist',
    remedy: 'The folder was moved, replaced or removed: put it back, or stop and start again.',
  },
  ENOSPC: { message: 'the disk is full', remedy: 'The disk is full: free some space.' },
  EDQUOT: {
    message: 'the disk quota is used up',
    remedy: 'The quota of this user is used up: free some space.',
  },
  EIO: {
    message: 'the disk reports an error',
    remedy: 'The disk reports an error: look at the system log.',
  },
};

const decodeTextFile = (
  file: string,
  bytes: Buffer,
): { readonly text: string } | { readonly problem: Problem } => {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (hasMark || (bytes.length > 1 && (first === 0) !== (second === 0)))
    return {
      problem: {
        where: file,
        message: 'is written in UTF-16',
        remedy: 'Save it as UTF-8. In PowerShell: … | Out-File -Encoding utf8 FILE.',
      },
    };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: { where: file, message: 'is not UTF-8 text', remedy: 'Save it as UTF-8.' } };
  }
};

/**
 * One text that changes whenever a file does. Size and modification time are not enough: an edit
 * within one tick of the clock may keep both, and tools that copy times set the second. The change
 * time and the inode cannot be set.
 */
export const fileStamp = (file: string): string => {
  try {
    const { size, mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true });
    return `${file} ${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch {
    // What cannot be read now may be at the next look.
    return `${file} -`;
  }
};

/**
 * Files that editors, file managers and version control leave next to the file that is meant:
 * `.a.yaml.swp`, `#a.yaml#`, `a.yaml~`, `a.yaml.bak`.
 */
export const isLeftover = (name: string): boolean =>
  /^\.|^#.*#$|~$|\.(bak|orig|rej|old|tmp|temp|sw[a-p]|save)$/i.test(name) ||
  /^(desktop\.ini|thumbs\.db)$/i.test(name);

/** A file of a process in /proc; empty where it has ended, is another user's, or there is no /proc. */
export const readProcessFile = (pid: number | string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
};

/**
 * Whether a process of this id runs. One that has ended keeps its id until its parent has waited for
 * it, which some parents never do.
 */
export const isRunning = (pid: number): boolean => {
  const [state] = readProcessStat(pid);
  if (state === 'Z' || state === 'X') return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
};

/** `pid (name) state parent group …` from the state on: the name may hold spaces and brackets. */
export const readProcessStat = (pid: number | string): readonly string[] => {
  const stat = readProcessFile(pid, 'stat');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};
