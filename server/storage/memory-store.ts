import { Low, Memory } from 'lowdb';
import { type RecordPool, readHeld } from '../domain/state/record-map.ts';
import {
  applyChange,
  type Change,
  type ClientState,
  type Collection,
  collections,
  emptyClientState,
  isEntityCollection,
  type RecordAddress,
  type Records,
  type StateLimits,
} from '../domain/state/state.ts';
import { type Settling, whenSettled } from '../protocol/settling.ts';
import {
  type CommitResult,
  defaultPageLimit,
  type HeldRecord,
  type Page,
  type PageOptions,
  type Store,
  StoreError,
} from './store.ts';

/** What lowdb holds. */
export interface State {
  readonly stateByClient: Map<string, ClientState>;
  /** Counts the bytes of all records. */
  readonly pool: RecordPool;
}

export const emptyState = (): State => ({ stateByClient: new Map(), pool: { bytes: 0 } });

export const stateFor = ({ stateByClient, pool }: State, clientId: string): ClientState => {
  const known = stateByClient.get(clientId);
  if (known !== undefined) return known;
  const created = emptyClientState(pool);
  stateByClient.set(clientId, created);
  return created;
};

export const deleteState = ({ stateByClient }: State, clientId: string): void => {
  releaseRecords(stateByClient.get(clientId));
  stateByClient.delete(clientId);
};

/** Subtracts the bytes of a client's records, once none of them is needed again. */
const releaseRecords = (state: ClientState | undefined): void => {
  for (const records of Object.values(state ?? {})) records.clear();
};

/** What a subclass keeps elsewhere: one client's changes, or that all its state was deleted. */
export type RecordedChanges = readonly Change[] | 'deleted';

/**
 * The store of one process: lowdb holds the state of all clients, for as long as the process lives.
 * A subclass records what is committed. A record is its own token: a change replaces it as a whole.
 */
export class MemoryStore implements Store {
  protected readonly database: Low<State>;
  readonly #limits: StateLimits;

  constructor(limits: StateLimits, database = new Low<State>(new Memory(), emptyState())) {
    this.#limits = limits;
    this.database = database;
  }

  recall(clientId: string, addresses: readonly RecordAddress[]): readonly HeldRecord[] {
    const state = this.#states.get(clientId);
    return addresses.map(({ collection, id }) => {
      const token = state?.[collection].tokenOf(id);
      const value: HeldRecord['value'] = readHeld(token);
      return { collection, id, value, token };
    });
  }

  commit(
    clientId: string,
    read: readonly HeldRecord[],
    changes: readonly Change[],
  ): Settling<CommitResult> {
    // Without a failure nothing may come between a decision and its commit.
    return whenSettled(this.retryFailedWrite(), () => this.#commitNow(clientId, read, changes));
  }

  #commitNow(
    clientId: string,
    read: readonly HeldRecord[],
    changes: readonly Change[],
  ): Settling<CommitResult> {
    const state = this.#states.get(clientId);
    if (read.some(({ collection, id, token }) => state?.[collection].tokenOf(id) !== token))
      return { held: this.recall(clientId, read) };
    if (this.database.data.pool.bytes >= this.#limits.bytes)
      if (changes.some((change) => isNew(state, change))) return Promise.reject(this.#fullError());
    const { evicted, undo } =
      changes.length === 0
        ? unchanged
        : applyChange(stateFor(this.database.data, clientId), changes, this.#limits);
    // Without changes too: a duplicate is answered from what the first copy changed, and that may
    // not have been written yet.
    return whenSettled(this.record(clientId, changes, undo), () => ({ evicted }));
  }

  async list<C extends Collection>(
    clientId: string,
    collection: C,
    options?: PageOptions,
  ): Promise<Page<readonly [id: string, value: Records[C]]>> {
    const records = this.#states.get(clientId)?.[collection];
    // A collection holds records of its own kind, which the compiler cannot follow.
    return takePage(records, (id) => [id, records?.get(id) as Records[C]] as const, options);
  }

  async listIds(
    clientId: string,
    collection: Collection,
    options?: PageOptions,
  ): Promise<Page<string>> {
    return takePage(this.#states.get(clientId)?.[collection], (id) => id, options);
  }

  async count(clientId: string): Promise<Readonly<Record<Collection, number>>> {
    const state = this.#states.get(clientId);
    const counts = collections.map((name) => [name, state?.[name].size ?? 0]);
    return Object.fromEntries(counts) as Record<Collection, number>;
  }

  async clientIds(options?: PageOptions): Promise<Page<string>> {
    return takePage(this.#states, (id) => id, options);
  }

  async clear(clientId: string, kinds?: readonly Collection[]): Promise<void> {
    await this.retryFailedWrite();
    const states = this.#states;
    const held = states.get(clientId);
    if (kinds === undefined) {
      states.delete(clientId);
      await this.record(clientId, 'deleted', () => {
        if (held === undefined) states.delete(clientId);
        else states.set(clientId, held);
      });
      releaseRecords(held);
      return;
    }
    const changes = kinds.flatMap((collection) =>
      [...(held?.[collection].keys() ?? [])].map((id) => ({ collection, id, value: null })),
    );
    await this.commit(clientId, [], changes);
  }

  async close(): Promise<void> {}

  /** After a failed write: settles once the next may be tried, rejects while it may not. */
  protected retryFailedWrite(): Promise<void> | undefined {
    return undefined;
  }

  /**
   * Settles, at once if undefined, when the changes, and all before them, are as durable as configured.
   * @param _undo called before a rejection, the latest change first: restores what was held
   */
  protected record(
    _client: string,
    _changes: RecordedChanges,
    _undo: () => void,
  ): Promise<void> | undefined {
    return undefined;
  }

  get #states(): State['stateByClient'] {
    return this.database.data.stateByClient;
  }

  #fullError(): StoreError {
    const { bytes } = this.database.data.pool;
    return new StoreError(
      `nothing new can be kept: what is held takes about ${(bytes / 1e6).toFixed(1)} MB, and ` +
        `limits.stateBytes allows ${(this.#limits.bytes / 1e6).toFixed(1)} MB. Drop or reset ` +
        "clients, or raise the limit (and Node's --max-old-space-size with it). Updates of what " +
        'is held are still accepted.',
    );
  }
}

const unchanged = { evicted: 0, undo: () => {} };

/** A request id is not: every update brings one, and `idempotency.max` bounds them. */
const isNew = (held: ClientState | undefined, { collection, id, value }: Change): boolean =>
  value !== null && isEntityCollection(collection) && held?.[collection].has(id) !== true;

/** A page of a map. Its cursor finds its place again when the last item has been deleted since. */
const takePage = <T>(
  records: ReadonlyMap<string, unknown> | undefined,
  toItem: (id: string) => T,
  { after = '0 ', limit = defaultPageLimit }: PageOptions = {},
): Page<T> => {
  const ids = [...(records?.keys() ?? [])];
  const passed = Number.parseInt(after, 10);
  const lastId = after.slice(after.indexOf(' ') + 1);
  const from = records?.has(lastId) === true ? ids.indexOf(lastId) + 1 : passed;
  const page = ids.slice(from, from + limit);
  const to = from + page.length;
  return { items: page.map(toItem), next: to < ids.length ? `${to} ${page.at(-1)}` : undefined };
};
