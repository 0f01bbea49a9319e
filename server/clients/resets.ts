import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import { type Collection, entityCollections } from '../domain/state/state.ts';
import type { Journal } from '../journal/journal.ts';
import { listAll, type Store } from '../storage/store.ts';
import type { ClientRegistry } from './client-registry.ts';
import type { Clock } from './clock.ts';
import type { Seed } from './seed.ts';

export interface ResetsDeps {
  readonly book: ClientRegistry;
  readonly store: Store;
  readonly journal: Journal;
  readonly scenarios: ScenarioSet;
  readonly clock: Clock;
  readonly seed: Seed;
}

/** Ways to begin anew. Each does what its name says and nothing else, for one client or for all. */
export class Resets {
  readonly #parts: ResetsDeps;
  readonly #firstSeed: number;

  constructor(parts: ResetsDeps) {
    this.#parts = parts;
    this.#firstSeed = parts.seed.value;
  }

  /** Forgets exchanges, and that any were evicted. */
  journal(clientId?: string): void {
    this.#parts.journal.forget(clientId);
  }

  /** Forgets accounts, linkages, payments, orders and cards; request ids stay. */
  state(clientId?: string): Promise<void> {
    return this.#forget(entityCollections, clientId);
  }

  /** Forgets which requestIds were answered and how. */
  requestIds(clientId?: string): Promise<void> {
    return this.#forget(['requests'], clientId);
  }

  /**
   * Begins every story anew and empties queues. Active are those of the start again; a client's own
   * are none.
   */
  async scenarios(clientId?: string): Promise<void> {
    const { book, scenarios } = this.#parts;
    for (const id of clientId === undefined ? book.keyrings.keys() : [clientId]) {
      const controls = book.existingControls(id);
      if (controls === undefined) continue;
      controls.oneShots.clear();
      controls.scenarios = [];
    }
    if (clientId === undefined) scenarios.activateInitial();
    await this.#forget(['calls', 'stories', 'oneShots'], clientId);
  }

  /** Everything that a client has, its keys aside. */
  async client(clientId: string): Promise<void> {
    this.journal(clientId);
    await this.scenarios(clientId);
    await this.#parts.store.clear(clientId);
    this.#parts.book.existingControls(clientId)?.clock.reset();
  }

  /** As freshly started: made clients, added keys and uploads go too. */
  async everything(): Promise<void> {
    const { book, store, journal, scenarios, clock, seed } = this.#parts;
    await this.scenarios();
    for (const id of book.keyrings.keys()) {
      book.existingControls(id)?.clock.reset();
      book.deleteAddedKeys(id);
    }
    for (const id of book.createdIds) book.drop(id);
    for await (const id of listAll((page) => store.clientIds(page))) await store.clear(id);
    scenarios.removeAll();
    journal.forget();
    clock.reset();
    seed.set(this.#firstSeed);
  }

  async #forget(collections: readonly Collection[], clientId: string | undefined): Promise<void> {
    const { store } = this.#parts;
    if (clientId !== undefined) return store.clear(clientId, collections);
    for await (const id of listAll((page) => store.clientIds(page)))
      await store.clear(id, collections);
  }
}
