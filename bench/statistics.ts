/** A figure that was measured several times. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @param share 0.5 for the median, 0.99 for p99; nearest rank. NaN of nothing. */
export const percentile = (numbers: Iterable<number>, share: number): number => {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

export const median = (numbers: Iterable<number>): number => {
  const sorted = Float64Array.from(numbers).sort();
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

/** undefined of nothing: what was not measured has no figure. */
export const toSpread = (numbers: readonly number[]): Spread | undefined => {
  const known = numbers.filter((number) => Number.isFinite(number));
  return known.length === 0
    ? undefined
    : { median: median(known), min: Math.min(...known), max: Math.max(...known) };
};
