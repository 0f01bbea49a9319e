/** Renders docs/faults.md from the catalogue of faults, and the same in Chinese. */
import * as z from 'zod';
import { faultInChinese } from '../server/domain/chinese/sentences.ts';
import { scenarioFor, securityFaults, wireFaults } from '../server/domain/faults/catalogue.ts';
import { type Fault, phaseTable } from '../server/domain/faults/fault.ts';
import { type PageLanguage, type Translate, table, translator } from './markdown.ts';

const examples = [
  '```yaml',
  'then: { fault: reset }',
  '```',
  '',
  '```yaml',
  'then: { fault: { id: cut-body, phase: after-commit, atByte: 20 } }',
  '```',
];

const pageTexts = {
  en: {
    head: [
      '# Faults',
      '',
      'What can go wrong between a decision and the client that waits for it. This page is generated',
      'from `server/domain/faults/`. A rule of a scenario selects a fault, and optionally its phase and',
      'its parameters. [Scenario files](../scenarios/README.md) describes the format.',
    ],
    rule: [
      'Each fault has a scenario that you can try it with, such as `--scenario net-reset`.',
      '',
      'One rule covers nearly all of them: **without a verified response the outcome is unknown. Send',
      'the same requestId with the same body again.**',
    ],
    phases: [
      '## Phases',
      '',
      'The phase is the moment at which a fault applies. It decides whether the change is kept.',
    ],
    phaseColumns: ['phase', 'what has happened before', 'the change'],
    kept: 'kept',
    none: 'none',
    wire: ['## On the wire', '', 'In a rule: `fault`. The first phase in the list is the default.'],
    columns: ['fault', 'what arrives', 'parameters', 'phases', 'a correct client'],
    security: [
      '## Response security',
      '',
      'In a rule: `security`. It works with every result (S, F and U), and with every fault on the wire',
      'that still sends a response.',
    ],
    scenario: 'scenario',
    range: (from: number, to: number): string => `${from} to ${to}`,
    initial: 'default',
    separator: '; ',
  },
  'zh-hant': {
    head: [
      '# 故障',
      '',
      '從作出決定到客戶端收到回應之間可能出錯的地方。本頁由 `server/domain/faults/` 產生。情境的規則可選擇故障，' +
        '亦可選擇其階段及參數。[情境檔案](../../scenarios/README.md)說明格式。',
    ],
    rule: [
      '每個故障都有一個情境可供試用，例如 `--scenario net-reset`。',
      '',
      '有一條規則幾乎涵蓋全部：**沒有通過驗證的回應，結果就是未知。請以相同的 requestId 及相同的正文再次發送。**',
    ],
    phases: ['## 階段', '', '階段是故障發生的時刻，決定更改是否保留。'],
    phaseColumns: ['階段', '之前發生了甚麼', '更改'],
    kept: '保留',
    none: '沒有',
    wire: ['## 線路上的故障', '', '在規則中寫作 `fault`。列出的首個階段為預設。'],
    columns: ['故障', '到達的內容', '參數', '階段', '正確的客戶端'],
    security: [
      '## 回應的安全',
      '',
      '在規則中寫作 `security`。適用於所有結果（S、F 及 U），以及線路上仍會送出回應的所有故障。',
    ],
    scenario: '情境',
    range: (from: number, to: number): string => `${from} 至 ${to}`,
    initial: '預設',
    separator: '；',
  },
};
type PageTexts = (typeof pageTexts)['en'];

export const renderFaultsPage = (lang: PageLanguage = 'en'): string => {
  const texts: PageTexts = pageTexts[lang];
  const translate = translator(lang, faultInChinese);
  const [fault = '', arrives = '', parameters = '', phases = '', correct = ''] = texts.columns;
  const cells = (id: string, row: Fault): string[] => [
    `\`${id}\`<br>${texts.scenario} \`${scenarioFor(id, row)}\``,
    translate(row.sentence),
    parameterCell(row, texts, translate),
  ];
  return [
    ...texts.head,
    '',
    ...examples,
    '',
    ...texts.rule,
    '',
    ...texts.phases,
    '',
    table(
      texts.phaseColumns,
      Object.entries(phaseTable).map(([phase, { sentence, keepsChange }]) => [
        `\`${phase}\``,
        translate(sentence),
        keepsChange ? texts.kept : texts.none,
      ]),
    ),
    '',
    ...texts.wire,
    '',
    table(
      [fault, arrives, parameters, phases, correct],
      Object.entries(wireFaults).map(([id, row]) => [
        ...cells(id, row),
        row.phases.map((phase) => `\`${phase}\``).join(', '),
        translate(row.expectedClientBehaviour),
      ]),
    ),
    '',
    ...texts.security,
    '',
    table(
      [fault, arrives, parameters, correct],
      Object.entries(securityFaults).map(([id, row]) => [
        ...cells(id, row),
        translate(row.expectedClientBehaviour),
      ]),
    ),
    '',
  ].join('\n');
};

const parameterCell = ({ parameters }: Fault, texts: PageTexts, translate: Translate): string => {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input' });
  return Object.entries(properties)
    .map(
      ([name, property]) =>
        `\`${name}\`: ${typeof property === 'object' ? parameterText(property, texts, translate) : ''}`,
    )
    .join('<br>');
};

const parameterText = (
  {
    description,
    minimum,
    maximum,
    default: initial,
    enum: choices,
    anyOf,
  }: z.core.JSONSchema.BaseSchema,
  texts: PageTexts,
  translate: Translate,
): string => {
  const values = choices ?? anyOf?.flatMap((one) => one.const ?? []);
  return [
    description === undefined ? '' : translate(description),
    ...(values === undefined ? [] : [values.map((value) => `\`${String(value)}\``).join(', ')]),
    ...(minimum === undefined || maximum === undefined ? [] : [texts.range(minimum, maximum)]),
    ...(initial === undefined ? [] : [`${texts.initial} ${String(initial)}`]),
  ].join(texts.separator);
};
