import { RuleList } from '../domain/scenarios/rule-index.ts';
import type { CompiledRule } from '../domain/scenarios/select-rule.ts';
import type { Change } from '../domain/state/state.ts';

/** A compiled rule that answers a number of calls and is then deleted. */
export interface OneShot {
  readonly rule: CompiledRule;
  readonly times: number;
}

/**
 * The rules queued for a client's next calls, compiled. Whether one still answers is held in its
 * record: a decision reads that, and deletes it with its last call.
 */
export class OneShots {
  #queue: OneShot[] = [];
  #rules = new RuleList([]);
  #count = 0;

  /** A name that no rule of the queue had before: its record is held under it. */
  nextName(): string {
    return `one-shot ${++this.#count}`;
  }

  add(oneShot: OneShot): void {
    this.#change([...this.#queue, oneShot]);
  }

  /** In the order they are asked. */
  get queue(): readonly OneShot[] {
    return this.#queue;
  }

  get rules(): RuleList {
    return this.#rules;
  }

  /** Removes the rules whose records were deleted. @param committed changes of a request */
  removeDeleted(committed: readonly Change[]): void {
    if (this.#queue.length === 0) return;
    const deleted = committed.filter((one) => one.collection === 'oneShots' && one.value === null);
    if (deleted.length === 0) return;
    this.#change(this.#queue.filter(({ rule }) => !deleted.some(({ id }) => id === rule.name)));
  }

  clear(): void {
    this.#change([]);
  }

  #change(queue: OneShot[]): void {
    this.#queue = queue;
    this.#rules = new RuleList(queue.map(({ rule }) => rule));
  }
}
