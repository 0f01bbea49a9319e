/**
 * About as many bytes are hashed in a tenth of a millisecond: a look at the clock costs next to
 * nothing beside that.
 */
const bytesPerLook = 64 * 1024;

/**
 * Looks at the clock the more often the larger the contents are, so that a bound on time holds for
 * any size.
 */
export const clockStep = (bodyBytes: number): number =>
  Math.min(64, Math.max(1, Math.floor(bytesPerLook / (bodyBytes + 1))));

/** Counts hypotheses and looks at the clock, so that no input can make a diagnosis expensive. */
export class Budget {
  hypotheses = 0;
  readonly #max: number;
  readonly #maxMs: number;
  readonly #now: () => number;
  readonly #start: number;
  #checkAt: number;
  readonly #step: number;

  /**
   * @param step how many hypotheses pass between two looks at the clock; `clockStep` tells a good
   * number
   */
  constructor(max: number, maxMs: number, now: () => number, step: number) {
    this.#max = max;
    this.#maxMs = maxMs;
    this.#now = now;
    this.#step = step;
    this.#checkAt = step;
    this.#start = now();
  }

  /** @returns whether one more hypothesis may be tried. */
  take(): boolean {
    if (this.hypotheses >= this.#max) return false;
    if (this.hypotheses >= this.#checkAt) {
      if (this.ms >= this.#maxMs) return false;
      this.#checkAt += this.#step;
    }
    this.hypotheses++;
    return true;
  }

  get ms(): number {
    return this.#now() - this.#start;
  }
}
