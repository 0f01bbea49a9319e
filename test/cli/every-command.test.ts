import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../server/cli/input-output.ts';
import { createProgram } from '../../server/cli/program.ts';
import { flagName, settingRows } from '../../server/domain/settings/settings-table.ts';
import { type CliRun, runCli } from './run-cli.ts';

/** The commands come from the program itself, so a new one is covered without a change here. */
const commandsBelow = (command: Command, path: readonly string[] = []): readonly NamedCommand[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap((child) => commandsBelow(child, [...path, child.name()]));

interface NamedCommand {
  readonly path: readonly string[];
  readonly command: Command;
}

const commands = commandsBelow(await createProgram(() => {}));
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'every-command-'));
const binary = join(folder, 'binary');
const listeners: (Server | ReturnType<typeof createTcpServer>)[] = [];
const addresses = { dead: 'http://127.0.0.1:9', rubbish: '', hangsUp: '', json: '' };
let busyPort = '';

const listen = async (server: (typeof listeners)[number]): Promise<string> => {
  listeners.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return String((server.address() as AddressInfo).port);
};

beforeAll(async () => {
  // Whatever a command writes for lack of a better place.
  mkdirSync(join(folder, 'work'));
  process.chdir(join(folder, 'work'));
  writeFileSync(binary, Buffer.from([0, 255, 254, 1, 2, 3, 128, 10, 0]));
  const answering = (type: string, body: string) =>
    createServer((_req, res) => void res.setHeader('content-type', type).end(body));
  addresses.rubbish = `http://127.0.0.1:${await listen(answering('text/html', '<html>hello</html>'))}`;
  addresses.json = `http://127.0.0.1:${await listen(answering('application/json', '[1]'))}`;
  const hangsUp = createTcpServer((socket) => socket.on('error', () => {}).destroy());
  addresses.hangsUp = `http://127.0.0.1:${await listen(hangsUp)}`;
  busyPort = await listen(createTcpServer());
});
afterAll(() => {
  process.chdir(home);
  for (const server of listeners) server.close();
});

const has = (command: Command, flag: string): boolean =>
  command.options.some(({ long }) => long === flag);

/**
 * Options with which a command fails soon instead of running on: no simulator answers it, no port
 * is left for it.
 */
const harmless = ({ path, command }: NamedCommand): string[] => [
  ...(has(command, '--url') ? ['--url', addresses.dead] : []),
  ...(['serve', 'exec'].includes(path.join(' ')) ? ['--port', busyPort] : []),
  ...(path.join(' ') === 'proxy' ? ['--target', addresses.dead, '--listen', busyPort] : []),
  ...(path[0] === 'keys' ? ['--keys', binary] : []),
];

const requiredOptions = ({ path, command }: NamedCommand): string[] =>
  command.options
    .filter(({ mandatory, long }) => mandatory && !(path[0] === 'proxy' && long === '--target'))
    .flatMap(({ long, required }) => [long ?? '', ...(required ? ['rubbish'] : [])]);

const placeholders = ({ command }: NamedCommand, value = 'no-such-thing'): string[] =>
  command.registeredArguments.map(() => value);

/** Every way in which a stack, or a piece of the program, has ever looked. */
const expectNoStack = ({ code, stdout, stderr }: CliRun, asked: string): void => {
  const shown = `${asked}\n${stdout}${stderr}`;
  expect(Object.values<number>(exitCodes), shown).toContain(code);
  expect(code, shown).not.toBe(exitCodes.bug);
  for (const trace of [/\n\s+at .*[:(]/, /node:internal/, /run\.cjs:\d/, /\.ts:\d+:\d+\)/])
    expect(shown).not.toMatch(trace);
  for (const raw of [
    /\bTypeError\b/,
    /is not a function/,
    /Cannot read propert/,
    /\[object Object\]/,
  ])
    expect(shown).not.toMatch(raw);
};

const expectMistake = (run: CliRun, asked: string): void => {
  expectNoStack(run, asked);
  expect(run.code, `${asked}\n${run.stdout}${run.stderr}`).not.toBe(exitCodes.ok);
  expect(`${run.stdout}${run.stderr}`, asked).toMatch(/\w/);
};

const runWith = (named: NamedCommand, ...more: readonly string[]): Promise<CliRun> => {
  const { path } = named;
  return runCli(...path, ...harmless(named), ...requiredOptions(named), ...more);
};

