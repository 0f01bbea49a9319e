/**
 * Waits for the first SIGTERM or SIGINT, or the end of npm's shell. From then on a signal ends the
 * process immediately.
 * @returns what asked for the stop
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
 * Calls back once when the shell that npm or npx has put around this command ends. Such a shell
 * dies of SIGTERM and SIGINT without passing them on, which would leave a server behind that holds
 * its port.
 * @returns stops watching
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
 * npm, npx, pnpm and yarn leave the script's text in the environment. A script that starts the
 * simulator in the background, or through another program, may mean it to go on after the shell.
 */
const isWrapped = ({ npm_lifecycle_script: script = '' }: NodeJS.ProcessEnv): boolean =>
  /alipayhk-mock|main\.cjs/.test(script) && !/(?<![&>])&(?![&>\d])/.test(script);
