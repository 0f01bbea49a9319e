import type { Json, JsonObject } from '../world/state.ts';
import type { ActiveRule } from './match-rule.ts';
import type { FieldCondition } from './scenario-file.ts';

/** A rule and its place in the order. */
interface Placed {
  readonly place: number;
  readonly rule: ActiveRule;
}

/** Rules that ask one field for a text's beginning, by its length and itself. */
type ByPrefix = Map<number, Map<string, Placed[]>>;

/**
 * The rules of an operation, sorted by the first plain thing they ask of the request, so that a request need not be held against
 * a thousand rules that are about other orders.
 */
export class RuleShelf {
  readonly #others: Placed[] = [];
  readonly #byValue = new Map<string, Map<Json, Placed[]>>();
  readonly #byPrefix = new Map<string, ByPrefix>();

  constructor(rules: readonly ActiveRule[]) {
    for (const [place, rule] of rules.entries()) this.#put({ place, rule });
  }

  /** The rules that may fit a request, in order. Whether they do is theirs to say. */
  candidates(request: JsonObject): readonly ActiveRule[] {
    const found = [...this.#others];
    for (const [field, values] of this.#byValue) found.push(...(values.get(own(request, field) ?? absent) ?? []));
    for (const [field, lengths] of this.#byPrefix) {
      const value = own(request, field);
      if (typeof value !== 'string') continue;
      for (const [length, prefixes] of lengths) found.push(...(prefixes.get(value.slice(0, length)) ?? []));
    }
    return found.sort((a, b) => a.place - b.place).map(({ rule }) => rule);
  }

  #put(placed: Placed): void {
    const [field, condition] = Object.entries(placed.rule.when.body ?? {}).find(([name, one]) => !name.includes('.') && isPlain(one)) ?? [];
    if (field === undefined || condition === undefined) this.#others.push(placed);
    else if (typeof condition !== 'object' || condition === null) shelve(at(this.#byValue, field), condition ?? absent, placed);
    else if (condition.prefix !== undefined) shelve(at(at(this.#byPrefix, field), condition.prefix.length), condition.prefix, placed);
    else this.#others.push(placed);
  }
}

/** A field that is not there, or null: the two are told apart by the rule itself. */
const absent = null;

/** Asks for one value or one beginning, whatever else it asks. */
const isPlain = (condition: FieldCondition): boolean =>
  typeof condition !== 'object' || condition === null || condition.prefix !== undefined;

const own = (request: JsonObject, field: string): Json | undefined => (Object.hasOwn(request, field) ? request[field] : undefined);

const at = <K, L, V>(shelves: Map<K, Map<L, V>>, key: K): Map<L, V> => {
  const known = shelves.get(key) ?? new Map<L, V>();
  shelves.set(key, known);
  return known;
};

const shelve = <K>(shelf: Map<K, Placed[]>, key: K, placed: Placed): void => {
  const known = shelf.get(key);
  if (known === undefined) shelf.set(key, [placed]);
  else known.push(placed);
};