const nameOf = ({ path }: NamedCommand): string => path.join(' ');
const settingFlags: ReadonlySet<string> = new Set(settingRows.map((row) => `--${flagName(row)}`));
/** Settings that every command reads a file for. */
const filesRead: ReadonlySet<string> = new Set(['--keys', '--contract', '--scenarios-dir']);
const takesFile = /file|path|folder|dir|out|key|log|data|contract|cert|ca$/i;

test('the list of commands is whole', () => {
  const names = commands.map(nameOf);
  for (const name of ['serve', 'send', 'keys add', 'journal tail', 'completion', 'state import'])
    expect(names).toContain(name);
  expect(names.length).toBeGreaterThan(30);
});

// It reads messages from standard input until that ends: test/cli/mcp.test.ts plays them.
const ending = commands.filter((named) => nameOf(named) !== 'mcp');

describe.each(ending.map((named) => [nameOf(named), named] as const))('%s', (_name, named) => {
  const { command } = named;

  test('an option that does not exist', async () => {
    const run = await runWith(named, '--no-such-option', ...placeholders(named));
    // `exec` hands everything after its command on.
    expectMistake(run, `${nameOf(named)} --no-such-option`);
    expect(run.code).toBe(exitCodes.unusable);
  });

  test.skipIf(command.registeredArguments.every(({ required }) => !required))(
    'an argument is missing',
    async () => {
      const run = await runWith(named);
      expectMistake(run, nameOf(named));
      expect(run.stderr).toMatch(/missing required argument/);
    },
  );

  test.skipIf(command.registeredArguments.some(({ variadic }) => variadic))(
    'one argument too many',
    async () => {
      const run = await runWith(named, ...placeholders(named), 'one-too-many');
      expectMistake(run, `${nameOf(named)} … one-too-many`);
      expect(run.code).toBe(exitCodes.unusable);
    },
  );

  // The settings are the same piece in every command; one command tries them all.
  const isCovered = ({ long }: Option): boolean =>
    !settingFlags.has(long ?? '') || filesRead.has(long ?? '') || nameOf(named) === 'sign';
  const valued = command.options
    .filter(({ required, optional }) => required || optional)
    .filter(isCovered);
  const values = ['%%% rubbish', '-1', '1e999', '99999999999999999999', 'a=b'];
  test.each(valued.map((option): [string, Option] => [option.long ?? option.flags, option]))(
    '%s with a value that is none',
    async (flag) => {
      for (const value of values) {
        const asked = `${nameOf(named)} ${flag}=${JSON.stringify(value)}`;
        expectNoStack(await runWith(named, `${flag}=${value}`, ...placeholders(named)), asked);
      }
      expectMistake(await runCli(...named.path, flag), `${nameOf(named)} ${flag}`);
    },
  );

  const files = valued.filter(({ flags, description }) => takesFile.test(flags + description));
  test.each(files.map(({ long }) => [long ?? '']))('%s with what is no such file', async (flag) => {
    for (const value of [folder, binary, join(folder, 'no', 'such'), join(binary, 'below'), '']) {
      const run = await runWith(named, `${flag}=${value}`, ...placeholders(named));
      expectNoStack(run, `${nameOf(named)} ${flag}=${value}`);
    }
  });

  test.skipIf(command.registeredArguments.length === 0)(
    'arguments that are no such file',
    async () => {
      for (const value of [folder, binary, join(folder, 'no', 'such'), join(binary, 'below'), '']) {
        const run = await runWith(named, ...placeholders(named, value));
        expectNoStack(run, `${nameOf(named)} ${value}`);
      }
    },
  );

  test.skipIf(!has(command, '--url'))(
    'a simulator that is dead, hangs up, or is another program',
    async () => {
      for (const [kind, url] of Object.entries(addresses)) {
        // `--url` only says what to print here.
        if (['curl', 'sign', 'env', 'export', 'verify-response'].includes(nameOf(named))) continue;
        const body = join(folder, 'body.json');
        writeFileSync(body, '{}');
        for (const argument of ['no-such-thing', 'order-sync', body]) {
          const run = await runWith(named, '--url', url, ...placeholders(named, argument));
          expectMistake(run, `${nameOf(named)} ${argument} --url ${kind}`);
        }
      }
      for (const url of [
        '',
        'rubbish',
        'localhost:8852',
        'ftp://127.0.0.1',
        'http://',
        'http://[::1',
      ]) {
        const run = await runCli(...named.path, '--url', url, ...placeholders(named));
        expectMistake(run, `${nameOf(named)} --url ${url}`);
        expect(run.stderr).toContain('--url');
      }
    },
  );
});
