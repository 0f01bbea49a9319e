/** What the maps of a store have in common. */
export interface RecordPool {
  /** Of all records together. */
  bytes: number;
  readonly texts: RecordTexts;
}

export const newPool = (): RecordPool => ({ bytes: 0, texts: new RecordTexts() });

/** A position is the number of a file times this, plus the place in the file. */
const span = 2 ** 32;

/** A tab or a line feed. */
const isDelimiter = (byte: number | undefined): boolean => byte === 0x09 || byte === 0x0a;

/** The JSON of records where it was read from a file, outside the heap, until none is held. */
export class RecordTexts {
  readonly #files: (Buffer | undefined)[] = [];
  readonly #held: number[] = [];

  /** @param text a part of a file that ends in a tab or a line feed. @returns its position */
  add(text: Buffer): number {
    if (this.#files.at(-1)?.buffer !== text.buffer) {
      this.#files.push(Buffer.from(text.buffer));
      this.#held.push(0);
    }
    const index = this.#files.length - 1;
    this.#held[index] = (this.#held[index] ?? 0) + 1;
    return index * span + text.byteOffset;
  }

  /** JSON holds neither tab nor line feed, so the next of either ends it. */
  at(position: number): Buffer {
    const file = this.#files[Math.floor(position / span)];
    if (file === undefined) throw new Error('a record was read after it had been released');
    const start = position % span;
    let end = start;
    while (end < file.length && !isDelimiter(file[end])) end++;
    return file.subarray(start, end);
  }

  /** The record at this position will not be read again. */
  release(position: number): void {
    const index = Math.floor(position / span);
    const left = (this.#held[index] ?? 0) - 1;
    this.#held[index] = left;
    // The last file may still be added from.
    if (left === 0 && index < this.#files.length - 1) this.#files[index] = undefined;
  }
}

/** In addition to its text: the slot in the map and the key. */
const slotBytes = 64;

/**
 * Records by id, in the order in which they came. One that was read from a file stays text: a
 * hundred thousand of them are neither parsed at a start nor walked through by the garbage
 * collector, and take a third of the memory.
 */
export class RecordMap<V extends object> implements ReadonlyMap<string, V> {
  /** A number is the position of a text. */
  readonly #held = new Map<string, V | number>();
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
    const held = this.#held.get(id);
    return typeof held === 'number' ? this.#parse(held) : held;
  }

  /** Equal as long as the record is not changed. */
  tokenOf(id: string): V | number | undefined {
    return this.#held.get(id);
  }

  set(id: string, value: V): void {
    this.#release(id);
    this.#held.set(id, value);
    this.#pool.bytes += this.#sizeOf(id, value);
  }

  /** @param text JSON that a checksum has verified, up to the tab or line feed that ends it */
  setText(id: string, text: Buffer): void {
    this.#release(id);
    this.#held.set(id, this.#pool.texts.add(text));
    this.#pool.bytes += slotBytes + id.length + text.length;
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
    for (const [id, held] of this.#held)
      yield [id, typeof held === 'number' ? this.#parse(held) : held];
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
      yield [
        id,
        typeof held === 'number' ? this.#pool.texts.at(held).toString() : JSON.stringify(held),
      ];
  }

  #release(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#pool.bytes -= this.#sizeOf(id, held);
    if (typeof held === 'number') this.#pool.texts.release(held);
  }

  #sizeOf(id: string, held: V | number): number {
    const bytes = typeof held === 'number' ? this.#pool.texts.at(held).length : estimateBytes(held);
    return slotBytes + id.length + bytes;
  }

  /** The text is what texts() wrote, as checksums have shown. */
  #parse(position: number): V {
    return JSON.parse(this.#pool.texts.at(position).toString());
  }
}

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
  for (const one of Object.values(value)) bytes += fieldOverhead + estimateBytes(one);
  return bytes;
};
