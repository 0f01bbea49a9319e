import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminAccessProblem } from '../admin/guard.ts';
import { ListenError } from '../problems/problem.ts';

/**
 * Waits for the first SIGTERM or SIGINT, or the end of npm's shell. From then on a signal ends the
 * process immediately.
 * @returns the signal's name, or that npm has ended
 */
export const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    let isStopping = false;
    const stop = (reason: string): void => {
      isStopping = true;
      stopWatching();
      resolve(reason);
    };
    const stopWatching = onWrapperExit(() => stop('npm has ended'));
    // One listener for each signal, for good: Deno calls a listener that is added while a signal
    // is handled for that signal too.
    for (const [name, exitCode] of [['SIGTERM', 143] as const, ['SIGINT', 130] as const])
      process.on(name, () => {
        if (isStopping) process.exit(exitCode);
        stop(name);
      });
  });

const pollMs = 200;

/**
 * Calls back once when the shell that npm or npx runs this command in ends. Such a shell exits on
 * SIGTERM and SIGINT without forwarding them, and would leave a server that keeps its port.
 * @returns a function that stops watching
 */
export const onWrapperExit = (
  callback: () => void,
  env: NodeJS.ProcessEnv = process.env,
): (() => void) => {
  if (!isWrapped(env)) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, pollMs).unref();
  return () => clearInterval(timer);
};

/**
 * npm, npx, pnpm and yarn pass the script's text in the environment. A script that starts the
 * simulator in the background, or through another program, may want it to outlive the shell.
 */
const isWrapped = ({ npm_lifecycle_script: script = '' }: NodeJS.ProcessEnv): boolean =>
  /alipayhk-mock|main\.cjs/.test(script) && !/(?<![&>])&(?![&>\d])/.test(script);

/**
 * Listens on this machine's loopback address, for programs of this machine.
 * @returns the address, or why the port of `--listen` cannot be listened on
 */
export const listenLocally = async (
  server: Server,
  port: number,
): Promise<string | ListenError> => {
  const error = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  if (error !== undefined)
    return new ListenError(error, { host: '127.0.0.1', port, hostSetting: '', portSetting: '' });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Why a request is refused, e.g. one of a web page of another site; undefined accepts it. */
export const localAccessProblem = (req: IncomingMessage, whatItIs: string): string | undefined =>
  adminAccessProblem(req, { onLoopback: true, token: undefined })?.replace(
    'the admin API',
    whatItIs,
  );
