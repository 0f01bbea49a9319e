import { randomInt } from 'node:crypto';

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

/** What `BoundedGroups` keeps for a key. */
export interface GroupEntry<V> {
  readonly group: string;
  readonly key: string;
  /** Undefined: the entry is new. */
  value: V | undefined;
}

/**
 * A `BoundedMap` of entries that have a group, and a key within it. The two need not be joined to
 * one text for each entry.
 */
export class BoundedGroups<V> {
  readonly #half: number;
  #recent = new GroupTable<V>();
  #older = new GroupTable<V>();
  #dropped = 0;

  /** @param limit at least 2: it keeps at least half as many entries, and never more */
  constructor(limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  /** How many were dropped to keep the bound. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The entry of a key, which counts as used now; it is added if it is missing. */
  use(group: string, key: string): GroupEntry<V> {
    const hash = hashText(key);
    const recent = this.#recent.find(group, key, hash);
    if (recent !== undefined) return recent;
    const older = this.#older.find(group, key, hash);
    const entry = { group, key, value: older?.value };
    if (older !== undefined) older.value = undefined;
    if (this.#recent.entries.length === this.#half) this.#dropOlder();
    this.#recent.add(entry, hash);
    return entry;
  }

  deleteGroups(isMeant: (group: string) => boolean): void {
    this.#older = this.#older.without(isMeant);
    this.#recent = this.#recent.without(isMeant);
  }

  clear(): void {
    this.deleteGroups(() => true);
  }

  /** Those that were used longest ago come first. */
  *values(): Generator<V> {
    for (const { entries } of [this.#older, this.#recent])
      for (const { value } of entries) if (value !== undefined) yield value;
  }

  #dropOlder(): void {
    for (const { value } of this.#older.entries) if (value !== undefined) this.#dropped++;
    this.#older = this.#recent;
    this.#recent = new GroupTable();
  }
}

/**
 * A hash table. Nearly every key that is looked up is new. To find that out, a `Map` reads keys
 * that happen to be in the same bucket and are no longer in the processor's caches. Here all hashes
 * are in one array, and a key is read only if its hash is the same.
 */
class GroupTable<V> {
  /** Oldest first. */
  readonly entries: GroupEntry<V>[] = [];
  /** Open addressing, in pairs: a hash, and the place of its entry counted from 1; 0: free. */
  #slots = new Int32Array(64);

  find(group: string, key: string, hash: number): GroupEntry<V> | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = (hash * 2) & mask; ; at = (at + 2) & mask) {
      const place = slots[at + 1] ?? 0;
      if (place === 0) return undefined;
      if (slots[at] !== hash) continue;
      const entry = this.entries[place - 1];
      if (entry?.key === key && entry.group === group) return entry;
    }
  }

  /** Adds an entry whose key is not there. */
  add(entry: GroupEntry<V>, hash: number): void {
    this.entries.push(entry);
    // Half of the slots are free at least, so that the next free one is near.
    if (this.entries.length * 4 > this.#slots.length) this.#grow();
    fillSlot(this.#slots, hash, this.entries.length);
  }

  without(isMeant: (group: string) => boolean): GroupTable<V> {
    const table = new GroupTable<V>();
    for (const entry of this.entries)
      if (!isMeant(entry.group)) table.add(entry, hashText(entry.key));
    return table;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2)
      if (slots[at + 1] !== 0) fillSlot(this.#slots, slots[at] ?? 0, slots[at + 1] ?? 0);
  }
}

const fillSlot = (slots: Int32Array, hash: number, place: number): void => {
  const mask = slots.length - 1;
  let at = (hash * 2) & mask;
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = hash;
  slots[at + 1] = place;
};

/** Another one in each process: a client cannot choose keys with equal hashes. */
const factor = randomInt(2 ** 31) * 2 + 1;

const hashText = (text: string): number => {
  let hash = 0;
  for (let at = 0; at < text.length; at++)
    hash = (Math.imul(hash, factor) + text.charCodeAt(at)) | 0;
  return hash;
};
