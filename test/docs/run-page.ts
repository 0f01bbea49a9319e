import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Block, fileOf, isCommand } from './read-page.ts';

export interface PageRun {
  /** An empty folder, or one with the package installed. */
  readonly folder: string;
  /** The packed package: what `npm install alipayhk-mock` becomes. */
  readonly tarball: string;
  /** Whether `npx`, which takes a second to find what is installed, is spared. */
  readonly quick?: boolean;
  readonly report?: (line: string) => void;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Does what a page says, block by block: writes its files, runs its commands, compares its outputs.
 * Throws at the first that differs.
 */
export const runPage = async (
  blocks: readonly Block[],
  { folder, tarball, quick = false, report = () => {}, env = {} }: PageRun,
): Promise<void> => {
  const ports = await freePorts();
  const translate = translator(tarball, ports, quick);
  const surroundings = { folder, env: { ...environment(ports.get('8852') ?? ''), ...env } };
  const running: ChildProcess[] = [];
  let last: Ran = { code: 0, output: '' };
  try {
    for (const block of blocks.filter(({ notRun }) => notRun === undefined)) {
      const at = `${block.page}:${block.line}`;
      const file = fileOf(block);
      const text = translate(block.text);
      if (file !== undefined) writeFile(join(folder, file), text);
      if (isCommand(block)) {
        report(`${at}\n${text.replaceAll(/^/gm, '  $ ')}`);
        if (block.words.includes('background'))
          running.push(await inBackground(text, surroundings, at));
        else last = await run(text, surroundings, at, block.words.includes('fails'));
      }
      if (block.words.includes('output')) compare(at, text, last.output);
    }
  } finally {
    await Promise.all(running.map(stop));
  }
};

/** The ports that pages speak of, each with a free one to take its place. */
const freePorts = async (): Promise<ReadonlyMap<string, string>> =>
  new Map(
    await Promise.all(
      ['8852', '8853', '8862'].map(async (port) => [port, await freePort()] as const),
    ),
  );

/** Ports of the page become free ones, and the package's name in `npm install` the packed file. */
const translator =
  (tarball: string, ports: ReadonlyMap<string, string>, quick: boolean) =>
  (text: string): string =>
    text
      .replaceAll(/\b\d{4}\b/g, (port) => ports.get(port) ?? port)
      .replaceAll(
        'npx alipayhk-mock',
        quick ? 'node_modules/.bin/alipayhk-mock' : 'npx alipayhk-mock',
      )
      .replaceAll(/(npm install [^\n]*)\balipayhk-mock\b(@[\w.-]+)?/g, `$1${tarball}`);

const freePort = (): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(String(typeof address === 'object' ? address?.port : 0)));
    });
  });

const writeFile = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
};

/**
 * Nothing of the surroundings but the path, nothing from the network, and a free port as the
 * default.
 */
const environment = (port: string): NodeJS.ProcessEnv => ({
  ALIPAYHK_MOCK_PORT: port,
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  TMPDIR: tmpdir(),
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
});

interface Surroundings {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

const start = (text: string, { folder, env }: Surroundings): ChildProcess =>
  spawn('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const outputOf = (child: ChildProcess): { text: string } => {
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output.text += text;
    });
  return output;
};

/** A command that waits for what never comes must not outlive its test. */
const limitMs = 200_000;

const run = async (
  text: string,
  surroundings: Surroundings,
  at: string,
  mustFail: boolean,
): Promise<Ran> => {
  const child = start(text, surroundings);
  const output = outputOf(child);
  const overdue = setTimeout(() => endGroup(child), limitMs);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(overdue);
  if ((code === 0) === mustFail)
    throw new Error(`${at}: ended with ${code}\n${text}\n${output.text}`);
  return { code, output: output.text };
};

/** Waits for the line that says it is ready. */
const inBackground = (
  text: string,
  surroundings: Surroundings,
  at: string,
): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = start(text, surroundings);
    const output = outputOf(child);
    child.stdout?.on('data', () => {
      if (output.text.includes('ready on http://')) resolve(child);
    });
    child.on('close', (code) =>
      reject(new Error(`${at}: ended with ${code} before it was ready\n${output.text}`)),
    );
  });

/** Ends a block with everything that it started. */
const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.pid === undefined) return resolve();
    child.on('close', () => resolve());
    endGroup(child);
  });

const endGroup = ({ pid }: ChildProcess): void => {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM');
};

/** Every line that the page shows must have come, in this order; `…` stands for anything. */
const compare = (at: string, shown: string, output: string): void => {
  const came = output.split('\n').map((line) => line.trim());
  let from = 0;
  for (const line of shown.split('\n').map((text) => text.trim())) {
    if (line === '' || line === '…') continue;
    const pattern = new RegExp(`^${line.split('…').map(escapePattern).join('.*')}$`);
    const found = came.findIndex((candidate, index) => index >= from && pattern.test(candidate));
    if (found < 0)
      throw new Error(
        `${at}: the page shows this line, which did not come:\n  ${line}\nWhat came:\n${output}`,
      );
    from = found + 1;
  }
};

const escapePattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
