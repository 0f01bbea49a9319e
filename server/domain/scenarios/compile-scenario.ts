import { suggest } from '../../problems/did-you-mean.ts';
import { findReservedKey, reservedKeyProblem } from '../../problems/json-text.ts';
import { checkYaml, type LocatedYaml, withoutLocation } from '../../problems/located-yaml.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Contract, Operation } from '../contract/contract.ts';
import { faultContradictions } from '../faults/choice.ts';
import type { JsonObject } from '../state/state.ts';
import { expectationMisfits, type Misfit, ruleMisfits } from './contract-fit.ts';
import {
  earlyProblems,
  isEarly,
  type Rule,
  rule as ruleSchema,
  type ScenarioFile,
} from './scenario-file.ts';
import {
  type CompiledRule,
  compileConditions,
  compileStateConditions,
  firstState,
  ordinaryDelivery,
  type ScriptedResult,
} from './select-rule.ts';
import { unknownTemplates } from './templates.ts';

/** A scenario that has been checked against the contract. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  /** Of one that was uploaded and has no file. */
  readonly text?: string;
  /** The rules of one that a program made; those that replicas exchange. */
  readonly made?: readonly Rule[];
  readonly rules: readonly CompiledRule[];
  /** Stable, for tickets and reports; the package's own all have one. */
  readonly id: string | undefined;
  /** What a correct integration does in this case. */
  readonly integration: string | undefined;
  readonly include: readonly string[];
  readonly expect: NonNullable<ScenarioFile['expect']>;
}

type Then = Rule['then'];
type RuleOutcome = Omit<Then, 'sequence' | 'repeat'>;

export const compileScenario = (
  file: ScenarioFile,
  source: LocatedYaml,
  contract: Contract,
): { scenario: Scenario; problems: Problem[] } => {
  const problems = [
    ...file.rules.flatMap((rule, index) => ruleProblems(rule, ['rules', index], source, contract)),
    ...expectProblems(file, source, contract),
    ...stateProblems(file, source),
  ];
  const rules = file.rules.map((rule, index) =>
    toCompiledRule(`${file.name}, rule ${index + 1}`, rule, file.name),
  );
  return {
    scenario: {
      name: file.name,
      description: file.description,
      file: source.file,
      rules,
      id: file.id,
      integration: file.integration,
      include: file.include ?? [],
      expect: file.expect ?? [],
    },
    problems,
  };
};

/** A scenario of rules that were made by a program. They have been checked. */
export const toCompiledScenario = (name: string, rules: readonly Rule[]): Scenario => ({
  name,
  description: name,
  file: name,
  made: rules,
  rules: rules.map((rule, index) => toCompiledRule(`${name}, rule ${index + 1}`, rule, name)),
  id: undefined,
  integration: undefined,
  include: [],
  expect: [],
});

/** A rule ready to be asked. It has been checked. */
const toCompiledRule = (name: string, rule: Rule, story: string = name): CompiledRule => {
  const outcomes = listOutcomes(rule.then);
  const [script, ...others] = outcomes.map((outcome) => toScriptedResult(name, outcome));
  const steps = rule.then.sequence === undefined ? undefined : [script, ...others];
  const { first, nth, every } = rule.when.call ?? {};
  const counts = (call: number): number | undefined => {
    if (first !== undefined) return call <= first ? call : undefined;
    if (nth !== undefined) return call === nth ? 1 : undefined;
    if (every !== undefined) return call % every === 0 ? call / every : undefined;
    return call;
  };
  return {
    name,
    story,
    when: rule.when,
    matchesBody: compileConditions(rule.when.body),
    matchesState: compileStateConditions(rule.when),
    isEarly: isEarly(outcomes),
    scriptedResultFor: (call) => {
      const turn = counts(call);
      if (turn === undefined) return undefined;
      return steps === undefined
        ? script
        : steps[rule.then.repeat === true ? (turn - 1) % steps.length : turn - 1];
    },
  };
};

/**
 * One outcome for each step of a sequence, or the one. What is next to a sequence applies to each
 * of its steps.
 */
const listOutcomes = ({ sequence, repeat: _, ...outcome }: Then): readonly RuleOutcome[] =>
  sequence?.map((step) =>
    step === behave
      ? { goTo: outcome.goTo }
      : { ...outcome, ...(typeof step === 'string' ? { result: step } : step) },
  ) ?? [outcome];

