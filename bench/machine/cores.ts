import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Which cores the load generator and the servers are pinned to. An empty list: not pinned. */
export interface CorePlan {
  readonly load: readonly number[];
  readonly one: readonly number[];
  readonly all: readonly number[];
}

/**
 * The load generator has the first core. One-core rows run on the second; two-core rows on the two
 * after the first where there are three or more, else on both, beside the load generator.
 */
export const planCores = (): CorePlan => {
  const cores = canPin() ? allowedCores() : [];
  const [first, second, third] = cores;
  if (first === undefined || second === undefined) return { load: [], one: [], all: [] };
  return {
    load: [first],
    one: [second],
    all: third === undefined ? [first, second] : [second, third],
  };
};

/**
 * The command line that runs a program on those cores. The process keeps its id: taskset replaces
 * itself.
 */
export const withPinnedCores = (
  cores: readonly number[],
  command: string,
  args: readonly string[],
): { command: string; args: readonly string[] } =>
  cores.length === 0
    ? { command, args }
    : { command: 'taskset', args: ['-c', cores.join(','), command, ...args] };

const canPin = (): boolean => {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The cores this process may use, e.g. `0-1,4`. */
const allowedCores = (): number[] => {
  try {
    const list =
      /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    return list.split(',').flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return from === undefined || to === undefined
        ? []
        : Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
  } catch {
    return [];
  }
};
