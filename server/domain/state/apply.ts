import type { RecordMap } from './record-map.ts';
import type { Change, ClientState } from './state.ts';

export interface StateLimits {
  /** Request ids remembered; the oldest is evicted first (register I-05). */
  readonly requests: number;
  /** About how many bytes all worlds together may take; a new record beyond that is refused. */
  readonly bytes: number;
}

/** Changes that were put into a world. */
export interface Applied {
  /** How many request ids were deleted to make room. */
  readonly evicted: number;
  /**
   * Puts the world back to what it was before them. Changes that came later must have been undone
   * first.
   */
  readonly undo: () => void;
}

/** Puts changes into a world, in a way that can be undone. */
export const applyChange = (
  world: ClientState,
  changes: readonly Change[],
  limits: StateLimits,
): Applied => {
  const before = new Before();
  let evicted = 0;
  for (const { collection, id, value } of changes) {
    // A Change pairs its collection with its own kind of value; the union is taken apart here,
    // once.
    const records = world[collection] as RecordMap<unknown>;
    before.save(records, id, value === null);
    if (value === null) records.delete(id);
    else records.set(id, value);
    evicted += makeRoom(world, limits, before);
  }
  return { evicted, undo: () => before.restore() };
};

/** Deletes the oldest request ids beyond the limit. @returns how many there were */
export const makeRoom = (
  { requests }: ClientState,
  limits: StateLimits,
  before?: Before,
): number => {
  const surplus = Math.max(0, requests.size - limits.requests);
  for (let index = 0; index < surplus; index++) {
    const oldest = requests.deleteOldest(before !== undefined);
    if (oldest !== undefined) before?.saveOldest(requests, ...oldest);
  }
  return surplus;
};

/** What records were before they changed. */
class Before {
  readonly #records: (readonly [records: RecordMap<unknown>, id: string, value: unknown])[] = [];
  /** The order of collections that have lost a record: putting it back would place it last. */
  readonly #orders = new Map<RecordMap<unknown>, readonly string[]>();
  readonly #oldest: string[] = [];

  save(records: RecordMap<unknown>, id: string, isDeleted: boolean): void {
    const value = records.get(id);
    this.#records.push([records, id, value]);
    if (!isDeleted || value === undefined) return;
    const known = this.#orders.get(records);
    if (known === undefined) this.#orders.set(records, [...records.keys()]);
    else if (known === this.#oldest) this.#orders.set(records, [...known, ...records.keys()]);
  }

  saveOldest(records: RecordMap<unknown>, id: string, value: unknown): void {
    this.#records.push([records, id, value]);
    // Deleted one after the other, the oldest first: their order is that of the collection's
    // beginning.
    this.#oldest.push(id);
    if (!this.#orders.has(records)) this.#orders.set(records, this.#oldest);
  }

  restore(): void {
    for (const [records, id, value] of this.#records.toReversed()) {
      if (value === undefined) records.delete(id);
      else records.set(id, value);
    }
    for (const [records, order] of this.#orders) records.reorder(order);
  }
}
