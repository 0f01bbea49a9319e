import { type Applied, apply, type WorldLimits } from '../domain/state/apply.ts';
import { type Ground, RecordMap } from '../domain/state/record-map.ts';
import {
  type Change,
  type Collection,
  collections,
  emptyWorld,
  entityCollections,
  type Holder,
  isVolatile,
  type Records,
  type World,
} from '../domain/state/state.ts';
import { type LogEnd, noLog } from './file/file-header.ts';
import { PackedRecords } from './file/packed-records.ts';
import { type Committed, type HeldRecords, type Outcome, type RecordKey, StoreError } from './store.ts';

/** What lowdb holds. */
export interface State {
  /** All worlds by Client-Id. */
  readonly universe: Map<string, World>;
  /** What the records of all worlds have in common. */
  readonly ground: Ground & { readonly shelf: PackedRecords };
  /** The last of the change logs that `universe` contains; later ones are to be replayed over it. */
  covers: LogEnd;
}

export const emptyState = (): State => ({ universe: new Map(), ground: { shelf: new PackedRecords(), bytes: 0 }, covers: noLog });

export const keptCollections = collections.filter((name) => !isVolatile(name));

export const worldOf = ({ universe, ground }: Pick<State, 'universe' | 'ground'>, clientId: string): World => {
  const known = universe.get(clientId);
  if (known !== undefined) return known;
  const world = emptyWorld(ground);
  universe.set(clientId, world);
  return world;
};

export const forgetWorld = ({ universe }: Pick<State, 'universe'>, clientId: string): void => {
  const world = universe.get(clientId);
  universe.delete(clientId);
  if (world !== undefined) clearWorld(world);
};

/** Releases what the records of a world take, once none of them is needed again. */
export const clearWorld = (world: World): void => {
  for (const name of keptCollections) {
    const records = world[name];
    if (records instanceof RecordMap) records.clear();
  }
};

/**
 * Decides and applies in one synchronous step.
 * @throws StoreError when there is no room for what is new; then nothing has changed.
 */
export const transactIn = <T extends Outcome>(
  state: State,
  clientId: string,
  keys: readonly RecordKey[],
  decide: (held: HeldRecords) => T,
  limits: WorldLimits,
): Committed<T> & Applied => {
  const world = worldOf(state, clientId);
  const outcome = decide(heldRecords(world, keys));
  if (state.ground.bytes >= limits.bytes && outcome.changes.some((change) => isNew(world, change))) throw fullState(state, limits);
  return { outcome, ...apply(world, outcome.changes, limits) };
};

/** A request id is not: every update brings one, and `idempotency.max` bounds them. */
const isNew = (world: World, { collection, id, value }: Change): boolean =>
  value !== null && entityCollections.some((name) => name === collection) && !world[collection].has(id);

const fullState = ({ ground }: State, { bytes }: WorldLimits): StoreError =>
  new StoreError(
    `nothing new can be kept: what is held takes about ${inMegabytes(ground.bytes)} MB, and limits.stateBytes allows ${inMegabytes(bytes)} MB. Drop or reset clients, or raise the limit (and Node's --max-old-space-size with it). Updates of what is held are still accepted.`,
  );

const inMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const heldRecords = (world: World, keys: readonly RecordKey[]): HeldRecords => ({
  get: <C extends Collection>(collection: C, id: string): Records[C] | undefined => {
    if (!keys.some((key) => key.collection === collection && key.id === id))
      throw new Error(`the decision reads ${collection} ${id} without having named it`);
    // A collection holds records of its own kind, which the compiler cannot follow through the name.
    return (world[collection] as Holder<Records[C]>).get(id);
  },
});
