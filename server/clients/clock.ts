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

/** The state of a clock, as the admin API shows and sets it. */
export interface ClockState {
  /** What time it is, milliseconds since 1970. */
  readonly now: number;
  /** Its speed relative to its parent: 1 as fast, 0 frozen. */
  readonly rate: number;
}

/** What a clock runs from: what it showed when its base, its parent's time, was this. */
export interface ClockAnchor {
  readonly base: number;
  readonly shown: number;
  readonly rate: number;
}

/** Something that waits for the clock to reach a time. */
interface Waiter {
  readonly until: number;
  readonly done: () => void;
}

const maxWaitMs = 60_000;

/**
 * The latest time a clock shows: the beginning of 9998. What the protocol writes has years of four
 * digits, and keys and scripted faults reach as much as a year beyond the present.
 */
export const maxClockTimeMs = 253_339_228_800_000;

/** Whether a clock can show that time. */
export const isClockTime = (time: number): boolean => time >= 0 && time <= maxClockTimeMs;

/**
 * A clock that can be frozen, set, advanced and run at a rate. It starts with the time of the
 * machine, or of its parent; the parent of each client's is the simulator's. Nothing else in the
 * simulator reads the time.
 */
export class Clock {
  readonly #base: () => number;
  readonly #parent: Clock | undefined;
  readonly #children = new Set<Clock>();
  readonly #waiters = new Set<Waiter>();
  #anchor: ClockAnchor = { base: 0, shown: 0, rate: 1 };
  #timer: NodeJS.Timeout | undefined;

  constructor(base: (() => number) | Clock) {
    this.#parent = base instanceof Clock ? base : undefined;
    this.#base = base instanceof Clock ? base.now : base;
    if (this.#parent !== undefined) this.#parent.#children.add(this);
  }

  /**
   * Milliseconds since 1970, whole. A clock that runs to the end of what it can show stays there.
   */
  readonly now = (): number => {
    const shown = Math.floor(
      this.#anchor.shown + (this.#base() - this.#anchor.base) * this.#anchor.rate,
    );
    return shown > maxClockTimeMs ? maxClockTimeMs : shown < 0 ? 0 : shown;
  };

  get anchor(): ClockAnchor {
    return this.#anchor;
  }

  /** Runs as another clock over the same base does. */
  follow(anchor: ClockAnchor): void {
    this.#anchor = anchor;
    this.#reschedule();
  }

  get state(): ClockState {
    return { now: this.now(), rate: this.#anchor.rate };
  }

  /**
   * Holds the clock at a time, or at its present one. @throws RangeError when it cannot show that
   * time; set and advance too
   */
  freeze(at: number = this.now()): void {
    this.#move(at, 0);
  }

  /** Shows another time and keeps its speed. */
  set(at: number): void {
    this.#move(at, this.#anchor.rate);
  }

  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }

  run(rate = 1): void {
    this.#move(this.now(), rate);
  }

  /** The machine's time again, or that of its parent. */
  reset(): void {
    this.#anchor = { base: 0, shown: 0, rate: 1 };
    this.#reschedule();
  }

  /**
   * Settles once the clock has come this far: at once when it is moved there, never while it is
   * frozen short of it. An aborted wait settles too.
   */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = {
        until: Math.min(this.now() + milliseconds, maxClockTimeMs),
        done: resolve,
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', () => this.#finish(waiter), { once: true });
      this.#schedule();
    });
  }

  /** Leaves its parent and settles every wait. */
  dispose(): void {
    if (this.#parent !== undefined) this.#parent.#children.delete(this);
    for (const waiter of this.#waiters) this.#finish(waiter);
  }

  /** How fast it runs against the machine's clock. */
  get #speed(): number {
    return this.#anchor.rate * (this.#parent === undefined ? 1 : this.#parent.#speed);
  }

  #move(shown: number, rate: number): void {
    if (!isClockTime(shown) || !(rate >= 0 && rate < Number.POSITIVE_INFINITY))
      throw new RangeError(
        `a clock shows 0 to ${maxClockTimeMs} and runs forward: ${shown}, rate ${rate}`,
      );
    this.#anchor = { base: this.#base(), shown, rate };
    this.#reschedule();
  }

  #reschedule(): void {
    this.#schedule();
    for (const child of this.#children) child.#reschedule();
  }

  #finish(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) clearTimeout(this.#timer);
    waiter.done();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const now = this.now();
    for (const waiter of this.#waiters) if (waiter.until <= now) this.#finish(waiter);
    const speed = this.#speed;
    if (this.#waiters.size === 0 || speed === 0) return;
    const next = Math.min(...[...this.#waiters].map(({ until }) => until));
    this.#timer = setTimeout(
      () => this.#schedule(),
      Math.min(Math.ceil((next - now) / speed), maxWaitMs),
    );
  }
}
