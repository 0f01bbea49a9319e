import { type Adapter, Low, Memory } from 'lowdb';
import type { StateLimits } from '../../domain/state/apply.ts';
import type { ClientState } from '../../domain/state/state.ts';
import { clearWorld, emptyState, type State, stateFor, transactIn } from '../state-store.ts';
import type { Committed, HeldRecords, RecordKey, Store, TransactResult } from '../store.ts';
import { nullRecorder, type Recorder } from './recorder.ts';

/**
 * The store: lowdb holds all worlds; its adapter and a recorder decide what of them reaches a disk.
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

  async transact<T extends TransactResult>(
    clientId: string,
    keys: readonly RecordKey[],
    decide: (held: HeldRecords) => T,
  ): Promise<Committed<T>> {
    const recovered = this.#recorder.recovered();
    if (recovered !== undefined) await recovered;
    const { outcome, forgotten, undo } = transactIn(
      this.#database.data,
      clientId,
      keys,
      decide,
      this.#limits,
    );
    // Without changes too: a duplicate is answered from what the first copy changed, and that may
    // not have been written yet.
    await this.#recorder.record(clientId, outcome.changes, undo);
    return { outcome, forgotten };
  }

  world(clientId: string): Readonly<ClientState> {
    return stateFor(this.#database.data, clientId);
  }

  clientIds(): readonly string[] {
    return [...this.#database.data.stateByClient.keys()];
  }

  async delete(clientId: string): Promise<void> {
    const recovered = this.#recorder.recovered();
    if (recovered !== undefined) await recovered;
    const { stateByClient: universe } = this.#database.data;
    const world = universe.get(clientId);
    universe.delete(clientId);
    await this.#recorder.record(clientId, 'forgotten', () => {
      if (world === undefined) universe.delete(clientId);
      else universe.set(clientId, world);
    });
    if (world !== undefined) clearWorld(world);
  }

  close(): Promise<void> {
    return this.#recorder.close();
  }
}
