/** Where records lie as text until somebody asks for them. */
export interface PackedStore {
  /** A record's JSON. */
  textAt(position: number): string;
  bytesAt(position: number): number;
  /** The record at this position will not be asked for again. */
  release(position: number): void;
}

/**
 * What the maps of a store have in common: where unread records lie, and what all of them weigh.
 */
export interface RecordPool {
  readonly shelf: PackedStore;
  bytes: number;
}

/** Beside its text: the slot in the map and the key. */
const slotBytes = 64;

/**
 * Records by id, in the order in which they came. One that was read from a file stays text until it
 * is asked for: a million of them are neither parsed at a start nor walked through by the garbage
 * collector.
 */
export class RecordMap<V extends object> implements ReadonlyMap<string, V> {
  /** A number is a place on the shelf. */
  readonly #held = new Map<string, V | number>();
  readonly #ground: RecordPool;
  /** Kept from call to call: a new iterator would pass by everything dropped before, every time. */
  #oldest: Iterator<string> | undefined;

  constructor(ground: RecordPool) {
    this.#ground = ground;
  }

  get size(): number {
    return this.#held.size;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  get(id: string): V | undefined {
    const held = this.#held.get(id);
    return typeof held === 'number' ? this.#unpack(held) : held;
  }

  /** Equal as long as the record is not changed. */
  tokenOf(id: string): V | number | undefined {
    return this.#held.get(id);
  }

  set(id: string, value: V): void {
    this.#put(id, value);
  }

  /** @param position of its text on the shelf */
  setLazy(id: string, position: number): void {
    this.#put(id, position);
  }

  /**
   * Puts a record behind all others, where it hardly ever is held already: a million times one
   * look-up instead of three.
   */
  addLazy(id: string, position: number, bytes: number): void {
    const { size } = this.#held;
    this.#held.set(id, position);
    if (this.#held.size > size) this.#ground.bytes += slotBytes + id.length + bytes;
    else {
      this.#held.delete(id);
      this.#held.set(id, position);
    }
  }

  delete(id: string): boolean {
    const held = this.#held.get(id);
    if (held === undefined) return false;
    this.#release(id, held);
    return this.#held.delete(id);
  }

  /** Deletes the record that came first. @returns its id and, with `keepValue`, what it was. */
  deleteOldest(keepValue = false): readonly [id: string, value: V | undefined] | undefined {
    this.#oldest ??= this.#held.keys();
    const { value: id, done } = this.#oldest.next();
    if (done === true) {
      this.#oldest = undefined;
      return undefined;
    }
    const value = keepValue ? this.get(id) : undefined;
    this.delete(id);
    return [id, value];
  }

  /** Puts the records in this order; those that are not named come after them. */
  reorder(ids: Iterable<string>): void {
    const held = new Map(this.#held);
    this.#held.clear();
    this.#oldest = undefined;
    for (const id of ids) {
      const value = held.get(id);
      if (value !== undefined) this.#held.set(id, value);
    }
    for (const [id, value] of held) if (!this.#held.has(id)) this.#held.set(id, value);
  }

  clear(): void {
    for (const [id, held] of this.#held) this.#release(id, held);
    this.#held.clear();
    this.#oldest = undefined;
  }

  keys(): MapIterator<string> {
    return this.#held.keys();
  }

  *entries(): MapIterator<[string, V]> {
    for (const [id, held] of this.#held)
      yield [id, typeof held === 'number' ? this.#unpack(held) : held];
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(take: (value: V, id: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [id, value] of this) take(value, id, this);
  }

  /**
   * Every record as JSON; what is still text is not parsed for it. May go on while records come and
   * go.
   */
  *texts(): Generator<[id: string, text: string]> {
    for (const [id, held] of this.#held)
      yield [id, typeof held === 'number' ? this.#ground.shelf.textAt(held) : JSON.stringify(held)];
  }

  #put(id: string, held: V | number): void {
    const bytes = this.#estimateBytes(id, held);
    const before = this.#held.get(id);
    if (before !== undefined) this.#release(id, before);
    this.#held.set(id, held);
    this.#ground.bytes += bytes;
  }

  #release(id: string, held: V | number): void {
    this.#ground.bytes -= this.#estimateBytes(id, held);
    if (typeof held === 'number') this.#ground.shelf.release(held);
  }

  #estimateBytes(id: string, held: V | number): number {
    return (
      slotBytes +
      id.length +
      (typeof held === 'number' ? this.#ground.shelf.bytesAt(held) : estimateBytes(held))
    );
  }

  #unpack(position: number): V {
    // The shelf holds what texts() wrote, as checksums have shown.
    return JSON.parse(this.#ground.shelf.textAt(position)) as V;
  }
}

const emptyPackedStore: PackedStore = {
  textAt: () => 'null',
  bytesAt: () => 0,
  release: () => {},
};

/** For what was never read from a file. */
export const newPool = (): RecordPool => ({ shelf: emptyPackedStore, bytes: 0 });

const objectOverhead = 24;
const fieldOverhead = 8;

/**
 * About how many bytes of memory a JSON value takes: for a bound on all of them, not for an
 * account.
 */
export const estimateBytes = (value: unknown): number => {
  if (typeof value === 'string') return objectOverhead + value.length;
  if (typeof value !== 'object' || value === null) return fieldOverhead;
  let bytes = objectOverhead;
  for (const one of Object.values(value)) bytes += fieldOverhead + estimateBytes(one);
  return bytes;
};
