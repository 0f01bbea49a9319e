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
 * Shadows exchanges one after another, in the order in which they ended. The real answers do not
 * wait for it: what it cannot take in is skipped and reported.
 */
export class ShadowQueue {
  readonly #deps: ShadowQueueDeps;
  readonly #waiting: RelayedExchange[] = [];
  #running: Promise<void> | undefined;

  constructor(deps: ShadowQueueDeps) {
    this.#deps = deps;
  }

  add(exchange: RelayedExchange): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#deps.onSkip(exchange, `more than ${maxWaiting} exchanges are waiting to be compared`);
      return;
    }
    this.#waiting.push(exchange);
    this.#running ??= this.#run();
  }

  /** Resolves when everything that was added is compared or skipped. */
  async idle(): Promise<void> {
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
