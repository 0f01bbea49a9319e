import { phaseTable } from '../domain/faults/phase.ts';
import type { Delivery, ScriptedResult } from '../domain/scenarios/script.ts';
import type { StateChange } from '../journal/journal-entry.ts';

/**
 * A scripted fault that strikes before anything is decided: like a refusal it leaves the pipeline
 * early, but tells nobody why.
 */
export class AbortedByFault extends Error {
  readonly rule: string;
  readonly delivery: Delivery;
  /** Where the rule's story went on to. */
  readonly changes: readonly StateChange[];

  constructor(rule: string, delivery: Delivery, changes: readonly StateChange[] = []) {
    super(`${rule} interrupts`);
    this.name = 'Interruption';
    this.rule = rule;
    this.delivery = delivery;
    this.changes = changes;
  }
}

export const abortsBeforeDecision = ({ delivery: { fault } }: ScriptedResult): boolean =>
  fault !== undefined && !phaseTable[fault.phase].isDecided;
