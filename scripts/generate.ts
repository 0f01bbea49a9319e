/**
 * Writes what is generated: `npm run generate`. A test proves that the committed files are what
 * this makes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { configFileSchema } from '../server/app/settings/config-schema.ts';
import { settingsWith } from '../server/app/settings/default-settings.ts';
import { bases, type Contract, type ResultRow } from '../server/domain/contract/contract.ts';
import { fieldsOf, nodeAt, requestSchema } from '../server/domain/contract/document.ts';
import { type FidelityEntry, readFidelityRegister } from '../server/domain/contract/fidelity.ts';
import { readContract } from '../server/domain/contract/read-contract.ts';
import type { Scenario } from '../server/domain/scenarios/compile-scenario.ts';
import { readScenarios } from '../server/domain/scenarios/read-scenarios.ts';
import { scenarioFileSchema } from '../server/domain/scenarios/scenario-file.ts';
import {
  flagName,
  type SettingRow,
  settingRows,
  variableNames,
} from '../server/domain/settings/settings-table.ts';
import { packageRoot } from '../server/package-root.ts';
import { cliPage } from './generate-cli.ts';
import { faultsPage } from './generate-faults.ts';
import { diagnosisOf, mistakesPage } from './generate-mistakes.ts';

const contractFile = join(packageRoot, 'openapi', 'alipayhk.yaml');
const adminFile = join(packageRoot, 'openapi', 'admin.yaml');

/** Every generated file by its path in the repository. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const contract = loadContract();
  const scenarios = loadScenarios(contract);
  const register = readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml'));
  return new Map([
    ['server/domain/contract/types.gen.ts', await typesOf(contractFile)],
    ['server/admin/types.gen.ts', await typesOf(adminFile)],
    ['sdk/client/operations.gen.ts', wireOperations(contract)],
    ['sdk/testing/settings.gen.ts', await settingsTypes()],
    ['scenarios/scenario.schema.json', json(scenarioFileSchema())],
    ['docs/config.schema.json', json(configFileSchema())],
    ['docs/fidelity.md', fidelityPage(register)],
    ['docs/signature-mistakes.md', mistakesPage()],
    ['docs/faults.md', faultsPage()],
    ['docs/catalogue.md', cataloguePage(scenarios)],
    ['docs/cli.md', await cliPage()],
    ...pagesWithBlocks.map((page): [string, string] => [page, withBlocks(page, contract)]),
  ]);
};

const loadContract = (): Contract => {
  const { value, problems } = readContract(contractFile, settingsWith());
  if (value === undefined) throw new Error(JSON.stringify(problems));
  return value;
};

const typesOf = async (document: string): Promise<string> =>
  `/* Generated from openapi/${basename(document)} by npm run generate. */\n\n${astToString(await openapiTypescript(pathToFileURL(document)))}`;

/**
 * The settings as plain types: what the package publishes must not speak of the library that checks
 * them.
 */
const settingsTypes = async (): Promise<string> => {
  const { $schema: _, ...schema } = configFileSchema();
  const document = {
    openapi: '3.1.0',
    info: { title: 'settings', version: '1' },
    paths: {},
    components: { schemas: { Settings: schema } },
  };
  const types = astToString(
    await openapiTypescript(JSON.stringify(document), { defaultNonNullable: false }),
  );
  return `/* Generated from server/domain/settings/settings-table.ts by npm run generate. */\n\n${types}`;
};

/**
 * What a caller must know of each operation, so that the merchant's client carries no contract and
 * no YAML reader.
 */
const wireOperations = ({ operations, document }: Contract): string => {
  const rows = [...operations.values()].map(({ id, path, resultFields }) => {
    const schema = requestSchema(document, nodeAt(document, 'paths', path, 'post'));
    return `  ${id}: { path: '${path}', resultField: '${resultFields[0]}', hasRequestId: ${fieldsOf(document, schema).has('requestId')} },\n`;
  });
  return `/* Generated from openapi/alipayhk.yaml by npm run generate. */\n\nexport const wireOperations = {\n${rows.join('')}} as const;\n`;
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const pagesWithBlocks = [
  'README.md',
  'docs/how-to/client.md',
  'docs/how-to/testing.md',
  'docs/reference/settings.md',
  'docs/reference/result-codes.md',
];

/**
 * A page with what stands between `<!-- generated:NAME -->` and `<!-- /generated -->` made anew.
 */
const withBlocks = (page: string, contract: Contract): string =>
  readFileSync(join(packageRoot, page), 'utf8').replace(
    /(<!-- generated:([\w-]+)(?: ([\w./-]+))? -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_all, start: string, name: string, argument: string | undefined, end: string) =>
      `${start}${block(page, name, argument ?? '', contract)}\n${end}`,
  );

const block = (page: string, name: string, argument: string, contract: Contract): string => {
  const make = blocks[name];
  if (make === undefined) throw new Error(`${page} asks for a block "${name}" that nobody makes`);
  return make(contract, argument);
};

const blocks: Readonly<Record<string, (contract: Contract, argument: string) => string>> = {
  settings: () =>
    table(['setting', 'flag and variable', 'default', 'meaning'], settingRows.map(settingLine)),
  paths: ({ operations }) =>
    table(
      ['operation', 'path', 'basis'],
      [...operations.values()].map(({ id, path, pathBasis, pathRegister }) => [
        `\`${id}\``,
        `\`${path}\``,
        `${pathBasis} (${pathRegister})`,
      ]),
    ),
  'result-codes': ({ operations, gatewayResults }) =>
    [
      ...[...operations.values()].map(
        ({ id, ownResultCodes, results }) =>
          `**\`${id}\`**\n\n${resultTable(ownResultCodes.flatMap((code) => results.get(code) ?? []))}`,
      ),
      `**Refusals of the gateway**, on every path\n\n${resultTable([...gatewayResults.values()])}`,
    ].join('\n\n'),
  scenarios: (contract) => {
    const five = [
      'order-fails-twice-then-succeeds',
      'net-reset',
      'sig-unsigned',
      'ord-out-of-order',
      'payment-info-process-fail',
    ];
    const scenarios = loadScenarios(contract);
    return table(
      ['id', 'scenario', 'what it does', 'a correct integration'],
      five.flatMap((name) => scenarios.filter((one) => one.name === name)).map(catalogueLine),
    );
  },
  diagnosis: (_contract, sample) => diagnosisOf(sample),
  file: (_contract, path) =>
    `\`\`\`${fenceNames[path.split('.').at(-1) ?? ''] ?? ''}\n${readFileSync(join(packageRoot, path), 'utf8').trimEnd()}\n\`\`\``,
};

