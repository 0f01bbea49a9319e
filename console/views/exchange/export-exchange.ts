import type { Exchange } from '../../../server/admin/types.gen.ts';
import { formatIdentity } from '../../components/format.ts';

/** Set by the HTTP client itself; a fixed value would be wrong or is rejected. */
const transportHeaders = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
  'expect',
];

const quoteString = (text: string): string => {
  const escaped = text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${escaped}'`;
};

/** A test for `node --test` that sends the same bytes and expects the same result. */
export const exportAsTest = (
  { id, operation, code, status, method, target, request, reply }: Exchange,
  origin: string,
): string => {
  const headers = request.headerLines.filter(
    ([name = '']) => !transportHeaders.includes(name.toLowerCase()),
  );
  const body =
    request.bodyText === undefined
      ? `Buffer.from(${quoteString(request.bodyBase64)}, 'base64')`
      : `Buffer.from(${quoteString(request.bodyText)})`;
  const resultField = reply.bodyText?.includes('"resultInfo"') === true ? 'resultInfo' : 'result';
  return [
    `// The request of exchange ${id}, byte for byte. Run it with: node --test`,
    `import assert from 'node:assert/strict';`,
    `import { test } from 'node:test';`,
    '',
    `test(${quoteString(`${operation ?? target} is answered ${code}`)}, async () => {`,
    `  const response = await fetch(${quoteString(`${origin}${target}`)}, {`,
    `    method: ${quoteString(method)},`,
    '    headers: {',
    ...headers.map(
      ([name = '', value = '']) => `      ${quoteString(name)}: ${quoteString(value)},`,
    ),
    '    },',
    ...(method === 'GET' || method === 'HEAD' ? [] : [`    body: ${body},`]),
    '  });',
    `  const { ${resultField}: result } = await response.json();`,
    `  assert.equal(result.resultCode, ${quoteString(code)});`,
    `  assert.equal(result.resultStatus, ${quoteString(status)});`,
    '});',
    '',
  ].join('\n');
};

const slugify = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** The field that identifies a record, by operation (register entry O-03). */
const identityFields: Readonly<Record<string, string>> = {
  syncOrder: 'merchantBizNo',
  updateMembershipCard: 'passId',
  syncPaymentInfo: 'accountId',
  syncAdditionalInfo: 'accountId',
};

/** A scenario that returns the same result for requests like this one. */
export const exportAsScenario = (exchange: Exchange): string => {
  const operation = exchange.operation ?? 'syncOrder';
  const field = identityFields[operation];
  const named = field === undefined ? undefined : readBodyField(exchange, field);
  return [
    `name: ${slugify(`${operation} ${exchange.code}`)}`,
    'description: >-',
    `  ${operation} is answered ${exchange.code}, as in exchange ${exchange.id}.`,
    'rules:',
    '  - when:',
    `      operation: ${operation}`,
    ...(named === undefined || field === undefined
      ? []
      : ['      body:', `        ${field}: ${JSON.stringify(named)}`]),
    '    then:',
    `      result: ${exchange.code}`,
    ...(exchange.status === 'S' ? [] : [`      status: ${exchange.status}`]),
    '',
  ].join('\n');
};

const readBodyField = ({ request, identity }: Exchange, field: string): string | undefined => {
  try {
    const body: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    const value =
      typeof body === 'object' && body !== null
        ? Object.entries(body).find(([name]) => name === field)?.[1]
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    const only = identity === undefined ? undefined : formatIdentity(identity);
    return only?.includes(' · ') === true ? undefined : only;
  }
};
