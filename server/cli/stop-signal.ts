/** The first SIGTERM or SIGINT; from then on another one ends the process at once. */
export const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      resolve(signal);
      process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
      for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(name === 'SIGINT' ? 130 : 143));
    };
    process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  });
