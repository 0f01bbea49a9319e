import type { Contract, Operation } from '../contract/contract.ts';
import { suggest } from '../problems/did-you-mean.ts';
import type { LocatedYaml } from '../problems/located-yaml.ts';
import type { Problem } from '../problems/problem.ts';
import type { JsonObject } from '../world/state.ts';
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

const activeRule = (name: string, rule: Rule): ActiveRule => {
  const { sequence, ...then } = rule.then;
  const steps = sequence?.map((step) => scriptOf(name, { ...then, ...(typeof step === 'string' ? { result: step } : step) }));
  const script = scriptOf(name, then);
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
    scriptOf: (call) => {
      const turn = counts(call);
      if (turn === undefined) return undefined;
      return steps === undefined ? script : steps[turn - 1];
    },
  };
};

const scriptOf = (name: string, { delayMs, signed, body, ...rest }: Outcome): Script => ({
  name,
  ...withoutUndefined(rest),
  // Checked to be JSON by the file's schema.
  ...(body === undefined ? {} : { body: body as JsonObject }),
  delivery: { delayMs: delayMs ?? plainDelivery.delayMs, signed: signed ?? plainDelivery.signed },
});

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(record: T): Defined<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;

const ruleProblems = ({ when, then }: Rule, path: readonly PropertyKey[], source: LocatedYaml, contract: Contract): Problem[] => {
  const operation = contract.operations.get(when.operation);
  if (operation === undefined) return [];
  const { sequence, ...outcome } = then;
  const problems =
    sequence === undefined
      ? outcomeProblems(outcome, [...path, 'then'], source, operation)
      : sequence.flatMap((step, index) => {
          // What stands beside the sequence holds for each of its steps.
          const merged = { ...outcome, ...(typeof step === 'string' ? { result: step } : step) };
          return outcomeProblems(merged, [...path, 'then', 'sequence', index], source, operation);
        });
  if (sequence !== undefined && outcome.result !== undefined) {
    problems.push(
      source.problemAt(
        [...path, 'then', 'sequence'],
        'result and sequence contradict each other',
        'Keep one of them; a sequence names a result for each call.',
      ),
    );
  }
  if (Object.keys(then).length === 0)
    problems.push(source.problemAt([...path, 'then'], 'says nothing', 'Give a result, a sequence, a delayMs or signed: false.'));
  return problems;
};

const outcomeProblems = (
  { result, status, message, change, body }: Outcome,
  path: readonly PropertyKey[],
  source: LocatedYaml,
  operation: Operation,
): Problem[] => {
  if (result === undefined) {
    const stray = [status && 'status', message && 'message', change && 'change', body && 'body'].filter((name) => name !== undefined);
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
