const quietMs = 10_000;

/**
 * Passes each sentence on once, and then again after ten seconds at the earliest, with how often it
 * was left out: a flood must not flood the log. When the flood is over, what was left out of it is
 * still told.
 */
export const throttleRepeats = (
  tell: (sentence: string) => void,
  steadyNow: () => number = () => performance.now(),
): ((sentence: string) => void) => {
  const told = new Map<string, { at: number; leftOut: number; timer?: NodeJS.Timeout }>();
  const tellNow = (sentence: string, leftOut: number): void => {
    clearTimeout(told.get(sentence)?.timer);
    told.set(sentence, { at: steadyNow(), leftOut: 0 });
    tell(leftOut === 0 ? sentence : `${sentence}; ${leftOut} times more since it was last told`);
  };
  return (sentence) => {
    const before = told.get(sentence);
    if (before === undefined || steadyNow() - before.at >= quietMs)
      return tellNow(sentence, before?.leftOut ?? 0);
    before.leftOut++;
    before.timer ??= setTimeout(() => tellNow(sentence, before.leftOut), quietMs).unref();
  };
};
