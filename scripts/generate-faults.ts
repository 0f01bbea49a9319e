/** Makes docs/faults.md from the catalogue. */
import * as z from 'zod';
import { scenarioFor, securityFaults, wireFaults } from '../server/domain/faults/catalogue.ts';
import type { Fault } from '../server/domain/faults/fault.ts';
import { phaseTable } from '../server/domain/faults/phase.ts';

export const faultsPage = (): string =>
  [
    '# Faults',
    '',
    'What can go wrong between a decision and the client that waits for it; generated from `server/domain/faults/`. A rule of a scenario chooses a fault',
    '(`then: { fault: reset }`), its phase and its parameters (`then: { fault: { id: cut-body, phase: after-commit, atByte: 20 } }`); the format is',
    'described in [scenarios/README.md](../scenarios/README.md). Each fault has a scenario of its own to try it with: `--scenario net-reset`.',
    '',
    'One sentence holds for nearly all of them: **without a verified answer the outcome is unknown. Send the same requestId with the same body again.**',
    '',
    '## Phases',
    '',
    'When a fault strikes decides what it leaves behind.',
    '',
    table(
      ['phase', 'what has happened', 'the change'],
      Object.entries(phaseTable).map(([phase, { sentence, keepsChange }]) => [
        `\`${phase}\``,
        sentence,
        keepsChange ? 'kept' : 'none',
      ]),
    ),
    '',
    '## On the wire',
    '',
    'In a rule: `fault`. The first of its phases is the one it strikes in unless the rule names another.',
    '',
    table(
      ['fault', 'what arrives', 'parameters', 'phases', 'a correct client'],
      Object.entries(wireFaults).map(([id, fault]) => [
        nameCell(id, fault),
        fault.sentence,
        parameterCell(fault),
        fault.phases.map((phase) => `\`${phase}\``).join(', '),
        fault.expectedClientBehaviour,
      ]),
    ),
    '',
    '## Response security',
    '',
    'In a rule: `security`. It can be had with every result (S, F and U) and with every fault on the wire that still tells the answer.',
    '',
    table(
      ['fault', 'what arrives', 'parameters', 'a correct client'],
      Object.entries(securityFaults).map(([id, fault]) => [
        nameCell(id, fault),
        fault.sentence,
        parameterCell(fault),
        fault.expectedClientBehaviour,
      ]),
    ),
    '',
  ].join('\n');

const nameCell = (id: string, fault: Fault): string =>
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

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
