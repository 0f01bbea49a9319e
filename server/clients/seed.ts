/**
 * What chance grows from, of ids, symmetric keys and drawn delays; with 0 ids and keys are true
 * chance. It may be set while the simulator runs.
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

  /** Begins every sequence anew, with the same seed too. */
  set(value: number): void {
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }

  onSet(listener: (value: number) => void): void {
    this.#listeners.add(listener);
  }
}
