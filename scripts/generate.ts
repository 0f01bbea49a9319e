/** Writes what is generated: `npm run generate`. A test proves that the committed files are what this makes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { configFileSchema } from '../server/config/config-schema.ts';
import { flagOf, type SettingRow, settingRows, variablesOf } from '../server/config/settings-table.ts';
import type { Contract } from '../server/contract/contract.ts';
import { type FidelityEntry, readFidelityRegister } from '../server/contract/fidelity.ts';
import { readContract } from '../server/contract/read-contract.ts';
import { settingsWith } from '../server/index.ts';
import { packageRoot } from '../server/package-root.ts';
import { readScenarios } from '../server/scenario/read-scenarios.ts';
import { scenarioFileSchema } from '../server/scenario/scenario-file.ts';
import { diagnosisOf, mistakesPage } from './generate-mistakes.ts';

const contractFile = join(packageRoot, 'openapi', 'alipayhk.yaml');

/** Every generated file by its path in the repository. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const contract = loadContract();
  const register = readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml'));
  return new Map([
    ['server/contract/types.gen.ts', await contractTypes()],
    ['scenarios/scenario.schema.json', json(scenarioFileSchema())],
    ['docs/config.schema.json', json(configFileSchema())],
    ['docs/fidelity.md', fidelityPage(register)],
    ['docs/signature-mistakes.md', mistakesPage()],
    ['README.md', readme(contract)],
  ]);
};

const loadContract = (): Contract => {
  const { value, problems } = readContract(contractFile, settingsWith());
  if (value === undefined) throw new Error(JSON.stringify(problems));
  return value;
};

const contractTypes = async (): Promise<string> =>
  `/* Generated from openapi/alipayhk.yaml by npm run generate. */\n\n${astToString(await openapiTypescript(pathToFileURL(contractFile)))}`;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** README.md with the blocks between `<!-- generated:NAME -->` and `<!-- /generated -->` made anew. */
const readme = (contract: Contract): string =>
  readFileSync(join(packageRoot, 'README.md'), 'utf8').replace(
    /(<!-- generated:([\w-]+)(?: ([\w./-]+))? -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_all, start: string, name: string, argument: string | undefined, end: string) =>
      `${start}${block(name, argument ?? '', contract)}\n${end}`,
  );

const block = (name: string, argument: string, contract: Contract): string => {
  const make = blocks[name];
  if (make === undefined) throw new Error(`README.md asks for a block "${name}" that nobody makes`);
  return make(contract, argument);
};

const blocks: Readonly<Record<string, (contract: Contract, argument: string) => string>> = {
  settings: () => table(['setting', 'flag and variable', 'default', 'meaning'], settingRows.map(settingLine)),
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
        ({ id, ownResultCodes, results }) => `**\`${id}\`**\n\n${resultTable(ownResultCodes.flatMap((code) => results.get(code) ?? []))}`,
      ),
      `**Refusals of the gateway**, on every path\n\n${resultTable([...gatewayResults.values()])}`,
    ].join('\n\n'),
  scenarios: (contract) => {
    const { value, problems } = readScenarios([join(packageRoot, 'scenarios')], contract);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    return table(
      ['scenario', 'what it does'],
      [...value.values()].map(({ name, description }) => [`\`${name}\``, description]),
    );
  },
  diagnosis: (_contract, sample) => diagnosisOf(sample),
  file: (_contract, path) =>
    `\`\`\`${fenceNames[path.split('.').at(-1) ?? ''] ?? ''}\n${readFileSync(join(packageRoot, path), 'utf8').trimEnd()}\n\`\`\``,
};

const fenceNames: Readonly<Record<string, string>> = { mjs: 'js', java: 'java', py: 'python', php: 'php', yaml: 'yaml', sh: 'sh' };

const settingLine = (row: SettingRow): string[] => {
  const names =
    row.fromText === undefined ? 'config file only' : [`--${flagOf(row)}`, ...variablesOf(row)].map((name) => `\`${name}\``).join('<br>');
  const initial = Array.isArray(row.initial) || typeof row.initial === 'object' ? '' : String(row.initial);
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

const resultTable = (rows: readonly { code: string; status: string; basis: string; meaning: string }[]): string =>
  table(
    ['code', 'status', 'basis', 'meaning'],
    rows.map(({ code, status, basis, meaning }) => [`\`${code}\``, status, basis, meaning.trim()]),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`)
    .join('\n');

const fidelityPage = (entries: readonly FidelityEntry[]): string =>
  [
    '# The fidelity register',
    '',
    'What the simulator does where the documents are silent, unclear or at odds; generated from `openapi/fidelity.yaml`, and served as JSON at `/__admin/fidelity`.',
    'Every verdict in the log names the entries it rests on.',
    '',
    '- **documented**: stated for AlipayHK.',
    '- **sibling**: stated for a sister product with the same header protocol.',
    '- **inferred**: no source says it; the conclusion is ours.',
    '',
    ...[...new Set(entries.map(({ topic }) => topic))].flatMap((topic) => [
      `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
      '',
      ...entries.filter((entry) => entry.topic === topic).flatMap(entryLines),
    ]),
  ].join('\n');

const entryLines = ({ id, question, basis, sources, default: initially, settings }: FidelityEntry): string[] => [
  `### ${id} ${question.trim()}`,
  '',
  `**${basis}.** ${sources.trim()}`,
  '',
  `**Default:** ${initially.trim()}`,
  '',
  ...(settings.length === 0 ? [] : [...settings.map(({ key, value, effect }) => `- \`${key}: ${String(value)}\` ${effect.trim()}`), '']),
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of await generatedFiles()) writeFileSync(join(packageRoot, path), content);
}