const loadScenarios = (contract: Contract): readonly Scenario[] => {
  const { value, problems } = readScenarios([join(packageRoot, 'scenarios')], contract);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return [...value.values()];
};

const families: Readonly<Record<string, string>> = {
  RES: 'Every documented result code of every operation',
  IDEM: 'Repeated requests and lost answers',
  ORD: 'The order of events',
  SIG: 'Answers that do not prove whose they are',
  ENC: 'Encrypted answers',
  NET: 'What goes wrong on the wire',
  KEY: 'Keys and their versions',
  TIME: 'Slow answers, and clocks that differ',
  FLOW: 'Whole lives: a bill, a ride, a queue ticket, a charge, a card, a binding',
};

const catalogueLine = ({ id, name, description, integration }: Scenario): string[] => [
  id ?? '',
  `\`${name}\``,
  description.trim(),
  integration?.trim() ?? '',
];

/** Every scenario of the package by family, with its stable id. */
const cataloguePage = (scenarios: readonly Scenario[]): string =>
  [
    '# The catalogue of scenarios',
    '',
    'What comes with the package; generated from `scenarios/`. The ids are stable: use them in tickets and reports. Activate one with `--scenario NAME`, for one request with the',
    'header `x-mock-scenario: NAME`, or for one client through the admin API; `alipayhk-mock scenarios run NAME` plays its `expect`, which the test run does for all of them.',
    '',
    ...Object.entries(families).flatMap(([family, title]) => [
      `## ${family} · ${title}`,
      '',
      table(
        ['id', 'scenario', 'what it does', 'a correct integration'],
        scenarios
          .filter(({ id }) => id?.startsWith(`${family}-`))
          .sort((a, b) => (a.id ?? '').localeCompare(b.id ?? ''))
          .map(catalogueLine),
      ),
      '',
    ]),
  ].join('\n');

