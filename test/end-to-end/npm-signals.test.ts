import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';

/**
 * A project that has the package installed; its start script is the package's own, without the
 * build.
 */
const newProject = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'npm-signals-'));
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const start = scripts.start.replace('npm run --silent build', 'true');
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'shop', version: '1.0.0', scripts: { start, mock: 'alipayhk-mock' } }),
  );
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(join(packageRoot, 'dist'), join(folder, 'dist'));
  symlinkSync(packageRoot, join(folder, 'node_modules', 'alipayhk-mock'));
  const bin = join(folder, 'node_modules', '.bin', 'alipayhk-mock');
  symlinkSync(join(packageRoot, 'dist', 'main.cjs'), bin);
  return folder;
};

const readyPort = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const port = /ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    child.once('exit', () => reject(new Error(`ended before it was ready: ${output}`)));
  });

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const stopsListening = (port: number): Promise<void> =>
  expect.poll(() => isListening(port), { timeout: 10_000 }).toBe(false);

const commands: readonly (readonly string[])[] = [
  ['npm', 'start', '--', '--port', '0'],
  ['npm', 'run', 'mock', '--', '--port', '0'],
  ['npx', 'alipayhk-mock', '--port', '0'],
];

test.each(commands)('SIGTERM to %s %s ends the server and frees its port', async (...words) => {
  const [command = '', ...args] = words;
  // A group of its own, so that whatever is left can be ended.
  const options: SpawnOptions = {
    cwd: newProject(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const child = spawn(command, args, options);
  try {
    const port = await readyPort(child);
    expect(await isListening(port)).toBe(true);
    child.kill('SIGTERM');
    await stopsListening(port);
  } finally {
    endGroup(child);
  }
});

test('SIGINT to the whole group, as a terminal sends it, ends the server', async () => {
  const options: SpawnOptions = {
    cwd: newProject(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const child = spawn('npx', ['alipayhk-mock', '--port', '0'], options);
  try {
    const port = await readyPort(child);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await stopsListening(port);
  } finally {
    endGroup(child);
  }
});

const endGroup = ({ pid }: ChildProcess): void => {
  try {
    process.kill(-(pid ?? 0), 'SIGKILL');
  } catch {
    // Nothing of it is left, as it should be.
  }
};
