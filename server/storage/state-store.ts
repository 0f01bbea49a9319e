import { type Applied, applyChange, type StateLimits } from '../domain/state/apply.ts';
import { RecordMap, type RecordPool } from '../domain/state/record-map.ts';
import {
  type Change,
  type ClientState,
  type Collection,
  collections,
  emptyClientState,
  entityCollections,
  isVolatile,
  type RecordCollection,
  type Records,
} from '../domain/state/state.ts';
import { type LogEnd, noLog } from './file/file-header.ts';
import { PackedRecords } from './file/packed-records.ts';
import {
  type Committed,
  type HeldRecords,
  type RecordKey,
  StoreError,
  type TransactResult,
} from './store.ts';

/** What lowdb holds. */
export interface State {
  /** All worlds by Client-Id. */
  readonly stateByClient: Map<string, ClientState>;
  /** What the records of all worlds have in common. */
  readonly ground: RecordPool & { readonly shelf: PackedRecords };
  /**
   * The last of the change logs that `universe` contains; later ones are to be replayed over it.
   */
  covers: LogEnd;
}

export const emptyState = (): State => ({
  stateByClient: new Map(),
  ground: { shelf: new PackedRecords(), bytes: 0 },
  covers: noLog,
});

export const keptCollections = collections.filter((name) => !isVolatile(name));

export const stateFor = (
  { stateByClient: universe, ground }: Pick<State, 'stateByClient' | 'ground'>,
  clientId: string,
): ClientState => {
  const known = universe.get(clientId);
  if (known !== undefined) return known;
  const world = emptyClientState(ground);
  universe.set(clientId, world);
  return world;
};

export const deleteState = (
  { stateByClient: universe }: Pick<State, 'stateByClient'>,
  clientId: string,
): void => {
  const world = universe.get(clientId);
  universe.delete(clientId);
  if (world !== undefined) clearWorld(world);
};

/** Releases what the records of a world take, once none of them is needed again. */
export const clearWorld = (world: ClientState): void => {
  for (const name of keptCollections) {
    const records = world[name];
    if (records instanceof RecordMap) records.clear();
  }
};

/**
 * Decides and applies in one synchronous step.
 * @throws StoreError when there is no room for what is new; then nothing has changed.
 */
export const transactIn = <T extends TransactResult>(
  state: State,
  clientId: string,
  keys: readonly RecordKey[],
  decide: (held: HeldRecords) => T,
  limits: StateLimits,
): Committed<T> & Applied => {
  const world = stateFor(state, clientId);
  const outcome = decide(heldRecords(world, keys));
  if (state.ground.bytes >= limits.bytes && outcome.changes.some((change) => isNew(world, change)))
    throw fullState(state, limits);
  return { outcome, ...applyChange(world, outcome.changes, limits) };
};

/** A request id is not: every update brings one, and `idempotency.max` bounds them. */
const isNew = (world: ClientState, { collection, id, value }: Change): boolean =>
  value !== null &&
  entityCollections.some((name) => name === collection) &&
  !world[collection].has(id);

const fullState = ({ ground }: State, { bytes }: StateLimits): StoreError =>
  new StoreError(
    `nothing new can be kept: what is held takes about ${inMegabytes(ground.bytes)} MB, and limits.stateBytes allows ${inMegabytes(bytes)} MB. Drop or reset clients, or raise the limit (and Node's --max-old-space-size with it). Updates of what is held are still accepted.`,
  );

const inMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const heldRecords = (world: ClientState, keys: readonly RecordKey[]): HeldRecords => ({
  get: <C extends Collection>(collection: C, id: string): Records[C] | undefined => {
    if (!keys.some((key) => key.collection === collection && key.id === id))
      throw new Error(`the decision reads ${collection} ${id} without having named it`);
    // A collection holds records of its own kind, which the compiler cannot follow through the
    // name.
    return (world[collection] as RecordCollection<Records[C]>).get(id);
  },
});
