import { omitUndefined } from '../../problems/plain-object.ts';
import type { OperationId } from '../contract/contract.ts';
import type { ChosenFaults } from '../faults/choice.ts';
import type { Delay } from '../faults/fault.ts';
import type { Json, JsonObject, RecordAddress, ResultStatus } from '../state/state.ts';
import type { Layout } from './layout.ts';
import { compilePattern, type PatternMeter } from './pattern.ts';
import type { FieldCondition, Notification, Rule } from './scenario-file.ts';

/** A rule that has been checked and compiled. */
export interface CompiledRule {
  /** `order-fails-twice, rule 1`. */
  readonly name: string;
  /** The scenario it belongs to: what its named states are kept under. */
  readonly story: string;
  readonly when: Rule['when'];
  /** Whether the request's fields match. */
  readonly matchesBody: FieldsMatcher;
  /** Whether the client's state matches; undefined when the rule has no such condition. */
  readonly matchesState: StateMatcher | undefined;
  /** Asked before anything of the request is checked (phase before-verify), and only then. */
  readonly isEarly: boolean;
  /** Queued for a number of calls: its record holds how many it has answered. */
  readonly isOneShot?: boolean;
  /**
   * What it says to its nth matching call (from 1); undefined: it lets that call pass on to the
   * next rule.
   */
  readonly scriptedResultFor: (call: number) => ScriptedResult | undefined;
}

/** Where the calls of a rule are counted. */
export const callCounter = (
  { name, when, isOneShot }: CompiledRule,
  identity: string,
): CallCounter => ({
  collection: isOneShot === true ? 'oneShots' : 'calls',
  id: when.call?.per === 'identity' ? `${name} ${identity}` : name,
});

/** The id of the record that holds the state of a rule's story for this identity. */
export const storyId = ({ story }: CompiledRule, identity: string): string =>
  `${story} ${identity}`;

export interface MatchInput {
  readonly clientId: string;
  readonly request: JsonObject;
  /** Whether an earlier request came on the same connection. */
  readonly isReused: boolean;
  /** Counts the steps of all patterns; absent: of each by itself. */
  readonly meter?: PatternMeter | undefined;
}

/**
 * The rules of the operation whose conditions on the request fit, list by list, in order. Which one
 * answers depends on the world as it is then.
 */
export const matchingRules = (
  lists: readonly (readonly CompiledRule[])[],
  { clientId, request, isReused, meter }: MatchInput,
): CompiledRule[] => {
  const matched: CompiledRule[] = [];
  for (const rules of lists)
    for (const rule of rules) {
      const { client, connection } = rule.when;
      if (
        (client === undefined || client === clientId) &&
        (connection === undefined || (connection === 'reused') === isReused) &&
        rule.matchesBody(request, meter)
      )
        matched.push(rule);
    }
  return matched;
};

export interface Selection {
  readonly script: ScriptedResult | undefined;
  /** The counters of all rules that were reached, as they are now. */
  readonly calls: readonly (readonly [counter: CallCounter, calls: number])[];
  /** The story that changes its state. */
  readonly goTo?: readonly [story: string, state: string];
}

/**
 * Asks the rules in order; each one reached counts the call, the first that answers ends the
 * search.
 */
export const selectRule = (rules: readonly CompiledRule[], live: MatchContext): Selection => {
  const calls: [CallCounter, number][] = [];
  for (const rule of rules) {
    const story = storyId(rule, live.identity);
    if (rule.matchesState?.(story, live) === false) continue;
    const counter = callCounter(rule, live.identity);
    const call = live.callsBefore(counter) + 1;
    calls.push([counter, call]);
    const script = rule.scriptedResultFor(call);
    if (script !== undefined)
      return {
        script,
        calls,
        ...omitUndefined({
          goTo: script.goTo === undefined ? undefined : ([story, script.goTo] as const),
        }),
      };
  }
  return { script: undefined, calls };
};

/** What a scenario's rule says about one call. */
export interface ScriptedResult {
  /** Scenario and rule, for the journal: `order-fails-twice, rule 1`. */
  readonly name: string;
  /** Absent: the call is decided as usual, only delivered otherwise. */
  readonly result?: string;
  readonly status?: ResultStatus;
  /** The code may be in no table. */
  readonly unlisted?: true;
  readonly message?: string;
  /** Fields laid over the answer's own. */
  readonly body?: JsonObject;
  /**
   * Whether the state changes as it would have without the script; by default only when the answer
   * is S.
   */
  readonly change?: 'keep' | 'drop';
  /** A call to the merchant that follows. */
  readonly notify?: Notification;
  /** The next state of the story, for this identity. */
  readonly goTo?: string;
  /** The delay may still have to be sampled. */
  readonly delivery: Omit<DeliveryPlan, 'delayMs' | 'delayIsDrawn'> & { readonly delayMs: Delay };
}

/** How an answer travels, and what goes wrong with it. */
export interface DeliveryPlan extends ChosenFaults {
  readonly delayMs: number;
  /** The delay is random, so the journal shows which one it was. */
  readonly delayIsDrawn?: boolean;
  /** false: the answer goes out without Signature and Response-Time (register G-04). */
  readonly signed: boolean;
  /** Of the platform's key that signs; the newest when absent. */
  readonly keyVersion?: number;
  readonly layout?: Layout;
}

