import { writeTimestamp } from '../timestamps.ts';

/**
 * When a key version serves: from that moment on, and until that moment (milliseconds since 1970).
 * An absent end is open.
 */
export interface Validity {
  readonly from?: number;
  readonly until?: number;
}

export type LifeState = 'not yet active' | 'active' | 'retired';

export const always: Validity = {};

export const lifeState = (
  { from = -Infinity, until = Infinity }: Validity,
  at: number,
): LifeState => {
  if (at < from) return 'not yet active';
  return at < until ? 'active' : 'retired';
};

/** As a half-sentence: `was retired at 2026-08-01T00:00:00+08:00`. */
export const tellLife = (life: Validity, at: number): string => {
  const { from, until } = life;
  const tellings: Record<LifeState, string> = {
    'not yet active': `is not active before ${from === undefined ? '?' : writeTimestamp(from)}`,
    active: until === undefined ? 'is active' : `is active until ${writeTimestamp(until)}`,
    retired: `was retired at ${until === undefined ? '?' : writeTimestamp(until)}`,
  };
  return tellings[lifeState(life, at)];
};

/**
 * The first moment, from `at` on, at which none of these lives is active; undefined when there is
 * none.
 */
export const firstGap = (lives: readonly Validity[], at: number): number | undefined => {
  const ends = lives
    .filter((life) => lifeState(life, at) === 'active')
    .map(({ until = Infinity }) => until);
  const end = Math.max(-Infinity, ...ends);
  if (end === Infinity) return undefined;
  return ends.length === 0 ? at : firstGap(lives, end);
};
