import { Low, Memory } from 'lowdb';
import {
  applyChange,
  type Change,
  type ClientState,
  type Collection,
  collections,
  emptyClientState,
  isEntityCollection,
  type RecordAddress,
  type RecordPool,
  type Records,
  readHeld,
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

/** What lowdb holds: the state of each client. */
export class State extends Map<string, ClientState> {
  /** Counts the bytes of all records. */
  readonly pool: RecordPool = { bytes: 0 };

  /** A client's state, created if it does not exist. */
  of(clientId: string): ClientState {
    const state = this.get(clientId) ?? emptyClientState(this.pool);
    this.set(clientId, state);
    return state;
  }
}

/** Subtracts the bytes of a client's records, once none of them is needed again. */
export const releaseRecords = (state: ClientState | undefined): void => {
  for (const records of Object.values(state ?? {})) records.clear();
};

/** One client's changes, or that all its state was deleted. */
export type RecordedChanges = readonly Change[] | 'deleted';

/** Keeps what is committed in another place too. */
export interface Recorder {
  /** After a failed write: settles once the next may be tried, rejects while it may not. */
  retry(): Promise<void> | undefined;
  /**
   * Settles, at once if undefined, when the changes, and all before them, are as durable as
   * configured.
   * @param undo called before a rejection, the latest change first: restores what was held
   */
  record(clientId: string, changes: RecordedChanges, undo: () => void): Promise<void> | undefined;
  close(): Promise<void>;
}

/**
 * The store of one process: lowdb holds the state of all clients, for as long as the process lives.
 * A record is its own token: a change replaces it as a whole.
 */
export class MemoryStore implements Store {
  readonly #limits: StateLimits;
  readonly #database: Low<State>;
  readonly #recorder: Recorder | undefined;

  constructor(
    limits: StateLimits,
    database = new Low<State>(new Memory(), new State()),
    recorder?: Recorder,
  ) {
    this.#limits = limits;
    this.#database = database;
    this.#recorder = recorder;
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
    return whenSettled(this.#recorder?.retry(), (): Settling<CommitResult> => {
      const states = this.#states;
      const state = states.get(clientId);
      if (read.some(({ collection, id, token }) => state?.[collection].tokenOf(id) !== token))
        return { held: this.recall(clientId, read) };
      const { bytes } = states.pool;
      if (bytes >= this.#limits.bytes && changes.some((change) => isNew(state, change)))
        return Promise.reject(storeFull(bytes, this.#limits));
      const { evicted, undo } =
        changes.length === 0 ? unchanged : applyChange(states.of(clientId), changes, this.#limits);
      // Without changes too: a duplicate is answered from what the first copy changed, and that may
      // not have been written yet.
      return whenSettled(this.#recorder?.record(clientId, changes, undo), () => ({ evicted }));
    });
  }

  async list<C extends Collection>(
    clientId: string,
    collection: C,
    options?: PageOptions,
  ): Promise<Page<readonly [id: string, value: Records[C]]>> {
    const records = this.#states.get(clientId)?.[collection];
    const { items, next } = takePage(records, options);
    // A collection holds records of its own kind, which the compiler cannot follow.
    return { items: items.map((id) => [id, records?.get(id) as Records[C]]), next };
  }

  async listIds(
    clientId: string,
    collection: Collection,
    options?: PageOptions,
  ): Promise<Page<string>> {
    return takePage(this.#states.get(clientId)?.[collection], options);
  }

  async count(clientId: string): Promise<Readonly<Record<Collection, number>>> {
    const state = this.#states.get(clientId);
    const counts = collections.map((name) => [name, state?.[name].size ?? 0]);
    return Object.fromEntries(counts) as Record<Collection, number>;
  }

  async clientIds(options?: PageOptions): Promise<Page<string>> {
    return takePage(this.#states, options);
  }

  async clear(clientId: string, kinds?: readonly Collection[]): Promise<void> {
    await this.#recorder?.retry();
    const states = this.#states;
    const held = states.get(clientId);
    if (kinds === undefined) {
      states.delete(clientId);
      await this.#recorder?.record(clientId, 'deleted', () => {
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

  async close(): Promise<void> {
    await this.#recorder?.close();
  }

  get #states(): State {
    return this.#database.data;
  }
}

const storeFull = (bytes: number, { bytes: limit }: StateLimits): StoreError =>
  new StoreError(
    `nothing new can be kept: what is held takes about ${(bytes / 1e6).toFixed(1)} MB, and ` +
      `limits.stateBytes allows ${(limit / 1e6).toFixed(1)} MB. Drop or reset clients, or raise ` +
      "the limit (and Node's --max-old-space-size with it). Updates of what is held are still " +
      'accepted.',
  );

const unchanged = { evicted: 0, undo: () => {} };

/** A request id is not: every update brings one, and `idempotency.max` bounds them. */
const isNew = (held: ClientState | undefined, { collection, id, value }: Change): boolean =>
  value !== null && isEntityCollection(collection) && held?.[collection].has(id) !== true;

/** A page of a map's keys. Its cursor finds its place again when the last one was deleted since. */
const takePage = (
  records: ReadonlyMap<string, unknown> | undefined,
  { after = '0 ', limit = defaultPageLimit }: PageOptions = {},
): Page<string> => {
  const ids = [...(records?.keys() ?? [])];
  const passed = Number.parseInt(after, 10);
  const lastId = after.slice(after.indexOf(' ') + 1);
  const from = records?.has(lastId) === true ? ids.indexOf(lastId) + 1 : passed;
  const items = ids.slice(from, from + limit);
  const to = from + items.length;
  return { items, next: to < ids.length ? `${to} ${items.at(-1)}` : undefined };
};
