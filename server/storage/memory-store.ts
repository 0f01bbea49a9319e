import { Low, Memory } from 'lowdb';
import {
  applyChange,
  type Change,
  type Collection,
  collections,
  isNewEntity,
  type RecordAddress,
  type Records,
  readHeld,
  State,
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

/** One client's changes, or that all its state is deleted. */
export type RecordedChanges = readonly Change[] | 'deleted';

/** Keeps what is committed in another place too. */
export interface Recorder {
  readonly database: Low<State>;
  /**
   * Writes changes down before they are made. Settles, at once if undefined, when they, and all
   * before them, are as durable as configured.
   * @throws StoreError when they must not be made
   */
  record(clientId: string, changes: RecordedChanges): Promise<void> | undefined;
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

  constructor(limits: StateLimits, recorder?: Recorder) {
    this.#limits = limits;
    this.#database = recorder?.database ?? new Low<State>(new Memory(), new State());
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
    const states = this.#states;
    const state = states.get(clientId);
    if (read.some(({ collection, id, token }) => state?.[collection].tokenOf(id) !== token))
      return { held: this.recall(clientId, read) };
    try {
      const { bytes } = states.pool;
      if (bytes >= this.#limits.bytes && changes.some((change) => isNewEntity(state, change)))
        throw storeFull(bytes, this.#limits);
      // Without changes too: a duplicate is answered from what the first copy changed, and that
      // may not be durable yet.
      const recorded = this.#recorder?.record(clientId, changes);
      const evicted =
        changes.length === 0 ? 0 : applyChange(states.of(clientId), changes, this.#limits);
      return whenSettled(recorded, () => ({ evicted }));
    } catch (error) {
      return Promise.reject(error);
    }
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
    if (kinds === undefined) {
      const recorded = this.#recorder?.record(clientId, 'deleted');
      this.#states.delete(clientId);
      await recorded;
      return;
    }
    const held = this.#states.get(clientId);
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
