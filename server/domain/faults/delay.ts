/** How long an answer waits: a number of milliseconds, or a random one. */
export type Delay = number | EvenDelay | SkewedDelay;

/** Every whole number between them is as likely. */
interface EvenDelay {
  readonly from: number;
  readonly to: number;
}

/** Log-normal, as answer times are: half of them below the median, a few far above it. */
interface SkewedDelay {
  readonly median: number;
  readonly sigma: number;
}

export const longestDelayMs = 600_000;

/**
 * @param seed whatever the choice depends on; the same text chooses the same delay, on every
 * machine
 */
export const sampleDelay = (delay: Delay, seed: string): number => {
  if (typeof delay === 'number') return delay;
  const random = mulberry32(hash(seed));
  if ('from' in delay) return delay.from + Math.floor(random() * (delay.to - delay.from + 1));
  return Math.min(
    longestDelayMs,
    Math.round(delay.median * Math.exp(delay.sigma * normal(random))),
  );
};

/** A small generator of even numbers in [0, 1); enough for delays, of no use for secrets. */
export const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** FNV-1a, 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
};

/** Box and Muller's way from two even numbers to a normal one. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
