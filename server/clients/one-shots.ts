import { RuleList } from '../domain/scenarios/rule-index.ts';
import type { CompiledRule } from '../domain/scenarios/select-rule.ts';

/** A rule that answers a number of calls and is then gone. */
export interface OneShot {
  readonly rule: CompiledRule;
  readonly times: number;
}

/** Rules queued for a client's next calls: the first that fits answers, until it is used up. */
export class OneShots {
  #queue: OneShot[] = [];
  #rules = new RuleList([]);
  #count = 0;

  /** @param ruleNamed makes the rule with the name its calls are counted under */
  add(times: number, ruleNamed: (name: string) => CompiledRule): OneShot {
    const oneShot = { rule: ruleNamed(`one-shot ${++this.#count}`), times };
    this.#change([...this.#queue, oneShot]);
    return oneShot;
  }

  /** In the order they are asked. */
  get queue(): readonly OneShot[] {
    return this.#queue;
  }

  get rules(): RuleList {
    return this.#rules;
  }

  /**
   * Takes those out that have answered as often as they should. @param calls how often rules have
   * been reached, by counter
   */
  removeExhausted(calls: readonly (readonly [counter: string, calls: number])[]): void {
    if (this.#queue.length === 0) return;
    const reached = new Map(calls);
    this.#change(this.#queue.filter(({ rule, times }) => (reached.get(rule.name) ?? 0) < times));
  }

  clear(): void {
    this.#change([]);
  }

  #change(queue: OneShot[]): void {
    this.#queue = queue;
    this.#rules = new RuleList(queue.map(({ rule }) => rule));
  }
}
