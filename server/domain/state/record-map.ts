/** What the maps of a store have in common. */
export interface RecordPool {
  /** Of all records together. */
  bytes: number;
}

/** In addition to its text: the slot in the map and the key. */
const slotBytes = 64;

/**
 * Records by id, in the order in which they came. One that was read from a file stays a part of
 * that file: parsing 200,000 records would more than double the time of a start, and take 90 MiB.
 */
export class RecordMap<V> implements ReadonlyMap<string, V> {
  readonly #held = new Map<string, V | Buffer>();
  readonly #pool: RecordPool;
  /** Kept between calls: a new iterator would pass all deleted entries again each time. */
  #oldest: Iterator<string> | undefined;

  constructor(pool: RecordPool) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#held.size;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  get(id: string): V | undefined {
    return readHeld(this.#held.get(id));
  }

  /** Equal as long as the record is not changed. */
  tokenOf(id: string): V | Buffer | undefined {
    return this.#held.get(id);
  }

  set(id: string, value: V): void {
    this.#release(id);
    this.#held.set(id, value);
    this.#pool.bytes += estimateRecordBytes(id, value);
  }

  /** @param text JSON that a checksum has verified */
  setText(id: string, text: Buffer): void {
    this.#release(id);
    this.#held.set(id, text);
    this.#pool.bytes += estimateRecordBytes(id, text);
  }

  delete(id: string): boolean {
    this.#release(id);
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
    for (const id of this.#held.keys()) this.#release(id);
    this.#held.clear();
    this.#oldest = undefined;
  }

  keys(): MapIterator<string> {
    return this.#held.keys();
  }

  *entries(): MapIterator<[string, V]> {
    for (const [id, held] of this.#held) yield [id, Buffer.isBuffer(held) ? parse(held) : held];
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

  /** Every record as JSON, text unparsed. Records may come and go while it runs. */
  *texts(): Generator<[id: string, text: string]> {
    for (const [id, held] of this.#held)
      yield [id, Buffer.isBuffer(held) ? held.toString() : JSON.stringify(held)];
  }

  #release(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#pool.bytes -= estimateRecordBytes(id, held);
  }
}

/** The value behind a token. */
export const readHeld = <V>(held: V | Buffer | undefined): V | undefined =>
  Buffer.isBuffer(held) ? parse(held) : held;

const parse = (text: Buffer) => JSON.parse(text.toString());

const estimateRecordBytes = (id: string, held: unknown): number =>
  slotBytes + id.length + (Buffer.isBuffer(held) ? held.length : estimateBytes(held));

const objectOverhead = 24;
const fieldOverhead = 8;

/**
 * About how many bytes of memory a JSON value takes: for a bound on all of them, not for an
 * account.
 */
const estimateBytes = (value: unknown): number => {
  if (typeof value === 'string') return objectOverhead + value.length;
  if (typeof value !== 'object' || value === null) return fieldOverhead;
  let bytes = objectOverhead;
  // A list of the values would be made of every object, twice for each record.
  for (const name in value)
    bytes += fieldOverhead + estimateBytes((value as Record<string, unknown>)[name]);
  return bytes;
};
