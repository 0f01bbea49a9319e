import { join } from 'node:path';
import { nodeAt } from '../server/domain/contract/document.ts';
import {
  type OutboundCall,
  readOutboundContract,
} from '../server/domain/outbound/outbound-calls.ts';
import { outboundFaults } from '../server/domain/outbound/outbound-faults.ts';
import { packageRoot } from '../server/package-root.ts';
import { table } from './markdown.ts';

const registerLink = (id: string): string => `[${id}](../fidelity.md#${id.toLowerCase()})`;

const callCells = (call: OutboundCall): string[] => [
  registerLink(call.register),
  `\`${call.id}\``,
  call.kind,
  call.path === undefined ? 'agreed' : `\`${call.path}\``,
  call.basis,
  call.isComplete ? 'yes' : 'no: an open template',
];

const callSection = (call: OutboundCall): string[] => [
  `### \`${call.id}\``,
  '',
  call.summary,
  '',
  `**A correct merchant:** ${call.merchant}`,
  '',
  ...(call.functionName === undefined ? [] : [`**Function:** \`${call.functionName}\``, '']),
  ...(call.envelope === 'plain'
    ? []
    : [
        `**Older envelope:** \`{request: {head, body}, signature}\` (${registerLink('OB-17')}). The`,
        'fields below are those of `body`.',
        '',
      ]),
  ...(call.unknown.length === 0 ? [] : [`**Not known:** ${call.unknown.join('; ')}.`, '']),
  '```json',
  JSON.stringify(call.example, null, 2),
  '```',
  '',
];

/** Every call to the merchant, with what is known of it, and every fault. */
export const renderOutboundPage = (): string => {
  const { calls, document } = readOutboundContract(join(packageRoot, 'openapi', 'outbound.yaml'));
  const all = [...calls.values()];
  return [
    '# Calls that AlipayHK makes to merchants',
    '',
    'Generated from `openapi/outbound.yaml` (OpenAPI 3.1 webhooks), version',
    `${String(nodeAt(document, 'info')['version'])}. [Receive AlipayHK's calls](../how-to/outbound.md)`,
    'shows how to send them to your server.',
    '',
    table(['register', 'call', 'kind', 'path', 'basis', 'complete'], all.map(callCells)),
    '',
    'A **notification** that is not acknowledged is sent again by the plan of',
    `${registerLink('OB-16')}; a **query** is sent once. An open template sends what is known and`,
    'any field that you add; its answer is checked for the result alone.',
    '',
    '## Faults',
    '',
    table(
      ['fault', 'what is sent', 'a correct merchant'],
      Object.entries(outboundFaults).map(([id, { sentence, expectedMerchantBehaviour }]) => [
        `\`${id}\``,
        sentence,
        expectedMerchantBehaviour,
      ]),
    ),
    '',
    'In a plan, a fault is of the first sending; the sendings after it are without it.',
    '',
    '## The calls',
    '',
    ...all.flatMap(callSection),
  ].join('\n');
};
