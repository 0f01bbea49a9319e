import { apply, type WorldLimits } from '../world/apply.ts';
import { type Change, type Collection, emptyWorld, type Records, type World } from '../world/state.ts';
import type { Committed, HeldRecords, Outcome, RecordKey } from './store.ts';

/** All worlds by Client-Id. */
export type Universe = Map<string, World>;

/** What lowdb holds. */
export interface State {
  readonly universe: Universe;
  /** The change logs up to this number are contained in `universe`; later ones are to be replayed over it. */
  coversLog: number;
}

export const emptyState = (): State => ({ universe: new Map(), coversLog: 0 });

export const worldOf = (universe: Universe, clientId: string): World => {
  const known = universe.get(clientId);
  if (known !== undefined) return known;
  const world = emptyWorld();
  universe.set(clientId, world);
  return world;
};

/** Decides and applies in one synchronous step. */
export const transactIn = <T extends Outcome>(
  world: World,
  keys: readonly RecordKey[],
  decide: (held: HeldRecords) => T,
  limits: WorldLimits,
): Committed<T> => {
  const outcome = decide(heldRecords(world, keys));
  return { outcome, forgotten: applyAll(world, outcome.changes, limits) };
};

export const applyAll = (world: World, changes: readonly Change[], limits: WorldLimits): number =>
  changes.reduce((forgotten, change) => forgotten + apply(world, change, limits), 0);

const heldRecords = (world: World, keys: readonly RecordKey[]): HeldRecords => ({
  get: <C extends Collection>(collection: C, id: string): Records[C] | undefined => {
    if (!keys.some((key) => key.collection === collection && key.id === id))
      throw new Error(`the decision reads ${collection} ${id} without having named it`);
    return world[collection].get(id);
  },
});
