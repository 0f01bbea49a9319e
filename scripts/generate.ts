import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { configFileSchema, settingsWith } from '../server/app/settings/resolve-settings.ts';
import { certifyFileSchema } from '../server/conformance/certify/certify-files.ts';
import { scenarioInChinese } from '../server/domain/chinese/sentences.ts';
import { translateServerText } from '../server/domain/chinese/server-texts.ts';
import { bases } from '../server/domain/contract/basis.ts';
import type { Contract, ResultRow } from '../server/domain/contract/contract.ts';
import { nodeAt, readFieldSchemas, requestSchema } from '../server/domain/contract/document.ts';
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
import { rowsAskedBy } from '../server/fidelity/calibrate/calibrate.ts';
import { statusTablesProbe } from '../server/fidelity/calibrate/field-probes.ts';
import {
  encryptionNeedProbe,
  notProbed,
  probeTable,
} from '../server/fidelity/calibrate/probe-table.ts';
import { capsuleFileSchema } from '../server/fidelity/capsule/capsule-file.ts';
import { packageRoot } from '../server/package-root.ts';
import { renderCertifyPage } from './generate-certify.ts';
import { renderCliPage } from './generate-cli.ts';
import { renderFaultsPage } from './generate-faults.ts';
import { renderLintPage } from './generate-lint.ts';
import { renderLlmsText } from './generate-llms.ts';
import { renderMistakesPage, renderSampleDiagnosis } from './generate-mistakes.ts';
import { renderOutboundPage } from './generate-outbound.ts';
import { type PageLanguage, table, translator, wrapMarkdown } from './markdown.ts';

/**
 * Writes the generated files: `npm run generate`. A test checks that the committed files are
 * current.
 */

const contractFile = join(packageRoot, 'openapi', 'alipayhk.yaml');
const outboundFile = join(packageRoot, 'openapi', 'outbound.yaml');
const adminFile = join(packageRoot, 'openapi', 'admin.yaml');

/** Every generated file by its path in the repository. */
export const generatedFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const contract = loadContract();
  const scenarios = loadScenarios(contract);
  const register = readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml'));
  return new Map([
    ['server/domain/contract/types.gen.ts', await generateTypes(contractFile)],
    ['server/admin/types.gen.ts', await generateTypes(adminFile)],
    ['server/domain/outbound/types.gen.ts', await generateTypes(outboundFile)],
    ['sdk/client/operations.gen.ts', operationTable(contract)],
    ['sdk/testing/settings.gen.ts', await generateSettingsTypes()],
    ['scenarios/scenario.schema.json', formatJson(scenarioFileSchema())],
    ['docs/config.schema.json', formatJson(configFileSchema())],
    ['docs/capsule.schema.json', formatJson(capsuleFileSchema())],
    ['docs/certify.schema.json', formatJson(certifyFileSchema())],
    ['docs/fidelity.md', wrapMarkdown(renderFidelityPage(register))],
    ['docs/signature-mistakes.md', wrapMarkdown(renderMistakesPage())],
    ['docs/zh-hant/signature-mistakes.md', renderMistakesPage('zh-hant')],
    ['docs/faults.md', wrapMarkdown(renderFaultsPage())],
    ['docs/zh-hant/faults.md', renderFaultsPage('zh-hant')],
    ['docs/catalogue.md', wrapMarkdown(renderCataloguePage(scenarios))],
    ['docs/zh-hant/catalogue.md', renderCataloguePage(scenarios, 'zh-hant')],
    ['docs/reference/certify-cases.md', wrapMarkdown(renderCertifyPage())],
    ['docs/zh-hant/certify-cases.md', renderCertifyPage('zh-hant')],
    ['docs/reference/lint-rules.md', wrapMarkdown(renderLintPage())],
    ['llms.txt', renderLlmsText(readFileSync(join(packageRoot, 'docs', 'README.md'), 'utf8'))],
    ['docs/reference/outbound.md', wrapMarkdown(renderOutboundPage())],
    ['docs/cli.md', wrapMarkdown(await renderCliPage())],
    ...pagesWithBlocks.map((page): [string, string] => [page, fillBlocks(page, contract)]),
  ]);
};