/** A step of a sequence that lets the call be decided as usual. */
const behave = 'behave';

const toScriptedResult = (
  name: string,
  { delayMs, signed, body, fault, security, change, keyVersion, layout, ...rest }: RuleOutcome,
): ScriptedResult => ({
  name,
  ...omitUndefined({
    ...rest,
    change: fault?.phase === 'before-commit' ? ('drop' as const) : change,
  }),
  // Checked to be JSON by the file's schema.
  ...omitUndefined({ body: body as JsonObject | undefined }),
  delivery: {
    delayMs: delayMs ?? ordinaryDelivery.delayMs,
    signed: signed ?? ordinaryDelivery.signed,
    ...omitUndefined({ fault, security, keyVersion, layout }),
  },
});

/** What contradicts the contract or itself in a rule. */
const ruleProblems = (
  rule: Rule,
  path: readonly PropertyKey[],
  source: LocatedYaml,
  contract: Contract,
): Problem[] => {
  const { when, then } = rule;
  const operation = contract.operations.get(when.operation);
  if (operation === undefined) return [];
  const outcomes = listOutcomes(then);
  const problems = outcomes.flatMap((outcome, index) => {
    const at = [...path, 'then', ...(then.sequence === undefined ? [] : ['sequence', index])];
    return outcomeProblems(outcome, at, source, operation);
  });
  problems.push(...earlyProblems(rule, outcomes, path, source));
  problems.push(...misfitProblems(ruleMisfits(rule, path, contract, operation), 'error', source));
  if (then.sequence !== undefined && then.result !== undefined) {
    problems.push(
      source.problemAt(
        [...path, 'then', 'sequence'],
        'result and sequence contradict each other',
        'Keep one of them; a sequence names a result for each call.',
      ),
    );
  }
  if (then.repeat !== undefined && then.sequence === undefined) {
    problems.push(
      source.problemAt(
        [...path, 'then', 'repeat'],
        'repeat needs a sequence',
        'Add a sequence, or leave repeat out.',
      ),
    );
  }
  for (const template of unknownTemplates([then.message, then.body, then.sequence, then.notify])) {
    problems.push(
      source.problemAt(
        [...path, 'then'],
        `unknown template variable {{${template}}}`,
        'There are {{request.FIELD}}, {{held.FIELD}}, {{now}} and {{call}}.',
      ),
    );
  }
  if (Object.keys(then).length === 0)
    problems.push(
      source.problemAt(
        [...path, 'then'],
        '"then" is empty',
        'Give a result, a sequence, a fault, a security, a delayMs or signed: false.',
      ),
    );
  return problems;
};

const outcomeProblems = (
  outcome: RuleOutcome,
  path: readonly PropertyKey[],
  source: LocatedYaml,
  operation: Operation,
): Problem[] => {
  const contradictions = faultContradictions(omitUndefined(outcome));
  if (contradictions.length > 0)
    return contradictions.map(({ at, message, remedy }) =>
      source.problemAt([...path, ...at], message, remedy),
    );
  return resultProblems(outcome, path, source, operation);
};

const resultProblems = (
  { result, status, message, change, body, fault, unlisted }: RuleOutcome,
  path: readonly PropertyKey[],
  source: LocatedYaml,
  operation: Operation,
): Problem[] => {
  if (result === undefined) {
    const names = [
      status && 'status',
      message && 'message',
      fault === undefined && change && 'change',
      body && 'body',
      unlisted && 'unlisted',
    ];
    const stray = names.filter((name) => typeof name === 'string');
    return stray.map((name) =>
      source.problemAt(
        [...path, name],
        `${name} overrides a result, but none is given`,
        'Add "result: CODE".',
      ),
    );
  }
  if (unlisted === true) return unlistedProblems({ result, status }, path, source, operation);
  const row = operation.results.get(result);
  if (row === undefined) {
    return [
      source.problemAt(
        [...path, 'result'],
        `${result} is not a result code of ${operation.id}`,
        suggest(result, [...operation.results.keys()]),
      ),
    ];
  }
  if ((row.status === 'S') !== ((status ?? row.status) === 'S')) {
    return [
      source.problemAt(
        [...path, 'status'],
        `status ${status} contradicts ${result}, which is ${row.status === 'S' ? 'the success' : 'a failure'}`,
        'SUCCESS goes with S, every other code with F or U.',
      ),
    ];
  }
  return [];
};

