import type { OperationId } from '../contract/contract.ts';
import type { Json, JsonObject } from '../world/state.ts';
import type { FieldCondition, Rule } from './scenario-file.ts';
import type { Script } from './script.ts';

/** A rule ready to be asked. */
export interface ActiveRule {
  /** `order-fails-twice, rule 1`. */
  readonly name: string;
  readonly when: Rule['when'];
  /** Asked before anything of the request is checked (phase before-verify), and only then. */
  readonly isEarly: boolean;
  /** What it says to its nth matching call (from 1); undefined: it lets that call pass on to the next rule. */
  readonly scriptOf: (call: number) => Script | undefined;
}

export interface MatchedRule {
  readonly rule: ActiveRule;
  /** Where its calls are counted. */
  readonly counter: string;
}

export interface Candidate {
  readonly operationId: OperationId;
  readonly clientId: string;
  readonly request: JsonObject;
  readonly identity: string;
}

/** The rules whose conditions fit the request, in order. Which one answers depends on how often each was reached. */
export const matchingRules = (rules: readonly ActiveRule[], candidate: Candidate): MatchedRule[] =>
  rules
    .filter(
      ({ when }) =>
        when.operation === candidate.operationId &&
        (when.client ?? candidate.clientId) === candidate.clientId &&
        bodyFits(when.body, candidate.request),
    )
    .map((rule) => ({ rule, counter: rule.when.call?.per === 'identity' ? `${rule.name} ${candidate.identity}` : rule.name }));

export interface Picked {
  readonly script: Script | undefined;
  /** The counters of all rules that were reached, as they are now. */
  readonly calls: readonly (readonly [counter: string, calls: number])[];
}

/** Asks the rules in order; each one reached counts the call, the first that answers ends the search. */
export const pickScript = (matched: readonly MatchedRule[], callsBefore: (counter: string) => number): Picked => {
  const calls: [string, number][] = [];
  for (const { rule, counter } of matched) {
    const call = callsBefore(counter) + 1;
    calls.push([counter, call]);
    const script = rule.scriptOf(call);
    if (script !== undefined) return { script, calls };
  }
  return { script: undefined, calls };
};

const bodyFits = (conditions: Rule['when']['body'], request: JsonObject): boolean =>
  Object.entries(conditions ?? {}).every(([path, condition]) => fieldFits(valueAt(request, path), condition));

const valueAt = (request: JsonObject, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>(
      (node, name) => (typeof node === 'object' && node !== null && Object.hasOwn(node, name) ? (node as JsonObject)[name] : undefined),
      request,
    );

const fieldFits = (value: Json | undefined, condition: FieldCondition): boolean => {
  if (typeof condition !== 'object' || condition === null) return value === condition;
  const { equals, prefix, regex, present, min, max } = condition;
  return (
    (equals === undefined || value === equals) &&
    (prefix === undefined || (typeof value === 'string' && value.startsWith(prefix))) &&
    (regex === undefined || (typeof value === 'string' && new RegExp(regex, 'u').test(value))) &&
    (present === undefined || present === (value !== undefined)) &&
    (min === undefined || (typeof value === 'number' && value >= min)) &&
    (max === undefined || (typeof value === 'number' && value <= max))
  );
};