const loadContract = (): Contract => {
  const { value, problems } = readContract(contractFile, settingsWith());
  if (value === undefined) throw new Error(JSON.stringify(problems));
  return value;
};

const generateTypes = async (document: string): Promise<string> =>
  [
    `/* Generated from openapi/${basename(document)} by npm run generate. */`,
    '',
    astToString(
      await openapiTypescript(pathToFileURL(document), {
        // Each schema is a type of its own too, so that no file lists them again by hand.
        rootTypes: true,
        rootTypesNoSchemaPrefix: true,
      }),
    ),
  ].join('\n');

/** The settings as plain types, so that the published types do not depend on the validator. */
const generateSettingsTypes = async (): Promise<string> => {
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
  return [
    '/* Generated from server/domain/settings/settings-table.ts by npm run generate. */',
    '',
    types,
  ].join('\n');
};

/** What a caller must know of each operation, so that the client carries no contract. */
const operationTable = ({ operations, document }: Contract): string => {
  const rows = [...operations.values()].map(({ id, path, resultFields }) => {
    const schema = requestSchema(document, nodeAt(document, 'paths', path, 'post'));
    const hasRequestId = readFieldSchemas(document, schema).has('requestId');
    const fields = [`path: '${path}'`, `resultField: '${resultFields[0]}'`];
    return `  ${id}: { ${[...fields, `hasRequestId: ${hasRequestId}`].join(', ')} },`;
  });
  return [
    '/* Generated from openapi/alipayhk.yaml by npm run generate. */',
    '',
    'export const wireOperations = {',
    ...rows,
    '} as const;',
    '',
  ].join('\n');
};

const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const pagesWithBlocks = [
  'README.md',
  'README.zh-Hant.md',
  'docs/how-to/client.md',
  'docs/how-to/testing.md',
  'docs/reference/settings.md',
  'docs/reference/result-codes.md',
  'docs/zh-hant/result-codes.md',
];

/** A page with the text between `<!-- generated:NAME -->` and `<!-- /generated -->` renewed. */
const fillBlocks = (page: string, contract: Contract): string =>
  readFileSync(join(packageRoot, page), 'utf8').replace(
    /(<!-- generated:([\w-]+)(?: ([\w./-]+))? -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_all, start: string, name: string, argument: string | undefined, end: string) =>
      `${start}${renderBlock(page, name, argument ?? '', contract)}\n${end}`,
  );

const renderBlock = (page: string, name: string, argument: string, contract: Contract): string => {
  const render = blocks[name];
  if (render === undefined) throw new Error(`${page}: unknown generated block "${name}"`);
  return render(contract, argument);
};

const blocks: Readonly<Record<string, (contract: Contract, argument: string) => string>> = {
  settings: () =>
    table(['setting', 'flag and variable', 'default', 'meaning'], settingRows.map(settingCells)),
  paths: ({ operations }, argument) =>
    table(
      argument === 'zh-hant' ? ['操作', '路徑', '依據'] : ['operation', 'path', 'basis'],
      [...operations.values()].map(({ id, path, pathBasis, pathRegister }) => [
        `\`${id}\``,
        `\`${path}\``,
        argument === 'zh-hant'
          ? `${pathBasis === 'inferred' ? '推斷' : '文件載明'}（${pathRegister}）`
          : `${pathBasis} (${pathRegister})`,
      ]),
    ),
  'result-codes': ({ operations, gatewayResults }, argument) => {
    const lang = argument === 'zh-hant' ? argument : 'en';
    return [
      ...[...operations.values()].map(({ id, ownResultCodes, results }) =>
        [
          `**\`${id}\`**`,
          resultTable(
            ownResultCodes.flatMap((code) => results.get(code) ?? []),
            lang,
          ),
        ].join('\n\n'),
      ),
      `${refusalsTitle[lang]}\n\n${resultTable([...gatewayResults.values()], lang)}`,
    ].join('\n\n');
  },
  scenarios: (contract, argument) => {
    const lang = argument === 'zh-hant' ? argument : 'en';
    const shown = [
      'order-fails-twice-then-succeeds',
      'net-reset',
      'sig-unsigned',
      'payment-info-process-fail',
    ];
    const scenarios = loadScenarios(contract);
    return table(
      catalogueColumns[lang],
      shown
        .flatMap((name) => scenarios.filter((one) => one.name === name))
        .map((scenario) => catalogueCells(scenario, lang)),
    );
  },
  diagnosis: (_contract, sample) => renderSampleDiagnosis(sample),
  file: (_contract, path) =>
    [
      `\`\`\`${fenceNames[path.split('.').at(-1) ?? ''] ?? ''}`,
      readFileSync(join(packageRoot, path), 'utf8').trimEnd(),
      '```',
    ].join('\n'),
};

