import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createMockServer } from '../../app/create-server.ts';
import { readKeyFolder } from '../../clients/key-folder/key-folder.ts';
import { translateText } from '../../conformance/report/translate.ts';
import { scenarioInChinese } from '../../domain/chinese/sentences.ts';
import type { Contract } from '../../domain/contract/contract.ts';
import { endpoints } from '../../domain/operations/index.ts';
import type { Scenario } from '../../domain/scenarios/compile-scenario.ts';
import {
  readScenarios,
  scenariosByCommand,
  scenarioWarnings,
} from '../../domain/scenarios/read-scenarios.ts';
import { listMagicValues } from '../../domain/scenarios/request-overrides.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { packageRoot } from '../../package-root.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { readLocatedYaml } from '../../problems/located-yaml.ts';
import { StartupError } from '../../problems/problem.ts';
import {
  exitCodes,
  formatJson,
  formatOutputProblem,
  translateOutput,
  usageError,
} from '../input-output.ts';
import { loadContract } from '../merchant.ts';
import { addSettingOptions, type Finish, resolveOptionSettings } from '../options.ts';
import {
  addReportOption,
  ExchangeRecord,
  type ReportFileOptions,
  writeReports,
} from '../reports.ts';
import {
  type PlayedScenario,
  type PlayedStep,
  playExpectations,
  reportCheck,
  reportRun,
} from './play-expectations.ts';

interface OutputOptions extends ReportFileOptions {
  readonly json?: boolean;
}

interface RunScenariosOptions extends OutputOptions {
  readonly capsules?: string;
}

/** `alipayhk-mock scenarios …`: the scenario files. */
export const addScenariosCommands = (program: Command, finish: Finish): void => {
  const scenarios = program
    .command('scenarios')
    .description('list, show, check and run scenario files');
  addSettingOptions(
    scenarios.command('list').description('list the scenarios that can be activated'),
  )
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }, command: Command) => {
      finish(listScenarios(resolveOptionSettings(command), options.json === true));
    });
  addSettingOptions(
    scenarios
      .command('show')
      .description("print a scenario's file")
      .argument('<name>', 'one that "scenarios list" names'),
  ).action((name: string, _options, command: Command) => {
    finish(showScenario(name, resolveOptionSettings(command)));
  });
  addReportOption(
    addSettingOptions(
      scenarios
        .command('check')
        .description('print errors with file, line and remedy, and rules that can never match')
        .argument('[path...]', 'files or folders'),
    ),
  )
    .option('--json', 'print JSON')
    .action((paths: string[], options: OutputOptions, command: Command) => {
      finish(checkScenarios(paths, resolveOptionSettings(command), options));
    });
  addReportOption(
    addSettingOptions(
      scenarios
        .command('run')
        .description('run the expect of scenarios against a private server')
        .argument('[name...]', 'names; all when absent'),
    ),
  )
    .option('--json', 'print JSON')
    .option('--capsules <folder>', 'write a capsule of each, which another machine replays')
    .action(async (names: string[], options: RunScenariosOptions, command: Command) => {
      finish(await runScenarios(names, resolveOptionSettings(command), options));
    });
};

const packageScenarios = join(packageRoot, 'scenarios');

/** Prints the scenarios that can be activated, and the magic values that need no scenario. */
export const listScenarios = (settings: Settings, asJson: boolean): number => {
  const scenarios = [...loadScenarios(settings).values()];
  const magic = magicValues(loadContract(settings));
  if (asJson) {
    const listed = scenarios.map(({ id, name, description, file }) => ({
      id,
      name,
      description: description.trim(),
      file,
    }));
    process.stdout.write(formatJson({ scenarios: listed, magicValues: magic }));
    return exitCodes.ok;
  }
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const lines = scenarios.map(
    ({ name, description }) =>
      `${name.padEnd(width)}  ${describeScenario(description, settings.language)}`,
  );
  const values = magic.map(
    ({ operation, fields, values: all }) =>
      `${operation} (${fields.join(', ')})\n    ${all.join('\n    ')}`,
  );
  const heading = magicHeadings[settings.language];
  process.stdout.write(`${lines.join('\n')}\n\n${heading}\n\n${values.join('\n')}\n`);
  return exitCodes.ok;
};

const magicHeadings: Readonly<Record<Settings['language'], string>> = {
  en: 'Magic values, which need no scenario: start one of these fields with one of them.',
  'zh-hant': '不需要情境的特殊值：以其中一個值作為以下任何一個欄位的開頭。',
};

/** The first sentence; your own scenarios stay as they are written. */
const describeScenario = (description: string, lang: Settings['language']): string => {
  const chinese = lang === 'en' ? undefined : scenarioInChinese(description);
  return chinese === undefined
    ? (description.trim().split(/(?<=\.)\s/)[0] ?? '')
    : `${chinese.split('。')[0]}。`;
};

const magicValues = ({ operations }: Contract) =>
  endpoints.flatMap(({ operationId, identity }) => {
    const operation = operations.get(operationId);
    return operation === undefined
      ? []
      : [{ operation: operationId, ...listMagicValues(operation, identity) }];
  });

/** Prints one scenario's file. */
export const showScenario = (name: string, settings: Settings): number => {
  process.stdout.write(readFileSync(findScenario(name, loadScenarios(settings)).file, 'utf8'));
  return exitCodes.ok;
};

