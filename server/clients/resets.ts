import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import { type Collection, entityCollections } from '../domain/state/state.ts';
import type { Journal } from '../journal/journal.ts';
import { listAll, type Store } from '../storage/store.ts';
import type { ClientRegistry } from './client-registry.ts';
import type { Clock, Seed } from './clock.ts';

export interface ResetsDeps {
  readonly book: ClientRegistry;
  readonly store: Store;
  readonly journal: Journal;
  readonly scenarios: ScenarioSet;
  readonly clock: Clock;
  readonly seed: Seed;
  /** Called when the records of one client, or of all, were deleted. */
  readonly onStateReset?: (clientId: string | undefined) => void;
}

/** Resets, each for one client or for all. Each does what its name says and nothing else. */
export class Resets {
  readonly #deps: ResetsDeps;
  readonly #firstSeed: number;

  constructor(deps: ResetsDeps) {
    this.#deps = deps;
    this.#firstSeed = deps.seed.value;
  }

  /** Deletes exchanges, and the count of evicted ones. */
  journal(clientId?: string): void {
    this.#deps.journal.deleteEntries(clientId);
  }

  /** Deletes accounts, linkages, payments, orders and cards; request ids stay. */
  async state(clientId?: string): Promise<void> {
    await this.#clear(entityCollections, clientId);
    this.#deps.onStateReset?.(clientId);
  }

  /** Deletes the request ids and their answers. */
  requestIds(clientId?: string): Promise<void> {
    return this.#clear(['requests'], clientId);
  }

  /**
   * Returns every story to its first state and empties queues. The scenarios of the start are
   * active again; a client's own are none.
   */
  async scenarios(clientId?: string): Promise<void> {
    const { book, scenarios } = this.#deps;
    for (const id of clientId === undefined ? book.keyrings.keys() : [clientId]) {
      const controls = book.existingControls(id);
      if (controls === undefined) continue;
      controls.oneShots.clear();
      controls.scenarios = [];
    }
    if (clientId === undefined) scenarios.activateInitial();
    await this.#clear(['calls', 'stories', 'oneShots'], clientId);
  }

  /** Deletes everything that a client has, except its keys. */
  async client(clientId: string): Promise<void> {
    this.journal(clientId);
    await this.scenarios(clientId);
    await this.#deps.store.clear(clientId);
    this.#deps.book.existingControls(clientId)?.clock.reset();
  }

  /** As after a start: created clients, added keys and uploads are deleted too. */
  async everything(): Promise<void> {
    const { book, store, journal, scenarios, clock, seed } = this.#deps;
    await store.acceptLoss?.();
    await this.scenarios();
    for (const id of book.keyrings.keys()) {
      book.existingControls(id)?.clock.reset();
      book.deleteAddedKeys(id);
    }
    for (const id of book.createdIds) book.drop(id);
    for await (const id of listAll((page) => store.clientIds(page))) await store.clear(id);
    scenarios.removeAll();
    journal.deleteEntries();
    clock.reset();
    seed.set(this.#firstSeed);
  }

  async #clear(collections: readonly Collection[], clientId: string | undefined): Promise<void> {
    const { store } = this.#deps;
    if (clientId !== undefined) return store.clear(clientId, collections);
    for await (const id of listAll((page) => store.clientIds(page)))
      await store.clear(id, collections);
  }
}
