/**
 * When a message is sent again while its outcome is unknown: the plan that AlipayHK documents for
 * the points programme.
 */
export interface RetryPlan {
  /** Pauses before the second and further attempts of a call, milliseconds; default 3 of 2000. */
  readonly pausesMs: readonly number[];
  /** Pauses before the attempts that an {@link Outbox} makes later; default 10 and 30 minutes. */
  readonly laterPausesMs: readonly number[];
  /** Multiplies every pause, e.g. 0.05 in tests; default 1. */
  readonly factor: number;
}

export const defaultRetry: RetryPlan = {
  pausesMs: [2000, 2000, 2000],
  laterPausesMs: [600_000, 1_800_000],
  factor: 1,
};

/**
 * The pause after an attempt, counted from 1, or undefined after the last one. It is up to a quarter
 * longer than planned, so that clients that failed together do not retry together.
 * @param random between 0 and 1
 */
export const pauseAfter = (
  attempt: number,
  { pausesMs, laterPausesMs, factor }: RetryPlan,
  random: number,
): number | undefined => {
  const pauseMs = [...pausesMs, ...laterPausesMs][attempt - 1];
  return pauseMs === undefined ? undefined : Math.round(pauseMs * factor * (1 + random / 4));
};