/** Checks files or folders. A rule that can never match is a warning. */
export const checkScenarios = (
  paths: readonly string[],
  settings: Settings,
  { json = false, report }: OutputOptions,
): number => {
  const startedAt = Date.now();
  const contract = loadContract(settings);
  const { value, problems } = readScenarios(
    paths.length > 0 ? paths : [packageScenarios, ...settings.scenarios],
    contract,
  );
  const warnings = [...value.values()].flatMap(({ file }) =>
    scenarioWarnings(readLocatedYaml(file), contract),
  );
  const lines = [
    ...problems.map((problem) => `error: ${formatOutputProblem(problem)}`),
    ...warnings.map((warning) => `warning: ${formatOutputProblem(warning)}`),
    translateText(
      [
        pluralize(value.size, 'scenario'),
        pluralize(problems.length, 'error'),
        pluralize(warnings.length, 'warning'),
      ].join(', '),
      translateOutput,
    ),
  ];
  process.stdout.write(
    json ? formatJson({ scenarios: value.size, problems, warnings }) : `${lines.join('\n')}\n`,
  );
  const files = [...value.values()].map(({ file }) => file);
  const durationMs = Date.now() - startedAt;
  writeReports(report, reportCheck({ files, problems, warnings, startedAt, durationMs }));
  return problems.length > 0 ? exitCodes.unusable : exitCodes.ok;
};

const pluralize = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/**
 * Runs the `expect` of scenarios, each against a private server with that scenario alone, and prints
 * the results.
 */
export const runScenarios = async (
  names: readonly string[],
  settings: Settings,
  { json = false, report, capsules }: RunScenariosOptions,
): Promise<number> => {
  const startedAt = Date.now();
  const all = loadOrReport(settings, report, startedAt);
  const chosen =
    names.length === 0
      ? [...all.values()].filter(({ expect }) => expect.length > 0)
      : names.map((name) => findScenario(name, all));
  const results: { scenario: string; passed: boolean; calls: number; differences: string[] }[] = [];
  const runs: PlayedScenario[] = [];
  for (const scenario of chosen) {
    const { name } = scenario;
    const began = performance.now();
    const played = await playOnPrivateServer(scenario, settings, capsules);
    runs.push({ scenario, steps: played, durationMs: performance.now() - began });
    const passed = played.every(({ differences }) => differences.length === 0);
    results.push({
      scenario: name,
      passed,
      calls: played.length,
      differences: played.flatMap(({ differences }) => differences),
    });
    if (json) continue;
    const shown = played
      .filter(({ differences }) => differences.length > 0 || chosen.length === 1)
      .map((step) => `    ${describeStep(step)}`);
    process.stdout.write(
      [
        `${passed ? '✓' : '✗'} ${name} (${translateOutput(pluralize(played.length, 'call'))})`,
        ...shown,
        '',
      ].join('\n'),
    );
  }
  const failed = results.filter(({ passed }) => !passed).length;
  const passed = chosen.length - failed;
  process.stdout.write(
    json
      ? formatJson({ passed, failed, results })
      : `${translateOutput(`${passed} passed, ${failed} failed`)}\n`,
  );
  writeReports(report, reportRun(runs, startedAt));
  return failed > 0 || chosen.length === 0 ? exitCodes.failed : exitCodes.ok;
};

const describeStep = ({ step, differences, milliseconds }: PlayedStep): string => {
  const call = `${step.send}${step.repeat === true ? ` (${translateOutput('repeated')})` : ''}`;
  return differences.length === 0
    ? `✓ ${call} → ${translateOutput('as expected')}, ${Math.round(milliseconds)} ms`
    : `✗ ${call} → ${differences.join('; ')}`;
};

const playOnPrivateServer = async (
  scenario: Scenario,
  settings: Settings,
  capsules: string | undefined,
): Promise<readonly PlayedStep[]> => {
  const own = { port: 0, host: '127.0.0.1', data: '', keys: '' };
  const used = { ...settings, ...own, scenario: [scenario.name] };
  const server = await createMockServer({ settings: used });
  const record = new ExchangeRecord(server.journal);
  try {
    const { value } = readKeyFolder(join(packageRoot, 'keys'), { weakKeys: false });
    const [[clientId, keyring] = []] = [...value.clients];
    if (clientId === undefined || keyring === undefined)
      throw new Error('the package has no demo client');
    return await playExpectations(
      scenario.expect,
      server.url,
      { clientId, keyring, platform: value.platform },
      server.contract,
    );
  } finally {
    await server.close(0);
    if (capsules !== undefined) {
      const { writeRunCapsule } = await import('./run-capsule.ts');
      const file = join(capsules, `${scenario.name}.capsule.json`);
      await writeRunCapsule(file, record, { keepData: true, settings: used, server });
    }
  }
};

/** A run that cannot begin is reported too: otherwise a CI server shows the results before it. */
const loadOrReport = (
  settings: Settings,
  report: ReportFileOptions['report'],
  startedAt: number,
): ReadonlyMap<string, Scenario> => {
  try {
    return loadScenarios(settings);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    const { problems } = error;
    const durationMs = Date.now() - startedAt;
    writeReports(report, reportCheck({ files: [], problems, warnings: [], startedAt, durationMs }));
    throw error;
  }
};

const loadScenarios = (settings: Settings): ReadonlyMap<string, Scenario> => {
  const { value, problems } = readScenarios(
    [packageScenarios, ...settings.scenarios],
    loadContract(settings),
  );
  if (problems.length > 0) throw new StartupError(problems);
  return value;
};

const findScenario = (name: string, scenarios: ReadonlyMap<string, Scenario>): Scenario => {
  const found = scenarios.get(name);
  if (found === undefined)
    throw usageError(
      name,
      'unknown scenario',
      suggest(name, [...scenarios.keys()], scenariosByCommand),
    );
  return found;
};
