import type { OperationId } from '../contract/contract.ts';
import type { JsonObject } from '../state/state.ts';
import type { ActiveRule } from './match-rule.ts';
import { RuleShelf } from './rule-shelf.ts';

/** Rules in order, sorted beforehand by what can be told without a request. */
export class RuleList {
  readonly all: readonly ActiveRule[];
  readonly #late = new Map<OperationId, RuleShelf>();
  readonly #early = new Map<OperationId, readonly ActiveRule[]>();

  constructor(rules: readonly ActiveRule[]) {
    this.all = rules;
    for (const operation of new Set(rules.map(({ when }) => when.operation))) {
      const own = rules.filter(({ when }) => when.operation === operation);
      this.#late.set(operation, new RuleShelf(own.filter(({ isEarly }) => !isEarly)));
      this.#early.set(
        operation,
        own.filter(({ isEarly }) => isEarly),
      );
    }
  }

  /** Those asked at the decision that may fit the request. */
  late(operation: OperationId, request: JsonObject): readonly ActiveRule[] {
    return this.#late.get(operation)?.candidates(request) ?? none;
  }

  /** Those asked before anything of the request is checked. */
  early(operation: OperationId): readonly ActiveRule[] {
    return this.#early.get(operation) ?? none;
  }
}

const none: readonly ActiveRule[] = [];
