/** Renders docs/reference/certify-cases.md from certify's catalogue. */
import {
  type BasisKind,
  type CaseBasis,
  type CatalogueCase,
  type CheckId,
  caseFamilies,
  checkTitles,
  type Family,
  profiles,
} from '../server/conformance/certify/catalogue/case.ts';

import { catalogue } from '../server/conformance/certify/catalogue/index.ts';
import {
  type ReceiverCase,
  receiverCatalogue,
} from '../server/conformance/certify/catalogue/receiver.ts';

import { familyTitles } from '../server/conformance/certify/html/elements.ts';
import { listChecks } from '../server/conformance/certify/judge-case.ts';

import { scenarioFor, securityFaults, wireFaults } from '../server/domain/faults/catalogue.ts';
import type { Fault } from '../server/domain/faults/fault.ts';
import { table } from './markdown.ts';

export const renderCertifyPage = (): string =>
  [
    '# The cases of certify',
    '',
    `What \`alipayhk-mock certify\` plays, and what it looks at: ${catalogue.length} cases of what your`,
    `application sends, and ${receiverCatalogue.length} of [what AlipayHK calls](../how-to/outbound.md)`,
    '(family OUT), which are played when you name your server with `--receiver`. This page is generated',
    'from `server/conformance/certify/catalogue/`. The ids are stable: use them in',
    'tickets and in the file of expected failures.',
    '',
    table(
      ['basis', 'what a violation does'],
      (Object.entries(basisTexts) as readonly [BasisKind, string][]).map(([kind, text]) => [
        `\`${kind}\``,
        text,
      ]),
    ),
    '',
    'Two profiles say what counts. A case that a profile only warns about still fails when the same',
    'message gets a new id.',
    '',
    table(
      ['profile', 'warns only about'],
      Object.values(profiles).map(({ id, warnsOnly }) => [
        `\`${id}\``,
        warnsOnly.map((one) => `[${one}](#${one.toLowerCase()})`).join(', '),
      ]),
    ),
    '',
    ...caseFamilies.flatMap(renderFamily),
    `## OUT · ${familyTitles.OUT}`,
    '',
    ...receiverCatalogue.flatMap(renderReceiverCase),
    '## The checks',
    '',
    'A case names the checks that it uses.',
    '',
    table(
      ['check', 'what it demands'],
      Object.entries(checkTitles).map(([id, title]) => [`\`${id}\``, title]),
    ),
    '',
  ].join('\n');

const basisTexts: Readonly<Record<BasisKind, string>> = {
  doc: 'AlipayHK documents it: may fail',
  sister: 'a sister product with the same protocol documents it: may fail',
  safety:
    'our conclusion, but a violation lets a third party or bad luck change your books: may fail',
  inf: 'our conclusion: warns at most',
};

const renderFamily = (family: Family): readonly string[] => {
  const rows = catalogue.filter(({ id }) => id.startsWith(`C-${family}-`));
  return rows.length === 0
    ? []
    : [`## ${family} · ${familyTitles[family]}`, '', ...rows.flatMap(renderCase)];
};

const renderCase = (row: CatalogueCase): readonly string[] => {
  const { id, title, must, why, severity, basis, operations, remedy } = row;
  const facts = [
    ['severity', severity],
    ['basis', basis.map(describeBasis).join('; ')],
    ['operations', operations === 'all' ? 'all' : operations.map(code).join(', ')],
    ['plays', describePlay(row)],
    ['checks', describeChecks(row)],
    ['how to do it', `[${remedy}](../${remedy})`],
  ];
  return [
    `<a id="${id.toLowerCase()}"></a>`,
    '',
    `### ${id} ${title.en}`,
    '',
    `**A correct client** ${must.slice(0, 1).toLowerCase()}${must.slice(1)}`,
    '',
    `**Why.** ${why}`,
    '',
    table(['', ''], facts),
    '',
  ];
};

