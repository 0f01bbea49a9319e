import type { Delay } from '../faults/chance.ts';
import type { ChosenFaults } from '../faults/hooks.ts';
import type { JsonObject, ResultStatus } from '../state/state.ts';

/** What a scenario's rule says about one call. */
export interface ScriptedResult {
  /** Scenario and rule, for the journal: `order-fails-twice, rule 1`. */
  readonly name: string;
  /** Absent: the call is decided as usual, only delivered otherwise. */
  readonly result?: string;
  readonly status?: ResultStatus;
  readonly message?: string;
  /** Fields laid over the answer's own. */
  readonly body?: JsonObject;
  /**
   * Whether the state changes as it would have without the script; by default only when the answer
   * is S.
   */
  readonly change?: 'keep' | 'drop';
  /** The state that the story goes on to, for this identity. */
  readonly goTo?: string;
  readonly delivery: ScriptedDelivery;
}

/** How an answer travels, and what goes wrong with it. */
export interface Delivery extends ChosenFaults {
  readonly delayMs: number;
  /** Chance chose the delay, so which one it was is worth telling. */
  readonly delayIsDrawn?: boolean;
  /** false: the answer goes out without Signature and Response-Time (register G-04). */
  readonly signed: boolean;
}

/** As a rule says it: chance may still have to choose the delay. */
export interface ScriptedDelivery extends Omit<Delivery, 'delayMs' | 'delayIsDrawn'> {
  readonly delayMs: Delay;
}

export const plainDelivery: Delivery = { delayMs: 0, signed: true };