/** A code of no table has no status of its own, and must be writable as one. */
const unlistedProblems = (
  { result, status }: { readonly result: string; readonly status: string | undefined },
  path: readonly PropertyKey[],
  source: LocatedYaml,
  operation: Operation,
): Problem[] => {
  if (!/^\w{1,64}$/.test(result))
    return [
      source.problemAt(
        [...path, 'result'],
        'a result code has 1 to 64 letters, digits and underscores',
        'Write it like SOMETHING_NEW.',
      ),
    ];
  if (status !== undefined || operation.results.has(result)) return [];
  return [
    source.problemAt(
      [...path, 'status'],
      `${result} is in no table, so its status is not known`,
      'Add "status: S", F or U.',
    ),
  ];
};

const misfitProblems = (
  misfits: readonly Misfit[],
  severity: Misfit['severity'],
  source: LocatedYaml,
): Problem[] =>
  misfits
    .filter((misfit) => misfit.severity === severity)
    .map(({ path, message, remedy, isName }) =>
      isName === true
        ? source.problemAtName(path, message, remedy)
        : source.problemAt(path, message, remedy),
    );

/** What is odd in a scenario but may be meant, as warnings. */
export const contractWarnings = (
  file: ScenarioFile,
  source: LocatedYaml,
  contract: Contract,
): Problem[] =>
  file.rules.flatMap((rule, index) => {
    const operation = contract.operations.get(rule.when.operation);
    return operation === undefined
      ? []
      : misfitProblems(ruleMisfits(rule, ['rules', index], contract, operation), 'warning', source);
  });

/** A state that no rule goes to is a slip of the pen. */
const stateProblems = ({ rules }: ScenarioFile, source: LocatedYaml): Problem[] => {
  const reached = [
    firstState,
    ...rules.flatMap(({ then }) => listOutcomes(then).flatMap(({ goTo }) => goTo ?? [])),
  ];
  return rules.flatMap(({ when }, index) =>
    [when.state ?? []]
      .flat()
      .filter((state) => !reached.includes(state))
      .map((state) =>
        source.problemAt(
          ['rules', index, 'when', 'state'],
          `no rule goes to the state "${state}"`,
          suggest(state, [...new Set(reached)]),
        ),
      ),
  );
};

const expectProblems = (file: ScenarioFile, source: LocatedYaml, contract: Contract): Problem[] =>
  (file.expect ?? []).flatMap((step, index): Problem[] => {
    const operation = contract.operations.get(step.send);
    if (step.repeat === true && (index === 0 || file.expect?.[index - 1]?.send !== step.send)) {
      return [
        source.problemAt(
          ['expect', index, 'repeat'],
          'there is no call of the same operation before it to repeat',
          'Put the first call in front of it.',
        ),
      ];
    }
    if (operation === undefined) return [];
    const misfits = expectationMisfits(step, ['expect', index], {
      contract,
      operation,
      rules: file.rules,
    });
    const problems = misfitProblems(misfits, 'error', source);
    if (step.example === undefined || operation.examples.has(step.example)) return problems;
    return [
      ...problems,
      source.problemAt(
        ['expect', index, 'example'],
        `${step.example} is not an example of ${operation.id}`,
        suggest(step.example, [...operation.examples.keys()]),
      ),
    ];
  });

/**
 * Checks and compiles one rule that is not in a scenario file: queued, from a header, from a
 * magic value.
 * @param where whom problems name: `x-mock-result header`
 * @param name what the journal and the counters call it
 * @returns the rule, or everything that is wrong with it
 */
export const compileRule = (
  where: string,
  name: string,
  value: unknown,
  contract: Contract,
): { readonly rule: CompiledRule } | { readonly problems: readonly Problem[] } => {
  const source = withoutLocation(where, value);
  const reserved = findReservedKey(value);
  if (reserved !== undefined) {
    const { message, remedy } = reservedKeyProblem(reserved);
    return { problems: [source.problemAt(reserved, message, remedy)] };
  }
  const checked = checkYaml(source, ruleSchema, 'See scenarios/README.md for what a rule may say.');
  if ('problems' in checked) return checked;
  const problems = ruleProblems(checked.data, [], source, contract);
  return problems.length > 0 ? { problems } : { rule: toCompiledRule(name, checked.data) };
};
