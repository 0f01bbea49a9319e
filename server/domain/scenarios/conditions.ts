import type { Json, JsonObject, RecordAddress } from '../state/state.ts';
import { compilePattern, type PatternMeter } from './pattern.ts';
import type { FieldCondition, Rule } from './scenario-file.ts';

/** Whether fields fit some conditions. */
export type FieldsMatcher = (fields: JsonObject, meter?: PatternMeter) => boolean;

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
export interface MatchContext {
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
export type StateMatcher = (story: string, live: MatchContext) => boolean;

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
