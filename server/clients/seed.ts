/**
 * The seed of ids, symmetric keys and random delays; with 0, ids and keys are cryptographically
 * random. It may be set while the simulator runs.
 */
export class Seed {
  readonly #listeners = new Set<(value: number) => void>();
  #value: number;

  constructor(value: number) {
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  /** Restarts every sequence, with the same seed too. */
  set(value: number): void {
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }

  onSet(listener: (value: number) => void): void {
    this.#listeners.add(listener);
  }
}
