import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tryParseJsonObject } from '../../problems/json-text.ts';
import { errorCode, StartupError } from '../../problems/problem.ts';
import { isRunning, readIfExists, readProcessStat } from '../../problems/read-file.ts';

const heartbeatMs = 2000;
const pollMs = 100;
/** A lock without a heartbeat for so long is stale. Watched, not computed: clocks differ. */
const defaultStaleAfterMs = 5000;
const takeoverTimeoutMs = 500;
const maxAttempts = 20;

export interface FolderLock {
  /** Another owner that is in the lock file now. */
  lostTo: string | undefined;
  release(): void;
}

/**
 * Takes a folder for this process alone. The lock of a process that has ended is taken over: at
 * once where this host has no such process, or another one of that pid; otherwise (a container that
 * was replaced) once it has been watched without a heartbeat.
 * @throws StartupError with the owner's name; Error when the lock cannot be made
 */
export const lockFolder = async (
  folder: string,
  staleAfterMs = defaultStaleAfterMs,
): Promise<FolderLock> => {
  const file = join(folder, 'lock');
  const { pid } = process;
  // When the process was started, as its system counts: another process of that pid differs. Its
  // own time origin differs too in a container that was restarted and has the same pid.
  const times = { started: readStartTime(pid), origin: performance.timeOrigin };
  const mine = JSON.stringify({ pid, host: hostname(), ...times });
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const held = readLock(file);
    if (held === mine || (held !== undefined && (await isAlive(held, file, staleAfterMs)))) break;
    if (await replaceLock(file, held, mine)) return holdLock(file, mine);
  }
  // Read again for the name: it may have been written to the end only now.
  const message = `is in use by ${describeOwner(readLock(file))}`;
  const remedy = 'Stop that simulator, or give this one a folder of its own with --data.';
  throw new StartupError([{ where: folder, message, remedy }]);
};

const readLock = (file: string): string | undefined => readIfExists(file)?.toString();

const describeOwner = (held = ''): string => {
  const owner = tryParseJsonObject(held);
  return owner === undefined ? 'another process' : `process ${owner['pid']} on ${owner['host']}`;
};

/** Of several processes that find the same stale lock, or none, one puts its own in that place. */
const replaceLock = async (file: string, found: string | undefined, mine: string) => {
  const next = `${file}.turn`;
  try {
    writeFileSync(next, mine, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    // It is there for no time, unless its process was killed right then.
    if (!(await isHeartbeating(next, takeoverTimeoutMs)))
      rmSync(next, { recursive: true, force: true });
    return false;
  }
  if (readLock(file) === found) renameSync(next, file);
  else rmSync(next, { force: true });
  return readLock(file) === mine;
};

const holdLock = (file: string, mine: string): FolderLock => {
  const heartbeat = setInterval(() => {
    try {
      const held = readLock(file);
      if (held === mine) utimesSync(file, new Date(), new Date());
      else if (held !== undefined) lock.lostTo = describeOwner(held);
    } catch {
      // The folder has gone, or may not be read: the next write reports it.
    }
  }, heartbeatMs).unref();
  const release = (): void => {
    clearInterval(heartbeat);
    if (readLock(file) === mine) rmSync(file, { force: true });
  };
  const lock: FolderLock = { lostTo: undefined, release };
  return lock;
};

/** One that cannot be read may just be being written. */
const isAlive = async (held: string, file: string, staleAfterMs: number): Promise<boolean> => {
  const { pid, host, started } = tryParseJsonObject(held) ?? {};
  if (typeof pid === 'number' && host === hostname()) {
    if (pid === process.pid || !isRunning(pid)) return false;
    const now = readStartTime(pid);
    if (started !== undefined && now !== undefined) return started === now;
    const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (ageMs >= 0 && ageMs < staleAfterMs) return true;
  }
  return isHeartbeating(file, staleAfterMs);
};

/** When a process was started, in ticks since its system was. Linux only. */
const readStartTime = (pid: number): string | undefined => readProcessStat(pid)[19];

const isHeartbeating = async (file: string, staleAfterMs: number): Promise<boolean> => {
  const lastBeat = () => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const before = lastBeat();
  for (let waited = 0; waited < staleAfterMs && lastBeat() === before; waited += pollMs)
    await wait(pollMs);
  return lastBeat() !== before;
};
