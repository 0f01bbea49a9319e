import { suggest } from '../../problems/did-you-mean.ts';
import { parseLocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Contract } from '../contract/contract.ts';
import type { Scenario } from './compile-scenario.ts';
import { checkScenario, includesItself, rulesWithIncludes } from './read-scenarios.ts';
import { scenarioWarnings } from './unreachable-rules.ts';

export interface CheckedText {
  /** undefined when there are problems. */
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
  /** Rules that can never answer. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a scenario that stands in no file, with the same errors as one that does. @param known what
 * it may include
 */
export const readScenarioText = (
  text: string,
  known: ReadonlyMap<string, Scenario>,
  contract: Contract,
): CheckedText => {
  const source = parseLocatedYaml('scenario', text);
  const problems: Problem[] = [...source.problems];
  const scenario = problems.length > 0 ? undefined : checkScenario(source, contract, problems);
  if (scenario === undefined) return { scenario, problems, warnings: [] };
  const all = new Map([...known, [scenario.name, scenario]]);
  for (const [at, missing] of scenario.include.entries())
    if (!all.has(missing))
      problems.push(
        source.problemAt(
          ['include', at],
          `includes unknown scenario "${missing}"`,
          suggest(missing, [...known.keys()]),
        ),
      );
  if (includesItself(scenario.name, all))
    problems.push(
      source.problemAt(
        ['include'],
        'includes itself, directly or through others',
        'Delete one of the includes.',
      ),
    );
  const complete = { ...scenario, rules: rulesWithIncludes(scenario, all), text };
  return {
    scenario: problems.length > 0 ? undefined : complete,
    problems,
    warnings: scenarioWarnings(source, contract),
  };
};
