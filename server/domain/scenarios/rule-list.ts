import type { OperationId } from '../contract/contract.ts';
import type { JsonObject } from '../state/state.ts';
import type { CompiledRule } from './match-rule.ts';
import { RuleIndex } from './rule-shelf.ts';

/** Rules in order, sorted beforehand by what can be told without a request. */
export class RuleList {
  readonly all: readonly CompiledRule[];
  readonly #atDecision = new Map<OperationId, RuleIndex>();
  readonly #beforeVerify = new Map<OperationId, readonly CompiledRule[]>();

  constructor(rules: readonly CompiledRule[]) {
    this.all = rules;
    for (const operation of new Set(rules.map(({ when }) => when.operation))) {
      const own = rules.filter(({ when }) => when.operation === operation);
      this.#atDecision.set(operation, new RuleIndex(own.filter(({ isEarly }) => !isEarly)));
      this.#beforeVerify.set(
        operation,
        own.filter(({ isEarly }) => isEarly),
      );
    }
  }

  /** Those asked at the decision that may fit the request. */
  atDecision(operation: OperationId, request: JsonObject): readonly CompiledRule[] {
    return this.#atDecision.get(operation)?.candidates(request) ?? none;
  }

  /** Those asked before anything of the request is checked. */
  beforeVerify(operation: OperationId): readonly CompiledRule[] {
    return this.#beforeVerify.get(operation) ?? none;
  }
}

const none: readonly CompiledRule[] = [];
