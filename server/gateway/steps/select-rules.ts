import type { ClientRegistry } from '../../clients/client-registry.ts';
import type { Contract, Finding, Operation } from '../../domain/contract/contract.ts';
import { sampleDelay } from '../../domain/faults/delay.ts';
import { compileRule } from '../../domain/scenarios/compile-rule.ts';
import { readMagicValue } from '../../domain/scenarios/magic-values.ts';
import {
  type Headers,
  type OverrideResult,
  readOverrideHeaders,
} from '../../domain/scenarios/override-headers.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import {
  type CompiledRule,
  type DeliveryPlan,
  ordinaryDelivery,
  type Selection,
} from '../../domain/scenarios/select-rule.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { clipText } from '../../problems/display-text.ts';
import { formatProblem } from '../../problems/problem.ts';
import { refuseWithMessage } from '../refusal.ts';

export interface RuleSources {
  readonly book: ClientRegistry;
  readonly scenarios: ScenarioSet;
  readonly contract: Contract;
  /** Whether headers and magic values have a meaning. */
  readonly overridesAllowed: boolean;
}

/** The call that is to be decided, as far as it is known. */
export interface Caller {
  readonly headers: Headers;
  readonly clientId: string;
  readonly operation: Operation;
}

export interface SelectedRules {
  /** Lists of rules, the strongest first. */
  readonly rules: readonly (readonly CompiledRule[])[];
  readonly findings: readonly Finding[];
}

/**
 * What may have a say in a call, in the one order of precedence: the request's own headers, what is
 * queued for the client, the client's own scenarios, a magic value, the scenarios that are active
 * for everyone (register G-25). The first rule that matches answers.
 * @throws Refusal when a header asks for something that does not exist: silently doing nothing
 * would pass for success.
 */
export const selectRules = (
  caller: Caller,
  identity: readonly string[],
  request: JsonObject,
  sources: RuleSources,
): SelectedRules => {
  const steered = readOverrides(caller, sources);
  if ('problems' in steered)
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-25',
      steered.problems
        .map((problem) => formatProblem(problem).replace(/\.?\n\s*/g, '. '))
        .join('; '),
    );
  const controls = sources.book.controls(caller.clientId);
  const magic = sources.overridesAllowed
    ? compileMagicValue(caller.operation, identity, request, sources.contract)
    : noSelection;
  const { id } = caller.operation;
  const lists = [
    steered.rules?.atDecision(id, request) ?? none,
    controls.oneShots.rules.atDecision(id, request),
    sources.scenarios.rulesFor(controls.scenarios).atDecision(id, request),
    ...magic.rules,
    sources.scenarios.rules.atDecision(id, request),
  ];
  return { rules: lists, findings: magic.findings };
};

/**
 * The same before anything of the request is checked: only what needs neither body nor proof of who
 * calls.
 */
export const selectEarlyRules = (
  caller: Caller,
  sources: RuleSources,
): readonly (readonly CompiledRule[])[] => {
  const { book, scenarios } = sources;
  const steered = readOverrides(caller, sources);
  const controls = book.controls(caller.clientId);
  const lists = [
    'rules' in steered ? steered.rules : undefined,
    controls.oneShots.rules,
    scenarios.rulesFor(controls.scenarios),
    scenarios.rules,
  ];
  return lists.map((list) => list?.beforeVerify(caller.operation.id) ?? none);
};

const none: readonly CompiledRule[] = [];

const noSelection: SelectedRules = { rules: [], findings: [] };

const readOverrides = (
  { headers, operation }: Caller,
  { contract, scenarios, overridesAllowed: isSteered }: RuleSources,
): OverrideResult =>
  isSteered
    ? readOverrideHeaders(headers, operation.id, contract, scenarios)
    : { rules: undefined };

const compileMagicValue = (
  operation: Operation,
  identity: readonly string[],
  request: JsonObject,
  contract: Contract,
): SelectedRules => {
  const magic = readMagicValue(operation, identity, request);
  if (magic === undefined) return noSelection;
  const compiled =
    magic.then === undefined
      ? undefined
      : compileRule(
          magic.field,
          `magic value of ${magic.field}`,
          { when: { operation: operation.id }, then: magic.then },
          contract,
        );
  if (compiled !== undefined && 'rule' in compiled)
    return { rules: [[compiled.rule]], findings: [] };
  return {
    rules: [],
    findings: [
      {
        id: 'MAGIC_VALUE_UNKNOWN',
        sentence: `${magic.field}: ${clipText(magic.value, 64)} begins like a magic value, but names no result code or fault of ${operation.id}`,
        register: 'G-25',
      },
    ],
  };
};

/**
 * How the answer travels, once chance has chosen what was left to it. It hangs on the seed, the
 * client, the rule and which of the rule's calls this is, and on nothing else: neither on the time
 * nor on what other clients do.
 */
export const resolveDelivery = (
  { script, calls }: Selection,
  clientId: string,
  seed: number,
): DeliveryPlan => {
  if (script === undefined) return ordinaryDelivery;
  const { delayMs, ...rest } = script.delivery;
  if (typeof delayMs === 'number') return { ...rest, delayMs };
  return {
    ...rest,
    delayMs: sampleDelay(delayMs, JSON.stringify([seed, clientId, calls.at(-1)])),
    delayIsDrawn: true,
  };
};
