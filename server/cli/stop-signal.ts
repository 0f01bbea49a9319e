import { onWrapperExit } from './wrapper-exit.ts';

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
