/** How many places at the front may be empty before the rest moves up. */
const emptyPlaces = 1024;

/**
 * A list that grows at its end and shrinks at its front, both in constant time. Anywhere else an
 * insertion costs as much as there are items after it.
 */
export class Queue<T> {
  #items: (T | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** @param place from 0 to `length` */
  insert(place: number, item: T): void {
    if (place === this.length) this.push(item);
    else this.#items.splice(this.#first + place, 0, item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    // Moved once in as many steps as there are items, so it costs each step the same.
    if (this.#first > emptyPlaces && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** @param place from 0 */
  at(place: number): T | undefined {
    return place < 0 ? undefined : this.#items[this.#first + place];
  }

  /** The first first. */
  toArray(): T[] {
    // Places from the first on are always taken.
    return this.#items.slice(this.#first) as T[];
  }

  replace(items: readonly T[]): void {
    this.#items = [...items];
    this.#first = 0;
  }
}
