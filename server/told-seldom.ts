const quietMs = 10_000;

/** Passes each sentence on once, and then again after ten seconds at the earliest, with how often it was left out: a flood must not flood the log. */
export const toldSeldom = (
  tell: (sentence: string) => void,
  steadyNow: () => number = () => performance.now(),
): ((sentence: string) => void) => {
  const told = new Map<string, { at: number; leftOut: number }>();
  return (sentence) => {
    const before = told.get(sentence);
    const now = steadyNow();
    if (before !== undefined && now - before.at < quietMs) before.leftOut++;
    else {
      told.set(sentence, { at: now, leftOut: 0 });
      tell(before === undefined || before.leftOut === 0 ? sentence : `${sentence}; ${before.leftOut} times more since it was last told`);
    }
  };
};
