import { setTimeout as wait } from 'node:timers/promises';

/** Of the processor's time a snapshot takes one part and leaves so many to requests. */
const partsForRequests = 3;

/** How fast a snapshot is written: beside requests, as fast as it goes, or no further. */
export class SnapshotPace {
  #parts = partsForRequests;
  isGivenUp = false;

  takeTime(): void {
    this.#parts = partsForRequests;
  }

  hurry(): void {
    this.#parts = 0;
    this.isGivenUp = false;
  }

  giveUp(): void {
    this.isGivenUp = true;
  }

  readonly step = async (tookMs: number): Promise<void> => {
    if (this.#parts > 0) await wait(tookMs * this.#parts);
    if (this.isGivenUp) throw new Error('the snapshot was given up');
  };
}
