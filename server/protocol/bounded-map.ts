/** A map that drops the entry which was used longest ago, so that state has a bound. */
export class BoundedMap<K, V> {
  readonly #limit: number;
  readonly #map = new Map<K, V>();
  /**
   * Its next entry is the oldest. One iterator is kept, since each new one would walk over all that
   * was deleted since the engine last rebuilt its table: thousands, at each entry dropped.
   */
  #oldest = this.#map.entries();
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#map.size;
  }

  /** How many were dropped to keep the bound. */
  get dropped(): number {
    return this.#dropped;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  /** The value of a key, which counts as used now. */
  use(key: K): V | undefined {
    const value = this.#map.get(key);
    // Order matters only once something may have to go.
    if (value !== undefined && this.#map.size > this.#limit / 2) {
      this.#map.delete(key);
      this.#map.set(key, value);
    }
    return value;
  }

  /** Adds an entry as the newest. @returns the value that had to go for it */
  add(key: K, value: V): V | undefined {
    this.#map.set(key, value);
    return this.#map.size > this.#limit ? this.#dropOldest() : undefined;
  }

  delete(key: K): void {
    this.#map.delete(key);
  }

  deleteWhere(isMeant: (key: K, value: V) => boolean): void {
    for (const [key, value] of this.#map) if (isMeant(key, value)) this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
  }

  /** The one that was used longest ago comes first. */
  values(): IterableIterator<V> {
    return this.#map.values();
  }

  entries(): IterableIterator<[K, V]> {
    return this.#map.entries();
  }

  #dropOldest(): V | undefined {
    let oldest = this.#oldest.next();
    if (oldest.done === true) {
      // It came to the end when the map was empty.
      this.#oldest = this.#map.entries();
      oldest = this.#oldest.next();
    }
    if (oldest.done === true) return undefined;
    const [key, value] = oldest.value;
    this.#map.delete(key);
    this.#dropped++;
    return value;
  }
}
