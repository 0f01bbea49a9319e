import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suggest } from '../../problems/did-you-mean.ts';
import {
  checkYaml,
  type LocatedYaml,
  parseLocatedYaml,
  readLocatedYaml,
} from '../../problems/located-yaml.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { isLeftover, readFailure } from '../../problems/read-file.ts';
import type { Contract } from '../contract/contract.ts';
import { compileScenario, contractWarnings, type Scenario } from './compile-scenario.ts';
import { type ScenarioFile, scenarioFile } from './scenario-file.ts';

/**
 * Reads every scenario file of the folders and checks it against the contract.
 * @param mayBeEmpty a folder that is watched may get its first file later
 */
export const readScenarios = (
  folders: readonly string[],
  contract: Contract,
  mayBeEmpty = false,
): Gathered<ReadonlyMap<string, Scenario>> => {
  const problems: Problem[] = [];
  const scenarios = new Map<string, Scenario>();
  for (const file of folders.flatMap((folder) => scenarioFilesIn(folder, mayBeEmpty, problems))) {
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
    for (const [at, missing] of include.entries()) {
      if (scenarios.has(missing)) continue;
      const remedy = suggest(missing, [...scenarios.keys()], scenariosByCommand);
      problems.push(
        readLocatedYaml(file).problemAt(
          ['include', at],
          `includes unknown scenario "${missing}"`,
          remedy,
        ),
      );
    }
    if (includesItself(name, scenarios)) {
      const message = 'includes itself, directly or through others';
      problems.push(
        readLocatedYaml(file).problemAt(['include'], message, 'Delete one of the includes.'),
      );
    }
  }
  const value =
    problems.length > 0
      ? scenarios
      : new Map(
          [...scenarios].map(([name, scenario]) => [
            name,
            { ...scenario, rules: rulesWithIncludes(scenario, scenarios) },
          ]),
        );
  return { value, problems };
};

const includesItself = (
  name: string,
  scenarios: ReadonlyMap<string, Scenario>,
  seen: readonly string[] = [],
): boolean =>
  seen.includes(name) ||
  (scenarios.get(name)?.include ?? []).some((one) =>
    includesItself(one, scenarios, [...seen, name]),
  );

export const rulesWithIncludes = (
  { rules, include }: Scenario,
  scenarios: ReadonlyMap<string, Scenario>,
): Scenario['rules'] => [
  ...rules,
  ...include
    .flatMap((name) => scenarios.get(name) ?? [])
    .flatMap((included) => rulesWithIncludes(included, scenarios)),
];

/** What lists the scenarios: on the command line, and over HTTP. */
export const scenariosByCommand = '"alipayhk-mock scenarios list"';
export const scenariosByHttp = 'GET /__admin/scenarios';

/** The scenarios of these names, in this order. */
export const chooseScenarios = (
  scenarios: ReadonlyMap<string, Scenario>,
  names: readonly string[],
): Gathered<readonly Scenario[]> => {
  const missing = names.filter((name) => !scenarios.has(name));
  return {
    value: names.flatMap((name) => scenarios.get(name) ?? []),
    problems: missing.map((name) => ({
      where: '--scenario',
      message: `there is no scenario "${name}"`,
      remedy: suggest(name, [...scenarios.keys()], scenariosByCommand),
    })),
  };
};

const scenarioFilesIn = (folder: string, mayBeEmpty: boolean, problems: Problem[]): string[] => {
  try {
    if (statSync(folder).isFile()) return [folder];
    const files = readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name) && !isLeftover(name))
      .sort()
      .map((name) => join(folder, name));
    if (files.length === 0 && !mayBeEmpty)
      problems.push({
        where: folder,
        message: 'has no scenario file',
        remedy: 'Name a folder with files *.yaml or *.yml directly in it, or one file.',
      });
    return files;
  } catch (error) {
    problems.push({
      where: folder,
      message: readFailure(error).message,
      remedy: 'Name a folder with scenario files, or one file.',
    });
    return [];
  }
};

const readScenario = (
  file: string,
  contract: Contract,
  problems: Problem[],
): Scenario | undefined => {
  const source = readLocatedYaml(file);
  problems.push(...source.problems);
  return source.problems.length > 0 ? undefined : checkScenario(source, contract, problems);
};

/** A scenario's YAML against its schema and the contract. */
const checkScenario = (
  source: LocatedYaml,
  contract: Contract,
  problems: Problem[],
): Scenario | undefined => {
  const checked = checkYaml(source, scenarioFile, 'See scenarios/README.md for the format.');
  if ('problems' in checked) {
    problems.push(...checked.problems);
    return undefined;
  }
  const compiled = compileScenario(checked.data, source, contract);
  problems.push(...compiled.problems);
  return compiled.scenario;
};

export interface CheckedText {
  /** undefined when there are problems. */
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
  /** Rules that can never answer. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a scenario that is not in a file, with the same errors as one that is. @param known what
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
          suggest(missing, [...known.keys()], scenariosByHttp),
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
  return {
    // Rules of a scenario that includes itself would have no end.
    scenario:
      problems.length > 0
        ? undefined
        : { ...scenario, rules: rulesWithIncludes(scenario, all), text },
    problems,
    warnings: scenarioWarnings(source, contract),
  };
};

export interface UnreachableRule {
  /** Positions in the file, from 0. */
  readonly rule: number;
  readonly shadowedBy: number;
}

type LocatedRule = ScenarioFile['rules'][number];

/** Rules that can never answer, because an earlier one answers every call that they could. */
export const unreachableRules = ({ rules }: ScenarioFile): readonly UnreachableRule[] =>
  rules.flatMap((rule, index) => {
    const shadowedBy = rules.findIndex(
      (earlier, at) => at < index && answersAlways(earlier) && covers(earlier, rule),
    );
    return shadowedBy < 0 ? [] : [{ rule: index, shadowedBy }];
  });

/**
 * Rules that can never answer, and what else is odd, as warnings with line and column; none when it
 * is not a scenario.
 */
export const scenarioWarnings = (source: LocatedYaml, contract: Contract): Problem[] => {
  const parsed = scenarioFile.safeParse(source.value);
  if (!parsed.success) return [];
  const unreachable = unreachableRules(parsed.data).map(({ rule, shadowedBy }) =>
    source.problemAt(
      ['rules', rule],
      `rule ${rule + 1} can never answer: rule ${shadowedBy + 1} answers every call it could`,
      'Move it up, or give the earlier rule a condition.',
    ),
  );
  return [...unreachable, ...contractWarnings(parsed.data, source, contract)];
};

const answersAlways = ({ when, then }: LocatedRule): boolean =>
  when.call === undefined && then.sequence === undefined;

/**
 * Whether every call that fits the later rule fits the earlier one. Conditions are compared as they
 * are written.
 */
const covers = ({ when: earlier }: LocatedRule, { when: later }: LocatedRule): boolean =>
  earlier.operation === later.operation &&
  (['client', 'state', 'held', 'from', 'until'] as const).every(
    (name) => earlier[name] === undefined || isSameJson(earlier[name], later[name]),
  ) &&
  Object.entries(earlier.body ?? {}).every(([field, condition]) =>
    isSameJson(later.body?.[field], condition),
  );

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
