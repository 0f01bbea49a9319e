import type { RelayedExchange } from './relay.ts';

export interface ShadowQueueDeps {
  /** Repeats the exchange at the simulator and records the comparison. */
  readonly shadow: (exchange: RelayedExchange) => Promise<void>;
  /** Called when an exchange is not compared: the simulator failed, hung, or is too slow. */
  readonly onSkip: (exchange: RelayedExchange, reason: string) => void;
  readonly timeoutMs: number;
}

const maxWaiting = 1000;

/**
 * Shadows exchanges one after another, in the order in which they arrived: one that the gateway
 * answers late is waited for. The real answers do not wait for it: what it cannot take in is skipped
 * and reported.
 */
export class ShadowQueue {
  readonly #deps: ShadowQueueDeps;
  readonly #waiting: RelayedExchange[] = [];
  /** Exchanges that have arrived and not been shadowed, in that order: their own, once they ended. */
  readonly #places = new Map<object, RelayedExchange | undefined>();
  #running: Promise<void> | undefined;

  constructor(deps: ShadowQueueDeps) {
    this.#deps = deps;
  }

  /** Keeps a place for an exchange that has begun. */
  expect(arrived: object): void {
    this.#places.set(arrived, undefined);
  }

  /** @param arrived what its place was kept for; without it, the exchange goes to the end */
  add(exchange: RelayedExchange, arrived: object = exchange): void {
    // It ended after the comparison did.
    if (arrived !== exchange && !this.#places.has(arrived)) return;
    this.#places.set(arrived, exchange);
    for (const [place, ended] of this.#places) {
      if (ended === undefined) return;
      this.#places.delete(place);
      this.#take(ended);
    }
  }

  #take(exchange: RelayedExchange): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#deps.onSkip(exchange, `more than ${maxWaiting} exchanges are waiting to be compared`);
      return;
    }
    this.#waiting.push(exchange);
    this.#running ??= this.#run();
  }

  /**
   * Resolves when everything that was added is compared or skipped. What has not ended by then is
   * waited for no longer.
   */
  async idle(): Promise<void> {
    for (const ended of this.#places.values()) if (ended !== undefined) this.#take(ended);
    this.#places.clear();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const exchange = next;
      await this.#withinTime(exchange).catch((error: unknown) => {
        this.#deps.onSkip(exchange, error instanceof Error ? error.message : String(error));
      });
    }
    this.#running = undefined;
  }

  async #withinTime(exchange: RelayedExchange): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const { timeoutMs } = this.#deps;
      timer = setTimeout(
        () => reject(new Error(`the simulator did not answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      await Promise.race([this.#deps.shadow(exchange), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
