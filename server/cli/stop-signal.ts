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
