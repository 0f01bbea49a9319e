/** Between two refusals of wrong tokens there is so much time, all callers together. */
const betweenMs = 200;
/** How long one refusal waits at most, however many wait before it. */
const maxDelayMs = 5000;

/**
 * Slows down guessing: the first wrong token is refused at once, each further one takes its turn.
 * Who has the right one is never kept waiting.
 * @param monotonicNow milliseconds on a steady clock
 * @returns how long the next refusal has to wait, milliseconds
 */
export const createTokenThrottle = (monotonicNow: () => number): (() => number) => {
  let nextTurn = -Infinity;
  return () => {
    const now = monotonicNow();
    const turn = Math.min(Math.max(now, nextTurn), now + maxDelayMs);
    nextTurn = turn + betweenMs;
    return turn - now;
  };
};
