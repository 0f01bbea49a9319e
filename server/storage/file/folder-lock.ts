import {
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { checkRegular, readRegularFile } from '../../problems/read-file.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { errorCode } from './state-errors.ts';

const lockHeartbeatMs = 2000;
/** A lock without a heartbeat for so long is stale. Watched, not computed: clocks differ. */
const defaultStaleAfterMs = 5000;
const takeoverTimeoutMs = 500;
const maxLockAttempts = 20;
const heartbeatPollMs = 100;

/** Locks of this process: a restarted container may have the same pid. */
const heldHere = new Set<string>();

const lockOwner = z.object({
  pid: z.number(),
  host: z.string(),
  /** When the process was started, as its system counts: another process of that pid differs. */
  started: z.string().optional(),
});
type LockOwner = z.infer<typeof lockOwner>;

export interface FolderLock {
  /** Calls back when another owner is in the lock file. */
  onLost(onLost: (owner: string) => void): void;
  release(): void;
}

/**
 * Takes a folder for this process alone. The lock of a process that has ended is taken over: at
 * once where this host has no such process, or another one of that pid; otherwise (a container that
 * was replaced) once it has been watched without a heartbeat.
 * @returns the lock, or who holds it
 * @throws Error when the lock cannot be made, or is not a regular file
 */
export const lockFolder = async (
  file: string,
  staleAfterMs = defaultStaleAfterMs,
): Promise<FolderLock | { readonly heldBy: string }> => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined) checkRegular(found);
  const me = omitUndefined({
    pid: process.pid,
    host: hostname(),
    started: readStartTime(process.pid),
  });
  for (let attempt = 0; attempt < maxLockAttempts; attempt++) {
    if (createLock(file, me)) return holdLock(file, me);
    const held = readIfPresent(file);
    const owner = parseOwner(held);
    // Read again for the name: it may have been written to the end only now.
    if (held !== undefined && (await isAlive(owner, me, file, staleAfterMs)))
      return { heldBy: describeOwner(owner ?? parseOwner(readIfPresent(file))) };
    if (held !== undefined) await removeStale(file, held);
    await wait(heartbeatPollMs * Math.min(attempt, 1));
  }
  return { heldBy: describeOwner(parseOwner(readIfPresent(file))) };
};

const describeOwner = (owner: LockOwner | undefined): string =>
  owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;

/** @returns false when the file exists */
const createLock = (file: string, me: LockOwner): boolean => {
  try {
    writeFileSync(file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
};

/**
 * Of several processes that find the same stale lock only one removes it, and none removes the lock
 * that came after it.
 */
const removeStale = async (file: string, stale: string): Promise<void> => {
  const mutex = `${file}.turn`;
  try {
    mkdirSync(mutex);
  } catch {
    // It is held for no time, unless its process was killed right then.
    if (!(await isHeartbeating(mutex, takeoverTimeoutMs)))
      rmSync(mutex, { recursive: true, force: true });
    return;
  }
  try {
    if (readIfPresent(file) === stale) rmSync(file, { force: true });
  } finally {
    rmdirSync(mutex);
  }
};

const holdLock = (file: string, me: LockOwner): FolderLock => {
  const mine = JSON.stringify(me);
  heldHere.add(file);
  let reportLost: (owner: string) => void = () => {};
  const heartbeat = setInterval(() => {
    const held = readIfPresent(file);
    if (held === undefined) return; // the folder has gone: the log's own writes report it
    if (held === mine) return touch(file);
    clearInterval(heartbeat);
    reportLost(describeOwner(parseOwner(held)));
  }, lockHeartbeatMs);
  heartbeat.unref();
  return {
    onLost: (onLost) => {
      reportLost = onLost;
    },
    release: () => {
      clearInterval(heartbeat);
      heldHere.delete(file);
      if (readIfPresent(file) === mine) rmSync(file, { force: true });
    },
  };
};

const touch = (file: string): void => {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // as above
  }
};

const readIfPresent = (file: string): string | undefined => {
  try {
    return readRegularFile(file).toString('utf8');
  } catch {
    return undefined;
  }
};

const parseOwner = (text = ''): LockOwner | undefined => {
  try {
    return lockOwner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const isAlive = async (
  owner: LockOwner | undefined,
  me: LockOwner,
  file: string,
  staleAfterMs: number,
): Promise<boolean> => {
  // One that cannot be read may just be being written.
  if (owner === undefined || owner.host !== me.host) return isHeartbeating(file, staleAfterMs);
  if (owner.pid === me.pid) return heldHere.has(file);
  if (!isRunning(owner.pid)) return false;
  const started = readStartTime(owner.pid);
  if (owner.started !== undefined && started !== undefined) return owner.started === started;
  const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return (ageMs >= 0 && ageMs < staleAfterMs) || isHeartbeating(file, staleAfterMs);
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
};

/** When a process was started, in ticks since its system was. Linux only. */
const readStartTime = (pid: number): string | undefined => {
  try {
    // The name in parentheses may hold anything; the 20th field after it is the start.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
};

const isHeartbeating = async (file: string, staleAfterMs: number): Promise<boolean> => {
  const before = readMtime(file);
  for (let waited = 0; waited < staleAfterMs; waited += heartbeatPollMs) {
    await wait(heartbeatPollMs);
    if (readMtime(file) !== before) return true;
  }
  return false;
};

const readMtime = (file: string): string => {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs}`;
};
