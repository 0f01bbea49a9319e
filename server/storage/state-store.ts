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
  type RecordAddress,
  type Records,
} from '../domain/state/state.ts';
import { type LogEnd, noLog } from './file/file-header.ts';
import { PackedRecords } from './file/packed-records.ts';
import {
  defaultPageLimit,
  type HeldRecord,
  type Page,
  type PageOptions,
  StoreError,
} from './store.ts';

/** What lowdb holds. */
export interface State {
  readonly stateByClient: Map<string, ClientState>;
  /** What the records of all clients have in common. */
  readonly ground: RecordPool & { readonly shelf: PackedRecords };
  /** The last of the change logs that the state contains; a start replays later ones over it. */
  covers: LogEnd;
}

export const emptyState = (): State => ({
  stateByClient: new Map(),
  ground: { shelf: new PackedRecords(), bytes: 0 },
  covers: noLog,
});

export const keptCollections = collections.filter((name) => !isVolatile(name));

export const stateFor = (
  { stateByClient, ground }: Pick<State, 'stateByClient' | 'ground'>,
  clientId: string,
): ClientState => {
  const known = stateByClient.get(clientId);
  if (known !== undefined) return known;
  const created = emptyClientState(ground);
  stateByClient.set(clientId, created);
  return created;
};

export const deleteState = (
  { stateByClient }: Pick<State, 'stateByClient'>,
  clientId: string,
): void => {
  const deleted = stateByClient.get(clientId);
  stateByClient.delete(clientId);
  if (deleted !== undefined) releaseRecords(deleted);
};

/** Releases what the records of a client take, once none of them is needed again. */
export const releaseRecords = (state: ClientState): void => {
  for (const name of collections) {
    const records = state[name];
    if (records instanceof RecordMap) records.clear();
  }
};

/** A record is its own token: it is replaced as a whole by every change, never modified. */
export const readRecord = (
  state: ClientState | undefined,
  { collection, id }: RecordAddress,
): HeldRecord => {
  const records = state?.[collection];
  const value: Records[Collection] | undefined = records?.get(id);
  return {
    collection,
    id,
    value,
    token: records instanceof RecordMap ? records.tokenOf(id) : value,
  };
};

export const isOutdated = (
  state: ClientState | undefined,
  { collection, id, token }: HeldRecord,
): boolean => {
  const records = state?.[collection];
  return (records instanceof RecordMap ? records.tokenOf(id) : records?.get(id)) !== token;
};

/**
 * Makes the changes, in one synchronous step.
 * @throws StoreError when there is no room for what is new; then nothing has changed.
 */
export const applyTo = (
  state: State,
  clientId: string,
  changes: readonly Change[],
  limits: StateLimits,
): Applied => {
  if (changes.length === 0) return unchanged;
  const held = stateFor(state, clientId);
  if (state.ground.bytes >= limits.bytes && changes.some((change) => isNew(held, change)))
    throw fullState(state, limits);
  return applyChange(held, changes, limits);
};

const unchanged: Applied = { evicted: 0, undo: () => {} };

/** A page of a map. Its cursor finds its place again when the last item has been deleted since. */
export const pageOf = <T>(
  records: ReadonlyMap<string, unknown> | undefined,
  toItem: (id: string) => T,
  { after = '0 ', limit = defaultPageLimit }: PageOptions = {},
): Page<T> => {
  const lastId = after.slice(after.indexOf(' ') + 1);
  const passed =
    records?.has(lastId) === true ? Number.POSITIVE_INFINITY : Number.parseInt(after, 10);
  const items: T[] = [];
  let position = 0;
  let isReached = passed === 0;
  let last = '';
  for (const id of records?.keys() ?? []) {
    if (items.length === limit) return { items, next: `${position} ${last}` };
    if (isReached) {
      items.push(toItem(id));
      last = id;
    }
    position++;
    isReached ||= position === passed || id === lastId;
  }
  return { items, next: undefined };
};

/** A request id is not: every update brings one, and `idempotency.max` bounds them. */
const isNew = (held: ClientState, { collection, id, value }: Change): boolean =>
  value !== null &&
  entityCollections.some((name) => name === collection) &&
  !held[collection].has(id);

const fullState = ({ ground }: State, { bytes }: StateLimits): StoreError =>
  new StoreError(
    `nothing new can be kept: what is held takes about ${inMegabytes(ground.bytes)} MB, ` +
      `and limits.stateBytes allows ${inMegabytes(bytes)} MB. Drop or reset clients, or raise the ` +
      "limit (and Node's --max-old-space-size with it). Updates of what is held are still accepted.",
  );

const inMegabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
