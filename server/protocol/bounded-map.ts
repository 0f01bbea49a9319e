/**
 * A map with a bound on its entries: those that were used longest ago go first. They go half of the
 * bound at a time, so that an entry costs nothing but its place while it is there.
 */
export class BoundedMap<K, V> {
  readonly #half: number;
  readonly #onDrop: ((value: V) => void) | undefined;
  /** Used since the last time that entries were dropped. */
  #recent = new Map<K, V>();
  /** Not used since, and dropped the next time; no key is in both. */
  #older = new Map<K, V>();
  #dropped = 0;

  /**
   * @param limit at least 2: it keeps at least half as many entries, and never more
   * @param onDrop called with each value that is dropped to keep the bound
   */
  constructor(limit: number, onDrop?: (value: V) => void) {
    this.#half = Math.floor(limit / 2);
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#recent.size + this.#older.size;
  }

  /** How many were dropped to keep the bound. */
  get dropped(): number {
    return this.#dropped;
  }

  get(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#older.get(key);
  }

  /** The value of a key, which counts as used now. */
  use(key: K): V | undefined {
    const value = this.#recent.get(key);
    if (value !== undefined || this.#older.size === 0) return value;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  /** Sets the value of a key, which counts as used now. */
  set(key: K, value: V): void {
    if (this.#older.size > 0) this.#older.delete(key);
    this.#recent.set(key, value);
    if (this.#recent.size <= this.#half) return;
    this.#recent.delete(key);
    this.#dropOlder();
    this.#recent.set(key, value);
  }

  delete(key: K): void {
    this.#recent.delete(key);
    this.#older.delete(key);
  }

  deleteWhere(isMeant: (key: K, value: V) => boolean): void {
    for (const map of [this.#older, this.#recent])
      for (const [key, value] of map) if (isMeant(key, value)) map.delete(key);
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
  }

  /** Those that were used longest ago come first. */
  *values(): Generator<V> {
    yield* this.#older.values();
    yield* this.#recent.values();
  }

  *entries(): Generator<[K, V]> {
    yield* this.#older.entries();
    yield* this.#recent.entries();
  }

  #dropOlder(): void {
    const dropped = this.#older;
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#dropped += dropped.size;
    if (this.#onDrop !== undefined) for (const value of dropped.values()) this.#onDrop(value);
  }
}

/**
 * The same for entries that have a group, and a key within it. The two need not be joined to one
 * text and hashed for each entry.
 */
export class BoundedGroups<V> {
  readonly #half: number;
  #recent = new Map<string, Map<string, V>>();
  #older = new Map<string, Map<string, V>>();
  /** Entries in `#recent`. */
  #count = 0;
  #dropped = 0;

  /** @param limit at least 2: it keeps at least half as many entries, and never more */
  constructor(limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  /** How many were dropped to keep the bound. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The value of a key, which counts as used now. */
  use(group: string, key: string): V | undefined {
    const value = this.#recent.get(group)?.get(key);
    if (value !== undefined || this.#older.size === 0) return value;
    const entries = this.#older.get(group);
    const older = entries?.get(key);
    if (older !== undefined) {
      entries?.delete(key);
      this.set(group, key, older);
    }
    return older;
  }

  /** Sets the value of a key that `use` was asked for just before: it is in no other place. */
  set(group: string, key: string, value: V): void {
    let entries = this.#recent.get(group);
    if (entries === undefined) {
      entries = new Map();
      this.#recent.set(group, entries);
    }
    this.#count -= entries.size;
    entries.set(key, value);
    this.#count += entries.size;
    if (this.#count <= this.#half) return;
    entries.delete(key);
    this.#dropOlder();
    this.#recent.set(group, new Map([[key, value]]));
    this.#count = 1;
  }

  deleteGroups(isMeant: (group: string) => boolean): void {
    for (const map of [this.#older, this.#recent])
      for (const group of map.keys()) if (isMeant(group)) map.delete(group);
    this.#count = countEntries(this.#recent);
  }

  clear(): void {
    this.deleteGroups(() => true);
  }

  /** Those that were used longest ago come first, group by group. */
  *values(): Generator<V> {
    for (const map of [this.#older, this.#recent])
      for (const entries of map.values()) yield* entries.values();
  }

  #dropOlder(): void {
    this.#dropped += countEntries(this.#older);
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#count = 0;
  }
}

const countEntries = (groups: ReadonlyMap<string, ReadonlyMap<string, unknown>>): number => {
  let count = 0;
  for (const { size } of groups.values()) count += size;
  return count;
};
