import { coverageGroups } from '../server/conformance/coverage/coverage-items.ts';
import { lintRemedies } from '../server/conformance/lint/lint-remedies.ts';
import {
  type LintRule,
  type LintRuleId,
  lintConditions,
  lintRules,
} from '../server/conformance/lint/lint-rules.ts';
import { languageNames, languages } from '../server/doctor/catalogue/remedies.ts';
import { table } from './markdown.ts';

/** Renders docs/reference/lint-rules.md from the tables of rules and remedies. */

const families = {
  RTY: 'Retries',
  ID: 'Ids',
  TIM: 'Clocks and timeouts',
  ORD: 'Order of events',
  SIG: 'Signature and encryption',
  HTTP: 'HTTP',
  OUT: 'Answers to what AlipayHK calls',
} as const;

export const renderLintPage = (): string => {
  const rules = Object.entries(lintRules) as [LintRuleId, LintRule][];
  return [
    '# Lint rules',
    '',
    'What lint looks for in ordinary traffic. This page is generated from its tables;',
    '[Check your integration](../how-to/check-your-integration.md) shows how to use them.',
    '',
    'An **error** means that money or orders can be wrong, a **warning** that it goes wrong under',
    'load or failure, and a **note** is worth knowing. The severity of a rule is the worst that a',
    'finding of it can have. The basis says how the demand is known: `documented` for AlipayHK,',
    '`sibling` for a product with the same protocol, `inferred` by this project.',
    '',
    table(
      ['rule', 'severity', 'basis', 'what it finds'],
      rules.map(([id, { severity, basis, title }]) => [
        `[${id}](#${id.toLowerCase()})`,
        severity,
        basis,
        title,
      ]),
    ),
    '',
    ...Object.entries(families).flatMap(([family, title]) => [
      `## ${title}`,
      '',
      ...rules
        .filter(([id]) => id.startsWith(`L-${family}-`))
        .flatMap(([id, rule]) => renderRule(id, rule)),
    ]),
    '## Remedies',
    '',
    'The snippets share these names: `outbox` stores messages until their outcome is known,',
    '`message` is one of them, `sign` and `post` are the functions of your application.',
    '',
    ...Object.entries(lintRemedies).flatMap(([id, remedy]) => [
      `### ${id}`,
      '',
      ...languages.flatMap((language) => [
        `${languageNames[language]}:`,
        '',
        `\`\`\`${language === 'node' ? 'js' : language}`,
        remedy[language],
        '```',
        '',
      ]),
    ]),
    '## Groups of coverage',
    '',
    table(
      ['group', 'items'],
      Object.entries(coverageGroups).map(([id, title]) => [id, title]),
    ),
    '',
  ].join('\n');
};

const renderRule = (id: LintRuleId, rule: LintRule): readonly string[] => [
  `### ${id}`,
  '',
  `**${rule.title}.** ${lintConditions[id].condition}`,
  '',
  `- Why it matters: ${rule.why}`,
  `- Not found: ${lintConditions[id].exempt}`,
  `- Remedy: [${rule.remedy}](#${rule.remedy.toLowerCase()})`,
  ...(rule.register === undefined
    ? []
    : [`- Register: [${rule.register}](../fidelity.md#${rule.register.toLowerCase()})`]),
  '',
];
