import { omitUndefined } from '../../protocol/omit-undefined.ts';
import type { ChosenFaults } from '../faults/choice.ts';
import type { Delay } from '../faults/fault.ts';
import type { JsonObject, ResultStatus } from '../state/state.ts';
import type { CallCounter, FieldsMatcher, MatchContext, StateMatcher } from './conditions.ts';
import type { Layout } from './layout.ts';
import type { PatternMeter } from './pattern.ts';
import type { Notification, Rule } from './scenario-file.ts';

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
