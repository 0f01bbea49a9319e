import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { withPinnedCores } from '../machine/cores.ts';
import { startChild, stopChild } from '../process/children.ts';
import { freePort } from '../process/free-port.ts';
import { processTree } from '../process/process-figures.ts';

/**
 * How a server is started on a port: the arguments of a Node, so that the process id is the
 * server's own.
 */
export interface ServerRecipe {
  readonly name: string;
  /** @param folder empty, the server's own */
  readonly args: (port: number, folder: string) => readonly string[] | Promise<readonly string[]>;
  /** Messages can be sent to the process. */
  readonly hasChannel?: boolean;
}

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly process: ChildProcess;
  /** performance.now() of the moment before its process was started. */
  readonly startedAt: number;
  stop(): Promise<void>;
}

const longestStartMs = 120_000;

/**
 * Starts a server and waits until its port takes connections. Its log goes nowhere, as to
 * /dev/null.
 */
export const startServer = async (
  recipe: ServerRecipe,
  cores: readonly number[],
  folder: string,
): Promise<RunningServer> => {
  const port = await freePort();
  const { command, args } = withPinnedCores(
    cores,
    process.execPath,
    await recipe.args(port, folder),
  );
  const startedAt = performance.now();
  const child = startChild(command, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', ...(recipe.hasChannel === true ? ['ipc' as const] : [])],
    env: environment,
  });
  const standardError = collectStandardError(child);
  while (!(await accepts(port))) {
    const gone = child.exitCode ?? child.signalCode;
    if (gone === null && performance.now() - startedAt < longestStartMs) {
      await wait(2);
      continue;
    }
    await stopServer(child);
    throw new Error(
      `${recipe.name} did not start${gone === null ? ' in time' : ` (${gone})`}: ` +
        standardError().trim(),
    );
  }
  return { pid: child.pid, port, process: child, startedAt, stop: () => stopServer(child) };
};

/**
 * Nothing of this machine's settings reaches the servers, and none of them asks the network for
 * updates.
 */
const environment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  NO_UPDATE_NOTIFIER: '1',
};

/** With the processes it may have started, which are asked for before their parent is gone. */
const stopServer = async (child: ChildProcess & { readonly pid: number }): Promise<void> => {
  const offspring = processTree(child.pid).filter((pid) => pid !== child.pid);
  await stopChild(child);
  for (const pid of offspring) endProcess(pid);
};

const endProcess = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
};

const collectStandardError = ({ stderr }: ChildProcess): (() => string) => {
  let words = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-1000);
  });
  return () => words;
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
