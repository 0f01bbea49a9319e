import type { OperationId } from '../contract/contract.ts';
import type { ActiveRule } from './match-rule.ts';

/** Rules in order, sorted beforehand by what can be told without a request. */
export class RuleList {
  readonly all: readonly ActiveRule[];
  readonly #late = new Map<OperationId, ActiveRule[]>();
  readonly #early = new Map<OperationId, ActiveRule[]>();

  constructor(rules: readonly ActiveRule[]) {
    this.all = rules;
    for (const rule of rules) {
      const lists = rule.isEarly ? this.#early : this.#late;
      const list = lists.get(rule.when.operation);
      if (list === undefined) lists.set(rule.when.operation, [rule]);
      else list.push(rule);
    }
  }

  /** Those asked at the decision. */
  late(operation: OperationId): readonly ActiveRule[] {
    return this.#late.get(operation) ?? none;
  }

  /** Those asked before anything of the request is checked. */
  early(operation: OperationId): readonly ActiveRule[] {
    return this.#early.get(operation) ?? none;
  }
}

const none: readonly ActiveRule[] = [];
