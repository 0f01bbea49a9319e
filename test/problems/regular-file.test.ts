import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFolder, readRegularFile } from '../../server/problems/read-file.ts';
import { runBundle } from '../run-bundle.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'special-files-'));

const fifo = (...path: readonly string[]): string => {
  const file = join(...path);
  mkdirSync(join(file, '..'), { recursive: true });
  execFileSync('mkfifo', [file]);
  return file;
};

describe('a file that is not a regular one', () => {
  test('is read neither as a FIFO, nor as a socket, a device or a directory', async () => {
    const folder = newFolder();
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    expect(() => readRegularFile(fifo(folder, 'fifo'))).toThrow('it is a FIFO, not a regular file');
    expect(() => readRegularFile(socket)).toThrow('it is a socket, not a regular file');
    expect(() => readRegularFile('/dev/zero')).toThrow('it is a device, not a regular file');
    expect(() => readRegularFile(folder)).toThrow('it is a directory, not a regular file');
    writeFileSync(join(folder, 'file'), 'text');
    expect(readRegularFile(join(folder, 'file')).toString()).toBe('text');
  });
});

describe('a folder', () => {
  test('is made with those above it', () => {
    const folder = join(newFolder(), 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  test.runIf(process.platform === 'linux')('is refused where there can be none', () => {
    expect(() => makeFolder('/proc/x')).toThrow(/ENOENT/);
    expect(() => makeFolder('/proc/x/y/z')).toThrow(/ENOENT/);
    expect(() => makeFolder('/dev/null')).toThrow('/dev/null is not a directory');
    expect(() => makeFolder('/dev/null/x')).toThrow(/is not a directory|ENOTDIR/);
  });
});

// In a process of its own: one that waits for a FIFO can be ended only from outside.
const startWith = async (args: readonly string[]): Promise<string> => {
  const options = { cwd: newFolder(), killAfterMs: 30_000 };
  const { code, stdout, stderr } = await runBundle(['serve', '--port', '0', ...args], options)
    .finished;
  return `${code}: ${stdout}${stderr}`;
};

describe.runIf(process.platform === 'linux')('a start', () => {
  test.each([
    [
      'a FIFO among the scenarios',
      () => ['--scenarios-dir', join(fifo(newFolder(), 'a.yaml'), '..')],
      /a\.yaml.*it is a FIFO/,
    ],
    [
      'a FIFO among the keys',
      () => ['--keys', join(fifo(newFolder(), 'platform', 'v1.private.pem'), '..', '..')],
      /v1\.private\.pem.*it is a FIFO/,
    ],
    [
      'a FIFO as config file',
      () => ['--config', fifo(newFolder(), 'c.yaml')],
      /c\.yaml.*it is a FIFO/,
    ],
    [
      'a FIFO as contract',
      () => ['--contract', fifo(newFolder(), 'c.yaml')],
      /c\.yaml.*it is a FIFO/,
    ],
    ['a FIFO as certificate', () => tls(fifo(newFolder(), 'cert.pem')), /cert\.pem.*it is a FIFO/],
    [
      'a FIFO as data folder',
      () => ['--data', fifo(newFolder(), 'data')],
      /data: cannot be used.*is not a directory/,
    ],
    [
      'a FIFO as lock',
      () => ['--data', join(fifo(newFolder(), 'lock'), '..')],
      /lock: cannot be used: it is a FIFO/,
    ],
    [
      'a FIFO as snapshot',
      () => ['--data', join(fifo(newFolder(), 'state.log'), '..')],
      /state\.log: cannot be used: it is a FIFO/,
    ],
    ['a data folder below /proc', () => ['--data', '/proc/x'], /\/proc\/x: cannot be used: ENOENT/],
    [
      'a data folder deep below /proc',
      () => ['--data', '/proc/x/y'],
      /\/proc\/x\/y: cannot be used: ENOENT/,
    ],
  ])(
    'with %s is refused at once',
    async (_name, argsOf, said) => {
      const result = await startWith(argsOf());
      expect(result).toMatch(said);
      expect(result).toMatch(/^[1-9]\d*: /);
    },
    60_000,
  );
});

const tls = (file: string): string[] => [
  '--https-port',
  '0',
  '--tls-cert',
  file,
  '--tls-key',
  file,
];
