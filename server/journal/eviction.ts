/** Names remembered one by one; what a stranger may choose must not grow without end. */
const maxTrackedClients = 10_000;

/**
 * What is known of the exchanges that had to go: enough to tell whether an assertion could have
 * been about one of them.
 */
export class EvictionLog {
  #count = 0;
  #newest = 0;
  readonly #newestOf = new Map<string, number>();
  /** The newest of those whose client is not remembered by name. */
  #newestOfOthers = 0;

  get count(): number {
    return this.#count;
  }

  add(number: number, clientId: string | undefined): void {
    this.#count++;
    this.#newest = number;
    if (clientId === undefined) return;
    if (this.#newestOf.size < maxTrackedClients || this.#newestOf.has(clientId))
      this.#newestOf.set(clientId, number);
    else this.#newestOfOthers = number;
  }

  /** Whether an exchange with a greater number has gone, of that client if one is named. */
  hasEvictedSince(since: number, clientId?: string): boolean {
    if (clientId === undefined) return this.#newest > since;
    return (this.#newestOf.get(clientId) ?? 0) > since || this.#newestOfOthers > since;
  }

  /** Nobody will ask for them any more. */
  forget(clientId?: string): void {
    if (clientId !== undefined) {
      this.#newestOf.delete(clientId);
      return;
    }
    this.#newestOf.clear();
    this.#count = 0;
    this.#newest = 0;
    this.#newestOfOthers = 0;
  }
}
