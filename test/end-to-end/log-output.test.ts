import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { rawCall } from '../raw-call.ts';
import { runBundle } from '../run-bundle.ts';

const main = join(packageRoot, 'dist', 'main.cjs');
const hasFullDevice = existsSync('/dev/full');

const started: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Runs the command line with a standard output of the test's choice. */
const runWith = (stdout: number | 'pipe', ...args: readonly string[]) => {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', stdout, 'pipe'] });
  started.push(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  return { child, ended, stderr: () => stderr };
};

/** A port that was free a moment ago: without a log there is no line to read it from. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });

const isAnswered = async (url: string): Promise<boolean> => {
  try {
    return (
      (await rawCall(url, { target: '/api/open/nothing', headers: {} })).json['result'] !==
      undefined
    );
  } catch {
    return false;
  }
};

test.skipIf(!hasFullDevice)(
  'a full disk on standard output: reported once, lines dropped and counted, requests answered',
  async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { child, ended, stderr } = runWith(openSync('/dev/full', 'w'), '--port', String(port));
    await expect.poll(() => isAnswered(url), { timeout: 20_000 }).toBe(true);
    for (let n = 0; n < 20; n++) expect(await isAnswered(url)).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(stderr().match(/log lines cannot be written to standard output: ENOSPC/g)).toHaveLength(
      1,
    );
    expect(Number(/warning: (\d+) log lines were dropped/.exec(stderr())?.[1])).toBeGreaterThan(20);
  },
);

test('a pipe that nothing reads: requests are answered, SIGTERM ends the process', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { child, ended, stderr } = runWith('pipe', '--port', String(port));
  child.stdout?.pause();
  await expect.poll(() => isAnswered(url), { timeout: 20_000 }).toBe(true);
  // A pipe takes 64 KiB, the process keeps another MiB, a line has about 300 bytes.
  const flood = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) expect(await isAnswered(url)).toBe(true);
  };
  await Promise.all(Array.from({ length: 10 }, () => flood(600)));
  expect(stderr()).toContain(
    'log lines cannot be written to standard output: its reader has stopped reading',
  );
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 60_000);

test('a reader that has gone: the simulator goes on without a log', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { child, ended, stderr } = runWith('pipe', '--port', String(port));
  await expect.poll(() => isAnswered(url), { timeout: 20_000 }).toBe(true);
  child.stdout?.destroy();
  const reported = async (): Promise<string> => {
    expect(await isAnswered(url)).toBe(true);
    return stderr();
  };
  await expect.poll(reported, { timeout: 10_000 }).toContain('EPIPE');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test.skipIf(!hasFullDevice)(
  'exec --log on a full disk ends with the code of its command',
  async () => {
    const call =
      "fetch(process.env.ALIPAYHK_BASE_URL ?? process.env.ALIPAYHK_ADMIN_URL, {method: 'POST'}).then(() => process.exit(7))";
    const { finished } = runBundle([
      'exec',
      '--log',
      '/dev/full',
      '--',
      process.execPath,
      '-e',
      call,
    ]);
    const { code, stderr } = await finished;
    expect(code).toBe(7);
    expect(stderr).toContain('log lines cannot be written to /dev/full: ENOSPC');
  },
);

test('exec --log writes the log into a folder of its own making', async () => {
  const log = join(mkdtempSync(join(tmpdir(), 'log-')), 'logs', 'mock.log');
  const call =
    "fetch(new URL('/api/open/nothing', process.env.ALIPAYHK_ADMIN_URL), {method: 'POST'}).then(() => process.exit(0))";
  const { code } = await runBundle(['exec', '--log', log, '--', process.execPath, '-e', call])
    .finished;
  expect(code).toBe(0);
  expect(readFileSync(log, 'utf8')).toContain('"code":"INVALID_API"');
});

test('another command whose output cannot be written says so and fails', async () => {
  if (!hasFullDevice) return;
  const { ended, stderr } = runWith(openSync('/dev/full', 'w'), '--help');
  expect(await ended).not.toBe(0);
  expect(stderr()).toContain('standard output cannot be written');
});
