import type { Problem } from '../problems/problem.ts';
import type { Scenario } from './compile-scenario.ts';
import { RuleList } from './rule-list.ts';

/** All scenarios that are known, and which of them are active for everyone. */
export class ScenarioSet {
  #known: ReadonlyMap<string, Scenario>;
  #active: readonly string[];
  readonly #lists = new Map<string, RuleList>();

  constructor(known: ReadonlyMap<string, Scenario>, active: readonly string[]) {
    this.#known = known;
    this.#active = active;
  }

  get known(): ReadonlyMap<string, Scenario> {
    return this.#known;
  }

  get activeNames(): readonly string[] {
    return this.#active;
  }

  /** The rules active for everyone, in order. */
  get rules(): RuleList {
    return this.rulesOf(this.#active);
  }

  rulesOf(names: readonly string[]): RuleList {
    const key = names.join(' ');
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = new RuleList(names.flatMap((name) => this.#known.get(name)?.rules ?? []));
    this.#lists.set(key, list);
    return list;
  }

  /** @returns the names that are not known; nothing changes when there are any. */
  activate(names: readonly string[]): readonly string[] {
    const missing = names.filter((name) => !this.#known.has(name));
    if (missing.length === 0) this.#change(this.#known, names);
    return missing;
  }

  /** Takes a freshly read set in one step, or keeps the last good one when anything is wrong with it. */
  replace(known: ReadonlyMap<string, Scenario>, problems: readonly Problem[]): boolean {
    if (problems.length > 0 || this.#active.some((name) => !known.has(name))) return false;
    this.#change(known, this.#active);
    return true;
  }

  #change(known: ReadonlyMap<string, Scenario>, active: readonly string[]): void {
    this.#known = known;
    this.#active = active;
    this.#lists.clear();
  }
}