const loadScenarios = (contract: Contract): readonly Scenario[] => {
  const { value, problems } = readScenarios([join(packageRoot, 'scenarios')], contract);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return [...value.values()];
};

const families: Readonly<Record<string, Readonly<Record<PageLanguage, string>>>> = {
  RES: {
    en: 'Every documented result code of every operation',
    'zh-hant': '每個操作的所有已載明結果代碼',
  },
  IDEM: { en: 'Repeated requests and lost responses', 'zh-hant': '重複的請求及遺失的回應' },
  ORD: { en: 'The order of events', 'zh-hant': '事件的次序' },
  SIG: { en: 'Responses that do not verify', 'zh-hant': '未能通過驗證的回應' },
  ENC: { en: 'Encrypted responses', 'zh-hant': '加密的回應' },
  NET: { en: 'Failures on the wire', 'zh-hant': '線路上的故障' },
  KEY: { en: 'Keys and their versions', 'zh-hant': '密鑰及其版本' },
  TIME: {
    en: 'Slow responses, and clocks that differ',
    'zh-hant': '緩慢的回應，以及相差的時鐘',
  },
  FLOW: {
    en: 'Complete life cycles: a bill, a ride, a queue ticket, a charge, a card, a binding',
    'zh-hant': '完整的生命週期：賬單、叫車、排隊籌號、充電、會員卡、綁定',
  },
};

const catalogueColumns: Readonly<Record<PageLanguage, readonly string[]>> = {
  en: ['id', 'scenario', 'what it does', 'a correct integration'],
  'zh-hant': ['id', '情境', '作用', '正確的整合'],
};

const catalogueCells = (
  { id, name, description, integration = '' }: Scenario,
  lang: PageLanguage = 'en',
): string[] => {
  const translate = translator(lang, scenarioInChinese);
  const correct = integration.trim();
  return [
    id ?? '',
    `\`${name}\``,
    translate(description.trim()),
    correct === '' ? '' : translate(correct),
  ];
};

const catalogueHead: Readonly<Record<PageLanguage, readonly string[]>> = {
  en: [
    '# The catalogue of scenarios',
    '',
    'The scenarios that come with the package. This page is generated from `scenarios/`. The ids are',
    'stable: use them in tickets and reports.',
    '',
    table(
      ['to do this', 'use'],
      [
        ['activate a scenario for every client', '`--scenario NAME`'],
        ['activate it for one request', 'the header `x-mock-scenario: NAME`'],
        ['activate it for one client', 'the admin API, or `client.activate(NAME)` in a test'],
        ['play its `expect` against a private server', '`alipayhk-mock scenarios run NAME`'],
      ],
    ),
  ],
  'zh-hant': [
    '# 情境目錄',
    '',
    '套件所附的情境。本頁由 `scenarios/` 產生。id 固定不變：可用於工單及報告。',
    '',
    table(
      ['要做的事', '使用'],
      [
        ['為所有客戶端啟用情境', '`--scenario NAME`'],
        ['只為一個請求啟用', '標頭 `x-mock-scenario: NAME`'],
        ['只為一個客戶端啟用', '管理 API，或在測試中用 `client.activate(NAME)`'],
        ['在私有伺服器上執行其 `expect`', '`alipayhk-mock scenarios run NAME`'],
        ['在終端機列出情境', '`alipayhk-mock scenarios list --lang zh-hant`'],
      ],
    ),
  ],
};

