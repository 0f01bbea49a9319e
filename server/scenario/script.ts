import type { JsonObject, ResultStatus } from '../world/state.ts';

/** What a scenario's rule says about one call. */
export interface Script {
  /** Scenario and rule, for the journal: `order-fails-twice, rule 1`. */
  readonly name: string;
  /** Absent: the call is decided as usual, only delivered otherwise. */
  readonly result?: string;
  readonly status?: ResultStatus;
  readonly message?: string;
  /** Fields laid over the answer's own. */
  readonly body?: JsonObject;
  /** Whether the state changes as it would have without the script; by default only when the answer is S. */
  readonly change?: 'keep' | 'drop';
  readonly delivery: Delivery;
}

/** How an answer travels. Faults on the wire will stand here. */
export interface Delivery {
  readonly delayMs: number;
  /** false: the answer goes out without Signature and Response-Time (register G-04). */
  readonly signed: boolean;
}

export const plainDelivery: Delivery = { delayMs: 0, signed: true };
