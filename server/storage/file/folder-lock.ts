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
import { checkRegular, readRegularFile } from '../../problems/read-file.ts';

const heartbeatMs = 2000;
/**
 * A lock that shows no heartbeat for so long belongs to nobody. Watched, not computed: clocks
 * differ, and go back.
 */
const staleAfterMs = 5000;
const longestTurnMs = 500;
const attempts = 20;
const betweenAttemptsMs = 100;

/**
 * Locks of this very process: a pid alone cannot tell a stale lock of a restarted container from
 * one of our own.
 */
const heldHere = new Set<string>();

/** Who holds a folder, as its lock file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /**
   * When the process was started, as its system counts: another process that got its pid has
   * another one.
   */
  readonly started?: string;
}

export interface FolderLock {
  /** Calls back when somebody else's name stands in the lock file. */
  onLost(tell: (holder: string) => void): void;
  release(): void;
}

/**
 * Takes a folder for this process alone. A lock left by a process that is gone is taken over: at
 * once where this host has no such process, or another one of that pid; otherwise (a container that
 * was replaced) once it has been watched for five seconds without a heartbeat.
 * @returns the lock, or who holds it.
 * @throws Error when the lock cannot be made, or is not a regular file
 */
export const lockFolder = async (
  file: string,
  silence = staleAfterMs,
): Promise<FolderLock | { readonly heldBy: string }> => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined) checkRegular(found);
  const started = startOf(process.pid);
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    ...(started === undefined ? {} : { started }),
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (create(file, me)) return keep(file, me);
    const held = read(file);
    const holder = parse(held);
    // Read once more: it may have been written to the end only now.
    if (held !== undefined && (await isAlive(holder, me, file, silence)))
      return { heldBy: lockFileName(holder ?? parse(read(file))) };
    if (held !== undefined) await removeStale(file, held);
    await wait(betweenAttemptsMs * Math.min(attempt, 1));
  }
  return { heldBy: lockFileName(parse(read(file))) };
};

const lockFileName = (holder: Holder | undefined): string =>
  holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;

/** @returns false when there is such a file already. */
const create = (file: string, me: Holder): boolean => {
  try {
    writeFileSync(file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

/**
 * Of several processes that find the same stale lock only one removes it, and none removes the lock
 * that came after it.
 */
const removeStale = async (file: string, stale: string): Promise<void> => {
  const turn = `${file}.turn`;
  try {
    mkdirSync(turn);
  } catch {
    // A turn takes no time, unless its process was killed in the midst of it.
    if (!(await isHeartbeating(turn, longestTurnMs)))
      rmSync(turn, { recursive: true, force: true });
    return;
  }
  try {
    if (read(file) === stale) rmSync(file, { force: true });
  } finally {
    rmdirSync(turn);
  }
};

const keep = (file: string, me: Holder): FolderLock => {
  heldHere.add(file);
  let tellLost: (holder: string) => void = () => {};
  const heartbeat = setInterval(() => {
    const held = read(file);
    if (held === undefined) return; // the folder is gone: the log's own writes will say so
    if (held === JSON.stringify(me)) return touch(file);
    clearInterval(heartbeat);
    tellLost(lockFileName(parse(held)));
  }, heartbeatMs);
  heartbeat.unref();
  return {
    onLost: (tell) => {
      tellLost = tell;
    },
    release: () => {
      clearInterval(heartbeat);
      heldHere.delete(file);
      if (read(file) === JSON.stringify(me)) rmSync(file, { force: true });
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

const read = (file: string): string | undefined => {
  try {
    return readRegularFile(file).toString('utf8');
  } catch {
    return undefined;
  }
};

const parse = (text: string | undefined): Holder | undefined => {
  try {
    const holder: unknown = JSON.parse(text ?? '');
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('host' in holder))
      return undefined;
    const started = 'started' in holder ? { started: String(holder.started) } : {};
    return { pid: Number(holder.pid), host: String(holder.host), ...started };
  } catch {
    return undefined;
  }
};

const isAlive = async (
  holder: Holder | undefined,
  me: Holder,
  file: string,
  silence: number,
): Promise<boolean> => {
  // One that cannot be read may just be being written.
  if (holder === undefined || holder.host !== me.host) return isHeartbeating(file, silence);
  if (holder.pid === me.pid) return heldHere.has(file);
  if (!exists(holder.pid)) return false;
  const started = startOf(holder.pid);
  if (holder.started !== undefined && started !== undefined) return holder.started === started;
  return isFresh(file, silence) || isHeartbeating(file, silence);
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** When a process was started, in ticks since its system was. Linux only. */
const startOf = (pid: number): string | undefined => {
  try {
    // The name in parentheses may hold anything; the 20th field after it is the start.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
};

const isFresh = (file: string, silence: number): boolean => {
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age >= 0 && age < silence;
};

const isHeartbeating = async (file: string, silence: number): Promise<boolean> => {
  const before = mtimeOf(file);
  for (let waited = 0; waited < silence; waited += betweenAttemptsMs) {
    await wait(betweenAttemptsMs);
    if (mtimeOf(file) !== before) return true;
  }
  return false;
};

const mtimeOf = (file: string): string => {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs}`;
};
