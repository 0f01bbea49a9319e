import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

const heartbeatMs = 2000;
const silenceMs = 10_000;

/** Locks of this very process: a pid alone cannot tell a stale lock of a restarted container from one of our own. */
const heldHere = new Set<string>();

/** Who holds a folder, as its lock file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder for this process alone. A lock left by a process that is gone is taken over: on this host by its pid,
 * on another one (a container that was replaced) once its file has not been touched for ten seconds.
 * @returns the lock, or who holds it.
 */
export const lockFolder = (file: string): FolderLock | Holder => {
  const me: Holder = { pid: process.pid, host: hostname() };
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
      return keep(file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = holderOf(file);
      if (holder !== undefined && isAlive(holder, me, file)) return holder;
      rmSync(file, { force: true });
    }
  }
  return holderOf(file) ?? me;
};

const keep = (file: string): FolderLock => {
  heldHere.add(file);
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // the folder is gone: the log's own writes will say so
    }
  }, heartbeatMs);
  heartbeat.unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      heldHere.delete(file);
      rmSync(file, { force: true });
    },
  };
};

const holderOf = (file: string): Holder | undefined => {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('host' in holder)) return undefined;
    return { pid: Number(holder.pid), host: String(holder.host) };
  } catch {
    return undefined;
  }
};

const isAlive = (holder: Holder, me: Holder, file: string): boolean => {
  if (holder.host !== me.host) return Date.now() - statSync(file).mtimeMs < silenceMs;
  if (holder.pid === me.pid) return heldHere.has(file);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
