import type { Exchange } from '../api/journal.ts';

/** Made by the sending side anew; a fixed value would be wrong or is not allowed. */
const ofTransport = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
  'expect',
];

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;

/**
 * A test for `node --test`: the same bytes again, and the result that came this time. What should
 * come instead is the reader's to put in.
 */
export const asTest = (
  { id, operation, code, status, method, target, request, reply }: Exchange,
  origin: string,
): string => {
  const headers = request.headerLines.filter(
    ([name = '']) => !ofTransport.includes(name.toLowerCase()),
  );
  const body =
    request.bodyText === undefined
      ? `Buffer.from(${quoted(request.bodyBase64)}, 'base64')`
      : `Buffer.from(${quoted(request.bodyText)})`;
  const resultField = reply.bodyText?.includes('"resultInfo"') === true ? 'resultInfo' : 'result';
  return [
    `// The request of exchange ${id}, byte for byte. Run it with: node --test`,
    `import assert from 'node:assert/strict';`,
    `import { test } from 'node:test';`,
    '',
    `test(${quoted(`${operation ?? target} is answered ${code}`)}, async () => {`,
    `  const response = await fetch(${quoted(`${origin}${target}`)}, {`,
    `    method: ${quoted(method)},`,
    '    headers: {',
    ...headers.map(([name = '', value = '']) => `      ${quoted(name)}: ${quoted(value)},`),
    '    },',
    ...(method === 'GET' || method === 'HEAD' ? [] : [`    body: ${body},`]),
    '  });',
    `  const { ${resultField}: result } = await response.json();`,
    `  assert.equal(result.resultCode, ${quoted(code)});`,
    `  assert.equal(result.resultStatus, ${quoted(status)});`,
    '});',
    '',
  ].join('\n');
};
