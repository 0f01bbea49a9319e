/** How a clock stands, as the admin side shows and sets it. */
export interface ClockState {
  /** What time it is, milliseconds since 1970. */
  readonly now: number;
  /** How fast it runs against the machine's clock: 1 as fast, 0 frozen. */
  readonly rate: number;
}

/** Something that waits for the clock to reach a time. */
interface Waiter {
  readonly until: number;
  readonly done: () => void;
}

const longestTimerMs = 60_000;

/**
 * A clock that can be held: frozen, set, advanced, run at a rate. It starts as the machine's own.
 * Nothing else in the simulator reads the time, so whatever depends on it follows.
 */
export class Clock {
  readonly #machine: () => number;
  #anchor: { readonly machine: number; readonly shown: number; readonly rate: number };
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  constructor(machine: () => number) {
    this.#machine = machine;
    this.#anchor = { machine: 0, shown: 0, rate: 1 };
  }

  /** Milliseconds since 1970, whole. */
  readonly now = (): number => Math.floor(this.#anchor.shown + (this.#machine() - this.#anchor.machine) * this.#anchor.rate);

  get state(): ClockState {
    return { now: this.now(), rate: this.#anchor.rate };
  }

  /** Holds the clock at a time, or at its present one. */
  freeze(at: number = this.now()): void {
    this.#move(at, 0);
  }

  /** Shows another time and goes on as fast as before. */
  set(at: number): void {
    this.#move(at, this.#anchor.rate);
  }

  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }

  run(rate = 1): void {
    this.#move(this.now(), rate);
  }

  /** The machine's own time again. */
  reset(): void {
    this.#move(this.#machine(), 1);
  }

  /**
   * Settles once the clock has come this far: at once when it is moved there, never while it is frozen short of it.
   * An aborted wait settles too.
   */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = { until: this.now() + milliseconds, done: resolve };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', () => this.#finish(waiter), { once: true });
      this.#schedule();
    });
  }

  #move(shown: number, rate: number): void {
    this.#anchor = { machine: this.#machine(), shown, rate };
    this.#schedule();
  }

  #finish(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    waiter.done();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const now = this.now();
    for (const waiter of this.#waiters) if (waiter.until <= now) this.#finish(waiter);
    const { rate } = this.#anchor;
    if (this.#waiters.size === 0 || rate === 0) return;
    const next = Math.min(...[...this.#waiters].map(({ until }) => until));
    this.#timer = setTimeout(() => this.#schedule(), Math.min(Math.ceil((next - now) / rate), longestTimerMs));
  }
}
