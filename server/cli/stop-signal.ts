/**
 * Waits for the first SIGTERM or SIGINT, or the end of npm's shell. From then on a signal ends the
 * process immediately.
 * @returns what asked for the stop
 */
export const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    const onSignal = (reason: string): void => {
      stopWatching();
      resolve(reason);
      process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
      for (const name of ['SIGTERM', 'SIGINT'] as const)
        process.once(name, () => process.exit(name === 'SIGINT' ? 130 : 143));
    };
    const stopWatching = onWrapperExit(() => onSignal('npm has ended'));
    process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
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
