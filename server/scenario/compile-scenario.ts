import type { Contract, Operation } from '../contract/contract.ts';
import { faultContradictions } from '../faults/contradictions.ts';
import { suggest } from '../problems/did-you-mean.ts';
import type { LocatedYaml } from '../problems/located-yaml.ts';
import type { Problem } from '../problems/problem.ts';
import type { JsonObject } from '../world/state.ts';
import { earlyProblems, isEarly } from './early-rules.ts';
import type { ActiveRule } from './match-rule.ts';
import type { Rule, ScenarioFile } from './scenario-file.ts';
import { plainDelivery, type Script } from './script.ts';

/** A scenario that has been checked against the contract. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly file: string;
  readonly rules: readonly ActiveRule[];
  readonly expect: NonNullable<ScenarioFile['expect']>;
}

type Then = Rule['then'];
type Outcome = Omit<Then, 'sequence'>;

export const compileScenario = (
  file: ScenarioFile,
  source: LocatedYaml,
  contract: Contract,
): { scenario: Scenario; problems: Problem[] } => {
  const problems = [
    ...file.rules.flatMap((rule, index) => ruleProblems(rule, ['rules', index], source, contract)),
    ...expectProblems(file, source, contract),
  ];
  const rules = file.rules.map((rule, index) => activeRule(`${file.name}, rule ${index + 1}`, rule));
  return { scenario: { name: file.name, description: file.description, file: source.file, rules, expect: file.expect ?? [] }, problems };
};

/** A rule ready to be asked. It has been checked. */
export const activeRule = (name: string, rule: Rule): ActiveRule => {
  const outcomes = outcomesOf(rule.then);
  const [script, ...others] = outcomes.map((outcome) => scriptOf(name, outcome));
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
    when: rule.when,
    isEarly: isEarly(outcomes),
    scriptOf: (call) => {
      const turn = counts(call);
      if (turn === undefined) return undefined;
      return steps === undefined ? script : steps[turn - 1];
    },
  };
};

/** One outcome for each step of a sequence, or the one. What stands beside a sequence holds for each of its steps. */
const outcomesOf = ({ sequence, ...outcome }: Then): readonly Outcome[] =>
  sequence?.map((step) => ({ ...outcome, ...(typeof step === 'string' ? { result: step } : step) })) ?? [outcome];

const scriptOf = (name: string, { delayMs, signed, body, fault, security, change, ...rest }: Outcome): Script => ({
  name,
  ...withoutUndefined({ ...rest, change: fault?.phase === 'before-commit' ? ('drop' as const) : change }),
  // Checked to be JSON by the file's schema.
  ...(body === undefined ? {} : { body: body as JsonObject }),
  delivery: {
    delayMs: delayMs ?? plainDelivery.delayMs,
    signed: signed ?? plainDelivery.signed,
    ...withoutUndefined({ fault, security }),
  },
});

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(record: T): Defined<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;

/** What contradicts the contract or itself in a rule. */
export const ruleProblems = (rule: Rule, path: readonly PropertyKey[], source: LocatedYaml, contract: Contract): Problem[] => {
  const { when, then } = rule;
  const operation = contract.operations.get(when.operation);
  if (operation === undefined) return [];
  const outcomes = outcomesOf(then);
  const problems = outcomes.flatMap((outcome, index) => {
    const at = [...path, 'then', ...(then.sequence === undefined ? [] : ['sequence', index])];
    return outcomeProblems(outcome, at, source, operation);
  });
  problems.push(...earlyProblems(rule, outcomes, path, source));
  if (then.sequence !== undefined && then.result !== undefined) {
    problems.push(
      source.problemAt(
        [...path, 'then', 'sequence'],
        'result and sequence contradict each other',
        'Keep one of them; a sequence names a result for each call.',
      ),
    );
  }
  if (Object.keys(then).length === 0)
    problems.push(
      source.problemAt([...path, 'then'], 'says nothing', 'Give a result, a sequence, a fault, a security, a delayMs or signed: false.'),
    );
  return problems;
};

const outcomeProblems = (outcome: Outcome, path: readonly PropertyKey[], source: LocatedYaml, operation: Operation): Problem[] => {
  const contradictions = faultContradictions(withoutUndefined(outcome));
  if (contradictions.length > 0)
    return contradictions.map(({ at, message, remedy }) => source.problemAt([...path, ...at], message, remedy));
  return resultProblems(outcome, path, source, operation);
};

const resultProblems = (
  { result, status, message, change, body, fault }: Outcome,
  path: readonly PropertyKey[],
  source: LocatedYaml,
  operation: Operation,
): Problem[] => {
  if (result === undefined) {
    const names = [status && 'status', message && 'message', fault === undefined && change && 'change', body && 'body'];
    const stray = names.filter((name) => typeof name === 'string');
    return stray.map((name) => source.problemAt([...path, name], `${name} overrides a result, but none is given`, 'Add "result: CODE".'));
  }
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
    if (step.example === undefined || operation === undefined || operation.examples.has(step.example)) return [];
    return [
      source.problemAt(
        ['expect', index, 'example'],
        `${step.example} is not an example of ${operation.id}`,
        suggest(step.example, [...operation.examples.keys()]),
      ),
    ];
  });
