import { phaseTable } from '../faults/phase.ts';
import type { Delivery, Script } from '../scenario/script.ts';

/** A scripted fault that strikes before anything is decided: like a refusal it leaves the pipeline early, but tells nobody why. */
export class Interruption extends Error {
  readonly rule: string;
  readonly delivery: Delivery;

  constructor(rule: string, delivery: Delivery) {
    super(`${rule} interrupts`);
    this.name = 'Interruption';
    this.rule = rule;
    this.delivery = delivery;
  }
}

export const interrupts = ({ delivery: { fault } }: Script): boolean => fault !== undefined && !phaseTable[fault.phase].isDecided;