const fenceNames: Readonly<Record<string, string>> = {
  mjs: 'js',
  cjs: 'js',
  java: 'java',
  py: 'python',
  php: 'php',
  yaml: 'yaml',
  sh: 'sh',
};

const settingLine = (row: SettingRow): string[] => {
  const names =
    row.fromText === undefined
      ? 'config file only'
      : [`--${flagName(row)}`, ...variableNames(row)].map((name) => `\`${name}\``).join('<br>');
  const initial =
    Array.isArray(row.initial) || typeof row.initial === 'object' ? '' : String(row.initial);
  const choices =
    row.placeholder?.includes('|') === true || row.placeholder?.includes(',') === true
      ? `: ${row.placeholder
          .slice(1, -1)
          .split(/[|,]/)
          .map((one) => `\`${one}\``)
          .join(', ')}`
      : '';
  return [
    `\`${row.key}\``,
    names,
    initial === '' ? '' : `\`${initial}\``,
    `${row.help}${choices}${row.register === undefined ? '' : ` (${row.register})`}`,
  ];
};

const resultTable = (rows: readonly ResultRow[]): string =>
  table(
    ['code', 'status', 'resultMessage', 'basis', 'meaning'],
    rows.map(({ code, status, message, basis, meaning }) => [
      `\`${code}\``,
      status,
      message,
      basis,
      meaning.trim(),
    ]),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map(
      (cells) =>
        `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`,
    )
    .join('\n');

const countLine = (title: string, entries: readonly FidelityEntry[]): string[] => [
  title,
  ...bases.map((basis) => String(entries.filter((entry) => entry.basis === basis).length)),
  String(entries.length),
];

const fidelityPage = (entries: readonly FidelityEntry[]): string => {
  const topics = [...new Set(entries.map(({ topic }) => topic))];
  return [
    '# The fidelity register',
    '',
    'What the simulator does where the documents are silent, unclear or at odds; generated from `openapi/fidelity.yaml`, and served as JSON at `/__admin/fidelity`.',
    'Journal and JSON log name the entries that each verdict rests on.',
    '',
    table(
      ['topic', ...bases, 'all'],
      [
        ...topics.map((topic) =>
          countLine(
            topic,
            entries.filter((entry) => entry.topic === topic),
          ),
        ),
        countLine('all', entries),
      ],
    ),
    '',
    '- **documented**: stated for AlipayHK.',
    '- **sibling**: stated for a sister product with the same header protocol.',
    '- **field**: seen in the code of an integrator whose calls reached AlipayHK.',
    '- **inferred**: no source says it; the conclusion is ours.',
    '',
    ...topics.flatMap((topic) => [
      `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
      '',
      ...entries.filter((entry) => entry.topic === topic).flatMap(entryLines),
    ]),
  ].join('\n');
};

const entryLines = ({
  id,
  question,
  basis,
  sources,
  default: initially,
  settings,
}: FidelityEntry): string[] => [
  `<a id="${id.toLowerCase()}"></a>\n\n### ${id} ${question.trim()}`,
  '',
  `**${basis}.** ${sources.trim()}`,
  '',
  `**Default:** ${initially.trim()}`,
  '',
  ...(settings.length === 0
    ? []
    : [
        ...settings.map(
          ({ key, value, effect }) => `- \`${key}: ${String(value)}\` ${effect.trim()}`,
        ),
        '',
      ]),
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of await generatedFiles())
    writeFileSync(join(packageRoot, path), content);
}
