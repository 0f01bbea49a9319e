/** Renders docs/faults.md from the catalogue of faults. */
import * as z from 'zod';
import { scenarioFor, securityFaults, wireFaults } from '../server/domain/faults/catalogue.ts';
import { type Fault, phaseTable } from '../server/domain/faults/fault.ts';
import { table } from './markdown.ts';

export const renderFaultsPage = (): string =>
  [
    '# Faults',
    '',
    'What can go wrong between a decision and the client that waits for it. This page is generated',
    'from `server/domain/faults/`. A rule of a scenario selects a fault, and optionally its phase and',
    'its parameters. [Scenario files](../scenarios/README.md) describes the format.',
    '',
    '```yaml',
    'then: { fault: reset }',
    '```',
    '',
    '```yaml',
    'then: { fault: { id: cut-body, phase: after-commit, atByte: 20 } }',
    '```',
    '',
    'Each fault has a scenario that you can try it with, such as `--scenario net-reset`.',
    '',
    'One rule covers nearly all of them: **without a verified response the outcome is unknown. Send',
    'the same requestId with the same body again.**',
    '',
    '## Phases',
    '',
    'The phase is the moment at which a fault applies. It decides whether the change is kept.',
    '',
    table(
      ['phase', 'what has happened before', 'the change'],
      Object.entries(phaseTable).map(([phase, { sentence, keepsChange }]) => [
        `\`${phase}\``,
        sentence,
        keepsChange ? 'kept' : 'none',
      ]),
    ),
    '',
    '## On the wire',
    '',
    'In a rule: `fault`. The first phase in the list is the default.',
    '',
    table(
      ['fault', 'what arrives', 'parameters', 'phases', 'a correct client'],
      Object.entries(wireFaults).map(([id, fault]) => [
        faultNameCell(id, fault),
        fault.sentence,
        parameterCell(fault),
        fault.phases.map((phase) => `\`${phase}\``).join(', '),
        fault.expectedClientBehaviour,
      ]),
    ),
    '',
    '## Response security',
    '',
    'In a rule: `security`. It works with every result (S, F and U), and with every fault on the wire',
    'that still sends a response.',
    '',
    table(
      ['fault', 'what arrives', 'parameters', 'a correct client'],
      Object.entries(securityFaults).map(([id, fault]) => [
        faultNameCell(id, fault),
        fault.sentence,
        parameterCell(fault),
        fault.expectedClientBehaviour,
      ]),
    ),
    '',
  ].join('\n');

const faultNameCell = (id: string, fault: Fault): string =>
  `\`${id}\`<br>scenario \`${scenarioFor(id, fault)}\``;

const parameterCell = ({ parameters }: Fault): string => {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input' });
  return Object.entries(properties)
    .map(
      ([name, property]) =>
        `\`${name}\`: ${typeof property === 'object' ? parameterText(property) : ''}`,
    )
    .join('<br>');
};

const parameterText = ({
  description,
  minimum,
  maximum,
  default: initial,
  enum: choices,
  anyOf,
}: z.core.JSONSchema.BaseSchema): string => {
  const values = choices ?? anyOf?.flatMap((one) => one.const ?? []);
  return [
    description ?? '',
    ...(values === undefined ? [] : [values.map((value) => `\`${String(value)}\``).join(', ')]),
    ...(minimum === undefined || maximum === undefined ? [] : [`${minimum} to ${maximum}`]),
    ...(initial === undefined ? [] : [`default ${String(initial)}`]),
  ].join('; ');
};
