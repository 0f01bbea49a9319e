import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';

const main = join(packageRoot, 'dist', 'main.cjs');
const inChild = (code: string): string[] => ['exec', '--', 'sh', '-c', code];

/** Runs the command line on so many processors. */
const onProcessors = (
  list: string,
  args: readonly string[],
  env: Record<string, string> = {},
): string =>
  spawnSync('taskset', ['-c', list, process.execPath, main, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...env },
  }).stdout;

const canPin =
  spawnSync('taskset', ['-c', '0,1', 'true']).status === 0 && existsSync('/proc/self/task');

/** How many threads the simulator has while a command runs beside it, which is its child. */
const threads = (env: Record<string, string> = {}): number =>
  Number(onProcessors('0,1', inChild('ls /proc/$PPID/task | wc -l'), env));

test.runIf(canPin)(
  'on two processors the pool has two threads, unless somebody has said otherwise',
  () => {
    const [fitted, four, two] = [
      threads(),
      threads({ UV_THREADPOOL_SIZE: '4' }),
      threads({ UV_THREADPOOL_SIZE: '2' }),
    ];
    expect({ fitted, more: four - two }).toEqual({ fitted: two, more: 2 });
  },
);

test.runIf(canPin)('what is started from there has its own pool', () => {
  expect(onProcessors('0,1', inChild('echo "[$UV_THREADPOOL_SIZE]"')).trim()).toBe('[]');
  expect(
    onProcessors('0,1', inChild('echo "[$UV_THREADPOOL_SIZE]"'), {
      UV_THREADPOOL_SIZE: '7',
    }).trim(),
  ).toBe('[7]');
});
