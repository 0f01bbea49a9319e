import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long processes have to end after SIGTERM, and to be gone after SIGKILL. */
const terminateGraceMs = 2000;
const killGraceMs = 1000;
const memberPollMs = 20;

export interface ProcessTree {
  /** The leader of the process group. */
  readonly pid: number;
  /** `NAME=value` in the environment of every process that came of it. */
  readonly mark: string;
}

/**
 * Ends whatever is left of a process, its group and its descendants, and waits until it is gone.
 * @returns how many processes there were
 */
export const endTree = async (tree: ProcessTree, isKill = false): Promise<number> => {
  const found = findMembers(tree);
  if (found.length === 0) return 0;
  if (!isKill && (await signalUntilGone(tree, 'SIGTERM', terminateGraceMs))) return found.length;
  await signalUntilGone(tree, 'SIGKILL', killGraceMs);
  return found.length;
};

/** The same at once, where nothing can be waited for. */
export const killTreeNow = (tree: ProcessTree): void => {
  for (const pid of findMembers(tree)) signalProcess(pid, 'SIGKILL');
};

const signalUntilGone = async (
  tree: ProcessTree,
  signal: 'SIGTERM' | 'SIGKILL',
  graceMs: number,
): Promise<boolean> => {
  const until = performance.now() + graceMs;
  const signalled = new Set<number>();
  for (;;) {
    const members = findMembers(tree);
    if (members.length === 0) return true;
    // New ones may have been forked meanwhile; SIGTERM is sent once to each.
    for (const pid of members) {
      if (signal === 'SIGTERM' && signalled.has(pid)) continue;
      signalled.add(pid);
      signalProcess(pid, signal);
    }
    if (performance.now() > until) return false;
    await sleep(memberPollMs);
  }
};

const signalProcess = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)]);
    else process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
};

/**
 * Process ids, negative for a whole group. On Linux the processes themselves, so that one that left
 * the group is found too, and one that has ended but was not waited for does not count.
 */
const findMembers = (tree: ProcessTree): readonly number[] => {
  if (process.platform === 'linux') return linuxMembers(tree);
  const target = process.platform === 'win32' ? tree.pid : -tree.pid;
  try {
    process.kill(target, 0);
    return [target];
  } catch {
    return [];
  }
};

const linuxMembers = ({ pid, mark }: ProcessTree): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((name) => isMember(name, pid, mark))
    .map(Number);

const isMember = (name: string, group: number, mark: string): boolean => {
  // `pid (command) state parent group …`; the command may hold spaces and brackets.
  const stat = readProc(name, 'stat');
  const [state, , groupId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || state === 'Z' || state === 'X' || state === '') return false;
  if (groupId === String(group)) return true;
  return readProc(name, 'environ').split('\0').includes(mark);
};

/** Empty for a process that has ended, or is another user's. */
const readProc = (pid: string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
