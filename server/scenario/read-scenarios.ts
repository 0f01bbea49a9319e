import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../contract/contract.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { checkYaml, type LocatedYaml, readLocatedYaml } from '../problems/located-yaml.ts';
import type { Gathered, Problem } from '../problems/problem.ts';
import { compileScenario, type Scenario } from './compile-scenario.ts';
import { scenarioFile } from './scenario-file.ts';

/** Reads every scenario file of the folders and checks it against the contract. */
export const readScenarios = (folders: readonly string[], contract: Contract): Gathered<ReadonlyMap<string, Scenario>> => {
  const problems: Problem[] = [];
  const scenarios = new Map<string, Scenario>();
  for (const file of folders.flatMap((folder) => scenarioFilesIn(folder, problems))) {
    const scenario = readScenario(file, contract, problems);
    if (scenario === undefined) continue;
    const namesake = scenarios.get(scenario.name);
    if (namesake !== undefined)
      problems.push({
        where: file,
        message: `the name ${scenario.name} is taken by ${namesake.file}`,
        remedy: 'Give each scenario a name of its own.',
      });
    else scenarios.set(scenario.name, scenario);
  }
  for (const { name, file, include } of scenarios.values()) {
    for (const missing of include.filter((one) => !scenarios.has(one))) {
      problems.push({ where: file, message: `includes "${missing}", which there is not`, remedy: suggest(missing, [...scenarios.keys()]) });
    }
    if (includesItself(name, scenarios))
      problems.push({ where: file, message: 'includes itself, through others or at once', remedy: 'Take one of the includes away.' });
  }
  const value =
    problems.length > 0
      ? scenarios
      : new Map([...scenarios].map(([name, scenario]) => [name, { ...scenario, rules: rulesWithIncludes(scenario, scenarios) }]));
  return { value, problems };
};

export const includesItself = (name: string, scenarios: ReadonlyMap<string, Scenario>, seen: readonly string[] = []): boolean =>
  seen.includes(name) || (scenarios.get(name)?.include ?? []).some((one) => includesItself(one, scenarios, [...seen, name]));

export const rulesWithIncludes = ({ rules, include }: Scenario, scenarios: ReadonlyMap<string, Scenario>): Scenario['rules'] => [
  ...rules,
  ...include.flatMap((name) => scenarios.get(name) ?? []).flatMap((included) => rulesWithIncludes(included, scenarios)),
];

/** The scenarios of these names, in this order. */
export const chooseScenarios = (scenarios: ReadonlyMap<string, Scenario>, names: readonly string[]): Gathered<readonly Scenario[]> => {
  const missing = names.filter((name) => !scenarios.has(name));
  return {
    value: names.flatMap((name) => scenarios.get(name) ?? []),
    problems: missing.map((name) => ({
      where: '--scenario',
      message: `there is no scenario "${name}"`,
      remedy: suggest(name, [...scenarios.keys()]),
    })),
  };
};

const scenarioFilesIn = (folder: string, problems: Problem[]): string[] => {
  try {
    if (statSync(folder).isFile()) return [folder];
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    problems.push({
      where: folder,
      message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Name a folder with scenario files, or one file.',
    });
    return [];
  }
};

const readScenario = (file: string, contract: Contract, problems: Problem[]): Scenario | undefined => {
  const source = readLocatedYaml(file);
  problems.push(...source.problems);
  return source.problems.length > 0 ? undefined : checkScenario(source, contract, problems);
};

/** A scenario's YAML against its schema and the contract. */
export const checkScenario = (source: LocatedYaml, contract: Contract, problems: Problem[]): Scenario | undefined => {
  const checked = checkYaml(source, scenarioFile, 'See scenarios/README.md for the format.');
  if ('problems' in checked) {
    problems.push(...checked.problems);
    return undefined;
  }
  const compiled = compileScenario(checked.data, source, contract);
  problems.push(...compiled.problems);
  return compiled.scenario;
};
