import type { OperationId } from '../contract/contract.ts';
import type { Json, JsonObject } from '../state/state.ts';
import type { CompiledRule } from './select-rule.ts';

/** When rules are selected: before anything of a request is checked, or at its decision. */
export type RulePhase = 'before-verify' | 'at-decision';

/** Rules in order, indexed by what is known of them without a request. */
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

  /** The rules of a phase that may match a request to an operation, in order. */
  candidates(
    phase: RulePhase,
    operation: OperationId,
    request: JsonObject,
  ): readonly CompiledRule[] {
    const found =
      phase === 'before-verify'
        ? this.#beforeVerify.get(operation)
        : this.#atDecision.get(operation)?.candidates(request);
    return found ?? noCompiledRules;
  }
}

const noCompiledRules: readonly CompiledRule[] = [];

/** A rule and its place in the order. */
interface Indexed {
  readonly place: number;
  readonly rule: CompiledRule;
}

/** Rules that ask one field for a text's beginning, by its length and itself. */
type ByPrefix = Map<number, Map<string, Indexed[]>>;

/**
 * The rules of an operation, sorted by the first plain thing they ask of the request, so that a
 * request need not be held against a thousand rules that are about other orders.
 */
export class RuleIndex {
  readonly #others: Indexed[] = [];
  readonly #byValue = new Map<string, Map<Json, Indexed[]>>();
  readonly #byPrefix = new Map<string, ByPrefix>();

  constructor(rules: readonly CompiledRule[]) {
    for (const [place, rule] of rules.entries()) this.#bucketFor(rule).push({ place, rule });
  }

  /** The rules that may fit a request, in order. Whether they do is theirs to say. */
  candidates(request: JsonObject): readonly CompiledRule[] {
    const found = [...this.#others];
    for (const [field, values] of this.#byValue)
      found.push(...(values.get(own(request, field) ?? absent) ?? []));
    for (const [field, lengths] of this.#byPrefix) {
      const value = own(request, field);
      if (typeof value !== 'string') continue;
      for (const [length, prefixes] of lengths)
        found.push(...(prefixes.get(value.slice(0, length)) ?? []));
    }
    return found.sort((a, b) => a.place - b.place).map(({ rule }) => rule);
  }

  #bucketFor({ when }: CompiledRule): Indexed[] {
    for (const [field, condition] of Object.entries(when.body ?? {})) {
      if (field.includes('.')) continue;
      const { equals, prefix } =
        typeof condition === 'object' && condition !== null
          ? condition
          : { equals: condition, prefix: undefined };
      if (equals !== undefined)
        return getOrAdd(getOrAdd(this.#byValue, field, newMap<Json, Indexed[]>), equals, newBucket);
      if (prefix === undefined) continue;
      const byLength = getOrAdd(this.#byPrefix, field, newMap<number, Map<string, Indexed[]>>);
      return getOrAdd(
        getOrAdd(byLength, prefix.length, newMap<string, Indexed[]>),
        prefix,
        newBucket,
      );
    }
    return this.#others;
  }
}

/** A missing field, or null: the rule itself distinguishes them. */
const absent = null;

const own = (request: JsonObject, field: string): Json | undefined =>
  Object.hasOwn(request, field) ? request[field] : undefined;

const newMap = <K, V>(): Map<K, V> => new Map();
const newBucket = (): Indexed[] => [];

const getOrAdd = <K, V>(shelves: Map<K, V>, key: K, make: () => V): V => {
  const known = shelves.get(key) ?? make();
  shelves.set(key, known);
  return known;
};