/** Every scenario of the package by family, with its stable id. */
const renderCataloguePage = (scenarios: readonly Scenario[], lang: PageLanguage = 'en'): string =>
  [
    ...catalogueHead[lang],
    '',
    ...Object.entries(families).flatMap(([family, title]) => [
      `## ${family} · ${title[lang]}`,
      '',
      table(
        catalogueColumns[lang],
        scenarios
          .filter(({ id }) => id?.startsWith(`${family}-`))
          .sort((a, b) => (a.id ?? '').localeCompare(b.id ?? ''))
          .map((scenario) => catalogueCells(scenario, lang)),
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

const settingCells = (row: SettingRow): string[] => {
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

const refusalsTitle: Readonly<Record<PageLanguage, string>> = {
  en: '**Refusals of the gateway**, on every path',
  'zh-hant': '**網關的拒絕**，適用於所有路徑',
};

const resultColumns: Readonly<Record<PageLanguage, readonly string[]>> = {
  en: ['code', 'status', 'resultMessage', 'basis', 'meaning'],
  'zh-hant': ['代碼', '狀態', 'resultMessage', '依據', '意思'],
};

const resultTable = (rows: readonly ResultRow[], lang: PageLanguage): string =>
  table(
    resultColumns[lang],
    rows.map(({ code, status, message, basis, meaning }) => [
      `\`${code}\``,
      status,
      message,
      basis,
      translator(lang, translateServerText)(meaning.trim()),
    ]),
  );

const countCells = (title: string, entries: readonly FidelityEntry[]): string[] => [
  title,
  ...bases.map((basis) => String(entries.filter((entry) => entry.basis === basis).length)),
  String(entries.length),
];

const renderFidelityPage = (entries: readonly FidelityEntry[]): string => {
  const topics = [...new Set(entries.map(({ topic }) => topic))];
  return [
    '# The fidelity register',
    '',
    'What the simulator does where the documents are silent, unclear or contradictory. This page is',
    'generated from `openapi/fidelity.yaml`; a running simulator serves it as JSON at',
    '`/__admin/fidelity`. The journal and the JSON log name the entries that each result is based on.',
    '',
    table(
      ['topic', ...bases, 'all'],
      [
        ...topics.map((topic) =>
          countCells(
            topic,
            entries.filter((entry) => entry.topic === topic),
          ),
        ),
        countCells('all', entries),
      ],
    ),
    '',
    '- **documented**: stated for AlipayHK.',
    '- **sibling**: stated for a sister product with the same header protocol.',
    '- **field**: seen in the code of an integrator whose calls reached AlipayHK.',
    '- **inferred**: stated by no source; our own conclusion.',
    '',
    'You can raise an entry: with access to a test environment of AlipayHK,',
    '[`calibrate`](how-to/calibrate.md) observes what it does there, and',
    '[`compare`](how-to/compare.md) shows where ordinary traffic differs. Each entry says how.',
    '',
    ...topics.flatMap((topic) => [
      `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
      '',
      ...entries.filter((entry) => entry.topic === topic).flatMap(entrySection),
    ]),
  ].join('\n');
};

const entrySection = ({
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
  `**To raise it:** ${howToRaise(id)}`,
  '',
];

const calibrationProbes = [...probeTable, encryptionNeedProbe('syncOrder'), statusTablesProbe([])];

/** What `calibrate` asks about a row, or why it does not. */
const howToRaise = (id: string): string => {
  const titles = calibrationProbes
    .filter((probe) => rowsAskedBy(probe).some((row) => row === id))
    .map(({ title, onRequest }) => `${title}${onRequest === true ? ' (only with `--rows`)' : ''}`);
  if (id.startsWith('P-')) titles.push('the path, and others that `--paths-file` lists');
  return titles.length > 0
    ? `\`calibrate --rows ${id}\` tries ${titles.join('; ')}.`
    : `\`calibrate\` does not ask: ${notProbed[id] ?? ''}. Ask AlipayHK.`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of await generatedFiles())
    writeFileSync(join(packageRoot, path), content);
}
