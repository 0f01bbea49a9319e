import type { ClientBook } from '../../clients/client-book.ts';
import type { Contract, Operation } from '../../domain/contract/contract.ts';
import type { Finding } from '../../domain/contract/finding.ts';
import { compileRule } from '../../domain/scenarios/compile-rule.ts';
import { readMagicValue } from '../../domain/scenarios/magic-values.ts';
import type { ActiveRule } from '../../domain/scenarios/match-rule.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import { type Headers, readSteeringHeaders, type Steered } from '../../domain/scenarios/steering-headers.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { clipText } from '../../problems/clip-text.ts';
import { formatProblem } from '../../problems/problem.ts';
import { refuseOpenly } from '../refusal.ts';

export interface RuleSources {
  readonly book: ClientBook;
  readonly scenarios: ScenarioSet;
  readonly contract: Contract;
  /** Whether headers and magic values have a meaning. */
  readonly isSteered: boolean;
}

/** The call that is to be decided, as far as it is known. */
export interface Caller {
  readonly headers: Headers;
  readonly clientId: string;
  readonly operation: Operation;
}

export interface ChosenRules {
  /** Lists of rules, the strongest first. */
  readonly rules: readonly (readonly ActiveRule[])[];
  readonly findings: readonly Finding[];
}

/**
 * What may have a say in a call, in the one order of precedence: the request's own headers, what is queued for the client, the client's own
 * scenarios, a magic value, the scenarios that are active for everyone (register G-25). The first rule that matches answers.
 * @throws Refusal when a header asks for something that does not exist: silently doing nothing would pass for success.
 */
export const chooseRules = (caller: Caller, identity: readonly string[], request: JsonObject, sources: RuleSources): ChosenRules => {
  const steered = steer(caller, sources);
  if ('problems' in steered)
    throw refuseOpenly(
      'PARAM_ILLEGAL',
      'G-25',
      steered.problems.map((problem) => formatProblem(problem).replace(/\.?\n\s*/g, '. ')).join('; '),
    );
  const controls = sources.book.controls(caller.clientId);
  const magic = sources.isSteered ? magicRule(caller.operation, identity, request, sources.contract) : nothing;
  const { id } = caller.operation;
  const lists = [
    steered.rules?.late(id, request) ?? none,
    controls.oneShots.rules.late(id, request),
    sources.scenarios.rulesOf(controls.scenarios).late(id, request),
    ...magic.rules,
    sources.scenarios.rules.late(id, request),
  ];
  return { rules: lists, findings: magic.findings };
};

/** The same before anything of the request is checked: only what needs neither body nor proof of who calls. */
export const chooseEarlyRules = (caller: Caller, sources: RuleSources): readonly (readonly ActiveRule[])[] => {
  const { book, scenarios } = sources;
  const steered = steer(caller, sources);
  const controls = book.controls(caller.clientId);
  const lists = [
    'rules' in steered ? steered.rules : undefined,
    controls.oneShots.rules,
    scenarios.rulesOf(controls.scenarios),
    scenarios.rules,
  ];
  return lists.map((list) => list?.early(caller.operation.id) ?? none);
};

const none: readonly ActiveRule[] = [];

const nothing: ChosenRules = { rules: [], findings: [] };

const steer = ({ headers, operation }: Caller, { contract, scenarios, isSteered }: RuleSources): Steered =>
  isSteered ? readSteeringHeaders(headers, operation.id, contract, scenarios) : { rules: undefined };

const magicRule = (operation: Operation, identity: readonly string[], request: JsonObject, contract: Contract): ChosenRules => {
  const magic = readMagicValue(operation, identity, request);
  if (magic === undefined) return nothing;
  const compiled =
    magic.then === undefined
      ? undefined
      : compileRule(magic.field, `magic value of ${magic.field}`, { when: { operation: operation.id }, then: magic.then }, contract);
  if (compiled !== undefined && 'rule' in compiled) return { rules: [[compiled.rule]], findings: [] };
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
