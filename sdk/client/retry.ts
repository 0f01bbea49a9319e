/** How often, and with what pauses, a request is sent again while its outcome is unknown. */
export interface RetryPlan {
  /** Including the first one. */
  readonly attempts: number;
  /** Before the second attempt, milliseconds. */
  readonly firstDelayMs: number;
  /** Each pause is so many times the one before. */
  readonly factor: number;
  readonly maxDelayMs: number;
}

export const defaultRetry: RetryPlan = {
  attempts: 5,
  firstDelayMs: 200,
  factor: 2,
  maxDelayMs: 10_000,
};

/**
 * The pause after an attempt (the first is 1): growing, capped, and somewhere between half of that
 * and all of it, so that clients that failed together do not come back together.
 * @param chance between 0 and 1
 */
export const delayAfter = (
  attempt: number,
  { firstDelayMs, factor, maxDelayMs }: RetryPlan,
  chance: number,
): number => {
  const full = Math.min(firstDelayMs * factor ** (attempt - 1), maxDelayMs);
  return Math.round(full * (0.5 + chance / 2));
};
