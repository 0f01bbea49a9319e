import type { Problem } from '../../problems/problem.ts';
import type { Scenario } from './compile-scenario.ts';
import { RuleList } from './select-rule.ts';

const noRules = new RuleList([]);

/** All scenarios that are known, and which of them are active for everyone. */
export class ScenarioSet {
  readonly #initial: readonly string[];
  readonly #readFiles: () => ReadonlyMap<string, Scenario>;
  #filesRead: ReadonlyMap<string, Scenario> | undefined;
  #uploaded: ReadonlyMap<string, Scenario> = new Map();
  #known: ReadonlyMap<string, Scenario> | undefined;
  #active: readonly string[];
  readonly #lists = new Map<string, RuleList>();

  /**
   * @param readFiles called when a scenario is first needed; in most runs none is
   */
  constructor(readFiles: () => ReadonlyMap<string, Scenario>, active: readonly string[]) {
    this.#readFiles = readFiles;
    this.#initial = active;
    this.#active = active;
  }

  /** Those of files, and those that were uploaded. */
  get known(): ReadonlyMap<string, Scenario> {
    this.#known ??=
      this.#uploaded.size === 0 ? this.#inFiles : new Map([...this.#uploaded, ...this.#inFiles]);
    return this.#known;
  }

  isUploaded(name: string): boolean {
    return this.#uploaded.has(name);
  }

  get activeNames(): readonly string[] {
    return this.#active;
  }

  /** The rules active for everyone, in order. */
  get rules(): RuleList {
    return this.rulesFor(this.#active);
  }

  rulesFor(names: readonly string[]): RuleList {
    if (names.length === 0) return noRules;
    const key = names.join(' ');
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = new RuleList(names.flatMap((name) => this.known.get(name)?.rules ?? []));
    this.#lists.set(key, list);
    return list;
  }

  /** @returns the names that are not known; nothing changes when there are any. */
  activate(names: readonly string[]): readonly string[] {
    const missing = names.filter((name) => !this.known.has(name));
    if (missing.length === 0) this.#change(names);
    return missing;
  }

  /** Makes those active that were at the start, as far as they are still known. */
  activateInitial(): void {
    this.#change(this.#initial.filter((name) => this.known.has(name)));
  }

  /**
   * Adds one scenario to those of files, in place of one of the same name that was uploaded
   * before. @returns false when a file's has the name.
   */
  upload(scenario: Scenario): boolean {
    if (this.#inFiles.has(scenario.name)) return false;
    this.#uploaded = new Map([...this.#uploaded, [scenario.name, scenario]]);
    this.#change(this.#active);
    return true;
  }

  /** Deletes one that was uploaded. @returns false when no uploaded one has the name. */
  remove(name: string): boolean {
    if (!this.#uploaded.has(name)) return false;
    this.#uploaded = new Map([...this.#uploaded].filter(([one]) => one !== name));
    this.#change(this.#active.filter((one) => one !== name));
    return true;
  }

  removeAll(): void {
    for (const name of this.#uploaded.keys()) this.remove(name);
  }

  get uploaded(): readonly Scenario[] {
    return [...this.#uploaded.values()];
  }

  /** Replaces what was uploaded and what is active, as another replica has it. */
  follow(uploaded: readonly Scenario[], active: readonly string[]): void {
    this.#uploaded = new Map(uploaded.map((one) => [one.name, one]));
    this.#change(active);
  }

  /**
   * Takes a freshly read set in one step, or keeps the last good one when anything is wrong with
   * it.
   */
  replace(inFiles: ReadonlyMap<string, Scenario>, problems: readonly Problem[]): boolean {
    if (
      problems.length > 0 ||
      this.#active.some((name) => !inFiles.has(name) && !this.#uploaded.has(name))
    )
      return false;
    this.#filesRead = inFiles;
    this.#change(this.#active);
    return true;
  }

  get #inFiles(): ReadonlyMap<string, Scenario> {
    this.#filesRead ??= this.#readFiles();
    return this.#filesRead;
  }

  #change(active: readonly string[]): void {
    this.#known = undefined;
    this.#active = active;
    this.#lists.clear();
  }
}
