/** How often a request is sent while its outcome is unknown, and the pauses in between. */
export interface RetryPlan {
  /** Including the first one; default 5. */
  readonly attempts: number;
  /** Pause before the second attempt, milliseconds; default 200. */
  readonly firstDelayMs: number;
  /** Ratio of each pause to the one before; default 2. */
  readonly factor: number;
  /** Longest pause, milliseconds; default 10 000. */
  readonly maxDelayMs: number;
}

export const defaultRetry: RetryPlan = {
  attempts: 5,
  firstDelayMs: 200,
  factor: 2,
  maxDelayMs: 10_000,
};

/**
 * The pause after an attempt, counted from 1: exponential, capped, and between half and all of that
 * at random, so that clients that failed together do not retry together.
 * @param random between 0 and 1
 */
export const delayAfter = (
  attempt: number,
  { firstDelayMs, factor, maxDelayMs }: RetryPlan,
  random: number,
): number => {
  const cap = Math.min(firstDelayMs * factor ** (attempt - 1), maxDelayMs);
  return Math.round(cap * (0.5 + random / 2));
};
