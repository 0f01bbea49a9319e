import { type Adapter, Low, Memory } from 'lowdb';
import type { StateLimits } from '../../domain/state/apply.ts';
import {
  type Change,
  type Collection,
  collections,
  type RecordAddress,
  type Records,
} from '../../domain/state/state.ts';
import {
  applyTo,
  emptyState,
  isOutdated,
  pageOf,
  readRecord,
  releaseRecords,
  type State,
} from '../state-store.ts';
import type { CommitResult, HeldRecord, Page, PageOptions, Store } from '../store.ts';
import { nullRecorder, type Recorder } from './recorder.ts';

/**
 * The store of one process: lowdb holds the state of all clients; its adapter and a recorder decide
 * what of it reaches a disk.
 */
export class LowdbStore implements Store {
  readonly #database: Low<State>;
  readonly #recorder: Recorder;
  readonly #limits: StateLimits;

  private constructor(database: Low<State>, recorder: Recorder, limits: StateLimits) {
    this.#database = database;
    this.#recorder = recorder;
    this.#limits = limits;
  }

  /** State that lives as long as the process. */
  static inMemory(limits: StateLimits): LowdbStore {
    return new LowdbStore(new Low(new Memory<State>(), emptyState()), nullRecorder, limits);
  }

  /** State that is read through the adapter, and from then on recorded. */
  static async open(
    adapter: Adapter<State>,
    startRecorder: (database: Low<State>) => Promise<Recorder>,
    limits: StateLimits,
  ): Promise<LowdbStore> {
    const database = new Low(adapter, emptyState());
    await database.read();
    return new LowdbStore(database, await startRecorder(database), limits);
  }

  recall(clientId: string, addresses: readonly RecordAddress[]): readonly HeldRecord[] {
    const state = this.#states.get(clientId);
    return addresses.map((address) => readRecord(state, address));
  }

  async commit(
    clientId: string,
    read: readonly HeldRecord[],
    changes: readonly Change[],
  ): Promise<CommitResult> {
    const recovered = this.#recorder.recovered();
    if (recovered !== undefined) await recovered;
    const state = this.#states.get(clientId);
    if (read.some((record) => isOutdated(state, record)))
      return { held: this.recall(clientId, read) };
    const { evicted, undo } = applyTo(this.#database.data, clientId, changes, this.#limits);
    // Without changes too: a duplicate is answered from what the first copy changed, and that may
    // not have been written yet.
    await this.#recorder.record(clientId, changes, undo);
    return { evicted };
  }

  async list<C extends Collection>(
    clientId: string,
    collection: C,
    options?: PageOptions,
  ): Promise<Page<readonly [id: string, value: Records[C]]>> {
    const records = this.#states.get(clientId)?.[collection];
    // A collection holds records of its own kind, which the compiler cannot follow.
    return pageOf(records, (id) => [id, records?.get(id) as Records[C]] as const, options);
  }

  async listIds(
    clientId: string,
    collection: Collection,
    options?: PageOptions,
  ): Promise<Page<string>> {
    return pageOf(this.#states.get(clientId)?.[collection], (id) => id, options);
  }

  async count(clientId: string): Promise<Readonly<Record<Collection, number>>> {
    const state = this.#states.get(clientId);
    // One number for each collection.
    return Object.fromEntries(collections.map((name) => [name, state?.[name].size ?? 0])) as Record<
      Collection,
      number
    >;
  }

  async clientIds(options?: PageOptions): Promise<Page<string>> {
    return pageOf(this.#states, (id) => id, options);
  }

  async clear(clientId: string, kinds?: readonly Collection[]): Promise<void> {
    if (kinds === undefined) return this.#delete(clientId);
    const state = this.#states.get(clientId);
    const changes = kinds.flatMap((collection) =>
      [...(state?.[collection].keys() ?? [])].map((id) => ({ collection, id, value: null })),
    );
    await this.commit(clientId, [], changes);
  }

  close(): Promise<void> {
    return this.#recorder.close();
  }

  async #delete(clientId: string): Promise<void> {
    const recovered = this.#recorder.recovered();
    if (recovered !== undefined) await recovered;
    const states = this.#states;
    const deleted = states.get(clientId);
    states.delete(clientId);
    await this.#recorder.record(clientId, 'forgotten', () => {
      if (deleted === undefined) states.delete(clientId);
      else states.set(clientId, deleted);
    });
    if (deleted !== undefined) releaseRecords(deleted);
  }

  get #states(): State['stateByClient'] {
    return this.#database.data.stateByClient;
  }
}
