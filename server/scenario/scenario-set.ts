import type { Problem } from '../problems/problem.ts';
import type { Scenario } from './compile-scenario.ts';
import type { ActiveRule } from './match-rule.ts';

/** All scenarios that are known, and which of them are active for everyone. */
export class ScenarioSet {
  #known: ReadonlyMap<string, Scenario>;
  #active: readonly string[];
  #rules: readonly ActiveRule[] | undefined;

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
  get rules(): readonly ActiveRule[] {
    this.#rules ??= this.rulesOf(this.#active);
    return this.#rules;
  }

  rulesOf(names: readonly string[]): readonly ActiveRule[] {
    return names.flatMap((name) => this.#known.get(name)?.rules ?? []);
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
    this.#rules = undefined;
  }
}
