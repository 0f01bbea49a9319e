import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval as poll } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Redis or Valkey of this machine; undefined where neither is installed. */
export const engineProgram = ['redis-server', 'valkey-server'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

export interface TestEngine {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** What redis-cli prints. */
  cli(...args: readonly string[]): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Starts it again on the same port and folder, once it has ended. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Starts an engine on a free port, in a folder of its own. */
export const startEngine = async (options: readonly string[] = []): Promise<TestEngine> => {
  const program = engineProgram ?? 'redis-server';
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-engine-'));
  const isCluster = options.includes('--cluster-enabled');
  const bus = isCluster ? ['--cluster-port', String(await freePort())] : [];
  const cli = async (...args: readonly string[]): Promise<string> =>
    (await run('redis-cli', ['-p', String(port), ...args])).stdout.trim();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const started = spawn(program, [...fixed, ...bus, ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = started;
    // Scripts use this too, so it rests on nothing of vitest.
    await new Promise<void>((resolve, reject) => {
      let log = '';
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        log = `${log}${text}`.slice(-10_000);
        if (log.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', (code) =>
        reject(new Error(`${program} on ${port} has ended with ${code}: ${log}`)),
      );
    });
  };
  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child?.pid ?? 0;
    },
    cli,
    kill: (signal) => void child?.kill(signal),
    restart: async () => {
      await ended();
      await start();
    },
    stop: async () => {
      child?.kill('SIGKILL');
      await ended();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export interface TestCluster {
  readonly nodes: readonly TestEngine[];
  readonly url: string;
  stop(): Promise<void>;
}

/** Three nodes that share all slots. */
export const startCluster = async (): Promise<TestCluster> => {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes = await Promise.all([0, 1, 2].map(() => startEngine(options)));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  const isComplete = async (): Promise<boolean> =>
    (await Promise.all(nodes.map((node) => node.cli('cluster', 'info')))).every(
      (info) => info.includes('cluster_state:ok') && info.includes('cluster_size:3'),
    );
  for await (const _ of poll(50)) if (await isComplete()) break;
  return {
    nodes,
    url: `redis://${addresses.join(',')}?cluster=true`,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
};