const renderReceiverCase = (row: ReceiverCase): readonly string[] => {
  const { id, title, must, why, severity, basis, remedy, calls, checks } = row;
  const facts = [
    ['severity', severity],
    ['basis', basis.map(describeBasis).join('; ')],
    ['calls', calls.map(code).join(', ')],
    ['plays', describeSends(row)],
    ['checks', checks.map(code).join(', ')],
    ['how to do it', `[${remedy}](../${remedy})`],
  ];
  return [
    `<a id="${id.toLowerCase()}"></a>`,
    '',
    `### ${id} ${title.en}`,
    '',
    `**A correct merchant** ${must.slice(0, 1).toLowerCase()}${must.slice(1)}`,
    '',
    `**Why.** ${why}`,
    '',
    table(['', ''], facts),
    '',
  ];
};

const describeSends = ({ fault, again = 0, parallel = 1 }: ReceiverCase): string =>
  [
    fault === undefined ? 'the call' : `the call with the fault ${code(fault)}`,
    ...(parallel === 1 ? [] : [`${parallel} times at the same time`]),
    ...(again === 0 ? [] : ['then the same event again, without a fault']),
  ].join(', ');

const code = (text: string): string => `\`${text}\``;

const describeBasis = ({ kind, register, source }: CaseBasis): string =>
  [
    kind,
    ...(register === undefined ? [] : [`[${register}](../fidelity.md#${register.toLowerCase()})`]),
    ...(source === undefined ? [] : [source]),
  ].join(', ');

type Then = CatalogueCase['play'][number]['then'];

const describePlay = ({ play, variants }: CatalogueCase): string => {
  const steps = play.map(({ then, times = 1, vary }) => {
    const often = times === 1 ? '' : times === 'always' ? ' every time' : ` ${times} times`;
    return `${describeThen(then)}${vary === true ? ' as the variant says' : ''}${often}`;
  });
  const listed = Object.entries(variants ?? {}).map(([name, { then, operations }]) =>
    [
      code(name),
      ...(then === undefined ? [] : [describeThen(then)]),
      ...(operations === undefined ? [] : [`(${operations.map(code).join(', ')} only)`]),
    ].join(' '),
  );
  const plain =
    steps.length === 0 ? ['nothing: the simulator behaves'] : [...steps, 'then it behaves'];
  return [
    plain.join(', '),
    ...(listed.length === 0 ? [] : [`variants: ${listed.join('; ')}`]),
  ].join('<br>');
};

/** The answer, its fault, and the scenario to try the fault with. */
const describeThen = (then: Then): string => {
  const { result, status, change, fault, security, keyVersion, layout } = then;
  const parts = [
    ...(result === undefined ? [] : [`${code(result)}${status === undefined ? '' : ` ${status}`}`]),
    ...(change === 'keep' ? ['although the change is made'] : []),
    ...(change === 'drop' ? ['although nothing is changed'] : []),
    ...(fault === undefined ? [] : [describeFault(fault.id, wireFaults[fault.id], 'on-the-wire')]),
    ...(security === undefined
      ? []
      : [describeFault(security.id, securityFaults[security.id], 'response-security')]),
    ...(layout === undefined ? [] : ['in another layout']),
    ...(keyVersion === undefined ? [] : [`signed by version ${keyVersion}`]),
  ];
  return parts.join(' ') || 'an answer';
};

const describeFault = (id: string, fault: Fault, anchor: string): string =>
  `[\`${id}\`](../faults.md#${anchor}), [scenario](../catalogue.md) \`${scenarioFor(id, fault)}\``;

/** The check that every case has is listed below only. */
const describeChecks = (row: CatalogueCase): string =>
  listChecks(row)
    .filter(({ id }) => id !== ('honest-claim' satisfies CheckId))
    .map(({ id, required }) => `${code(id)}${required === false ? ' (optional)' : ''}`)
    .join(', ');