export const ordinaryDelivery: DeliveryPlan = { delayMs: 0, signed: true };

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
class RuleIndex {
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

/** Whether fields fit some conditions. */
type FieldsMatcher = (fields: JsonObject, meter?: PatternMeter) => boolean;

const matchesAlways: FieldsMatcher = () => true;

/**
 * Readies conditions on fields once, for the many requests they will be held against; a dot in a
 * name goes into an object.
 */
export const compileConditions = (
  conditions: Readonly<Record<string, FieldCondition>> | undefined,
): FieldsMatcher => {
  const checks = Object.entries(conditions ?? {}).map(([path, condition]) =>
    compileCondition(path.split('.'), condition),
  );
  const [only, ...more] = checks;
  if (only === undefined) return matchesAlways;
  return more.length === 0
    ? only
    : (fields, meter) => checks.every((check) => check(fields, meter));
};

const compileCondition = (path: readonly string[], condition: FieldCondition): FieldsMatcher => {
  const fits = compileValueMatcher(condition);
  const [name] = path;
  if (path.length === 1 && name !== undefined)
    return (fields, meter) => fits(Object.hasOwn(fields, name) ? fields[name] : undefined, meter);
  return (fields, meter) => fits(valueUnder(fields, path), meter);
};

type ValueMatcher = (value: Json | undefined, meter?: PatternMeter) => boolean;

/** Only what a condition asks is checked: a thousand rules may be held against every request. */
const compileValueMatcher = (condition: FieldCondition): ValueMatcher => {
  if (typeof condition !== 'object' || condition === null) return (value) => value === condition;
  const { equals, prefix, regex, present, min, max } = condition;
  const pattern = regex === undefined ? undefined : compilePattern(regex);
  const checks: (ValueMatcher | undefined)[] = [
    equals === undefined ? undefined : (value) => value === equals,
    prefix === undefined
      ? undefined
      : (value) => typeof value === 'string' && value.startsWith(prefix),
    pattern === undefined
      ? undefined
      : (value, meter) => typeof value === 'string' && pattern(value, meter),
    present === undefined ? undefined : (value) => present === (value !== undefined),
    min === undefined ? undefined : (value) => typeof value === 'number' && value >= min,
    max === undefined ? undefined : (value) => typeof value === 'number' && value <= max,
  ];
  const [only, ...more] = checks.filter((check) => check !== undefined);
  if (only === undefined) return () => true;
  return more.length === 0
    ? only
    : (value, meter) => only(value, meter) && more.every((check) => check(value, meter));
};

/** The value under a dotted path, or undefined. */
export const valueAt = (fields: JsonObject, path: string): Json | undefined =>
  valueUnder(fields, path.split('.'));

const valueUnder = (fields: JsonObject, path: readonly string[]): Json | undefined => {
  let node: Json | undefined = fields;
  for (const name of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as JsonObject)[name];
  }
  return node;
};

/** The record that counts the calls of a rule: of a queued one its own. */
export type CallCounter = RecordAddress & { readonly collection: 'calls' | 'oneShots' };

/** What a rule may ask of the world at the moment of the decision. */
interface MatchContext {
  /** JSON text of the values that identify the record; empty before verification. */
  readonly identity: string;
  /** How often a rule was reached before. */
  readonly callsBefore: (counter: CallCounter) => number;
  /** The state of a story for this identity. */
  readonly stateOf: (story: string) => string;
  /** Fields of the thing as it is held; undefined when nothing is. */
  readonly held: JsonObject | undefined;
  /** Milliseconds since 1970, by the client's clock. */
  readonly now: number;
  /** Counts the steps of all patterns; absent: of each by itself. */
  readonly meter?: PatternMeter;
}

/** Where every story begins. */
export const firstState = 'start';

/**
 * Whether the conditions on state, held fields and time fit. @param story where the story's state
 * is kept for this identity
 */
type StateMatcher = (story: string, live: MatchContext) => boolean;

/** Readies those conditions of a rule; undefined when it has none. */
export const compileStateConditions = ({
  state,
  held,
  from,
  until,
}: Rule['when']): StateMatcher | undefined => {
  if (state === undefined && held === undefined && from === undefined && until === undefined)
    return undefined;
  const states = state === undefined ? undefined : [state].flat();
  const heldFits = held === undefined ? undefined : compileHeldConditions(held);
  const [first, end] = [
    from === undefined ? -Infinity : Date.parse(from),
    until === undefined ? Infinity : Date.parse(until),
  ];
  return (story, live) =>
    live.now >= first &&
    live.now < end &&
    (states === undefined || states.includes(live.stateOf(story))) &&
    (heldFits === undefined || heldFits(live.held, live.meter));
};

const compileHeldConditions = (
  held: NonNullable<Rule['when']['held']>,
): ((fields: JsonObject | undefined, meter?: PatternMeter) => boolean) => {
  if (held === 'nothing') return (fields) => fields === undefined;
  const conditions: FieldsMatcher = compileConditions(held);
  return (fields, meter) => fields !== undefined && conditions(fields, meter);
};
