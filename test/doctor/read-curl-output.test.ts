import { describe, expect, test } from 'vitest';
import { readCopiedExchanges } from '../../server/admin/routes/integration-router.ts';
import { readRequestText } from '../../server/doctor/diagnose-message.ts';

const target = '/api/open/alipay/v1/merchant/order/sync';
const sent = '{"seats":"星光 F7"}';
const answer = '{"result":{"resultCode":"SUCCESS","note":"* 院"}}';
const requestHead = [
  `POST ${target}?a=1 HTTP/1.1`,
  'Host: 127.0.0.1:8852',
  'Client-Id: M1',
  'Signature: algorithm=RSA256,keyVersion=1,signature=AA%3D',
  `Content-Length: ${Buffer.byteLength(sent)}`,
];
const responseHead = (isSigned: boolean): readonly string[] => [
  'HTTP/1.1 200 OK',
  'client-id: M1',
  ...(isSigned ? ['signature: algorithm=RSA256,keyVersion=1,signature=BB'] : []),
  `content-length: ${Buffer.byteLength(answer)}`,
];

const marked = (mark: string, lines: readonly string[]): string =>
  [...lines, ''].map((line) => `${mark} ${line}\r\n`).join('');

const verbose = (
  isSigned = true,
  body = `${answer}* Connection #0 to host x left intact\n`,
): string =>
  [
    '*   Trying 127.0.0.1:8852...\n* Connected to 127.0.0.1 (127.0.0.1) port 8852 (#0)\n',
    marked('>', requestHead),
    '} [24 bytes data]\n',
    marked('<', responseHead(isSigned)),
    '{ [49 bytes data]\n',
    body,
  ].join('');

/** As `curl --trace` prints bytes. */
const dump = (heading: string, text: string): string => {
  const bytes = Buffer.from(text);
  const lines = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, at) => {
    const row = bytes.subarray(at * 16, at * 16 + 16);
    const hex = [...row].map((byte) => `${byte.toString(16).padStart(2, '0')} `).join('');
    const shown = row.toString('latin1').replace(/[^ -~]/g, '.');
    return `${(at * 16).toString(16).padStart(4, '0')}: ${hex.padEnd(48)}${shown}\n`;
  });
  return `${heading}, ${bytes.length} bytes (0x${bytes.length.toString(16)})\n${lines.join('')}`;
};

const trace = (isSigned: boolean): string =>
  [
    '== Info:   Trying 127.0.0.1:8852...\n',
    dump('=> Send header', `${requestHead.join('\r\n')}\r\n\r\n`),
    dump('=> Send data', sent),
    '== Info: Mark bundle as not supporting multiuse\n',
    ...responseHead(isSigned).map((line) => dump('<= Recv header', `${line}\r\n`)),
    dump('<= Recv header', '\r\n'),
    dump('<= Recv data', answer),
    `== Info: Connection #0 left intact\n${answer}`,
  ].join('');

const read = (text: string) => {
  const result = readRequestText(text);
  return 'problem' in result ? result : { ...result.message, body: result.message.body.toString() };
};

describe('what curl -v printed', () => {
  const expected = { kind: 'response', status: 200, target: `${target}?a=1`, body: answer };

  test.each([
    ['the body at its end', verbose()],
    ['the body after all else', verbose(true, `* Connection #0 left intact\n${answer}\n`)],
    [
      'the whole response after all else, with -i',
      verbose(
        true,
        `* Connection #0 left intact\n${responseHead(true).join('\r\n')}\r\n\r\n${answer}`,
      ),
    ],
    ['a meter in between', verbose(true, `  % Total    % Received\n${answer}`)],
    ['an earlier exchange', `${verbose(false)}${verbose()}`],
  ])('is the signed response, with the path of its request: %s', (_name, text) => {
    expect(read(text)).toMatchObject(expected);
  });

  test('has no request body, and says what has', () => {
    expect(read(verbose(false))).toEqual({
      problem: expect.stringContaining('Give the output of curl --trace -'),
    });
  });

  test('below a copied command line it is not part of the command', () => {
    const command = `$ curl -v http://127.0.0.1:8852${target} -H 'Client-Id: M1' -d '${sent}'\n`;
    expect(read(`${command}${verbose()}`)).toMatchObject({
      kind: 'request',
      target,
      headers: [['Client-Id', 'M1']],
      body: sent,
    });
  });
});

test('what curl --trace printed is the request with its bytes, or the signed response', () => {
  expect(read(trace(false))).toMatchObject({
    kind: 'request',
    target: `${target}?a=1`,
    body: sent,
  });
  expect(read(trace(true))).toMatchObject({
    kind: 'response',
    target: `${target}?a=1`,
    body: answer,
  });
});

describe('what curl --trace-ascii printed', () => {
  /** A line of the message each, at most 64 characters, with its offset. */
  const dumpText = (heading: string, text: string): string => {
    const lines: string[] = [];
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\r\n', at);
      const isWhole = end >= 0 && end - at <= 64;
      const row = text.slice(at, isWhole ? end : at + 64);
      lines.push(`${at.toString(16).padStart(4, '0')}: ${row.replace(/[^ -~]/g, '.')}\n`);
      at += row.length + (isWhole ? 2 : 0);
    }
    return `${heading}, ${text.length} bytes (0x${text.length.toString(16)})\n${lines.join('')}`;
  };
  const long = `Signature: algorithm=RSA256,keyVersion=1,signature=${'AbC%2B'.repeat(60)}`;
  const head = (length: number): string =>
    [`POST ${target} HTTP/1.1`, long, `Content-Length: ${length}`, '', ''].join('\r\n');
  const printed = (body: string): string =>
    [
      '== Info:   Trying 127.0.0.1:8852...\n',
      dumpText('=> Send header', head(body.length)),
      dumpText('<= Recv header', 'HTTP/1.1 100 Continue\r\n'),
      dumpText('<= Recv header', '\r\n'),
      dumpText('=> Send data', body),
      dumpText('<= Recv header', 'HTTP/1.1 200 OK\r\n'),
    ].join('');

  test('is put together by its offsets, long lines too', () => {
    const body = `{"memo":"${'x'.repeat(200)}"}`;
    expect(read(printed(body))).toMatchObject({
      ...{ kind: 'request', target, body },
      headers: expect.arrayContaining([['Signature', long.slice('Signature: '.length)]]),
    });
  });

  test('a dot in the body may be any byte, and says so', () => {
    expect(read(printed('{\n"a":1}'))).toEqual({
      problem: expect.stringContaining('Give the output of curl --trace -, which has all bytes'),
    });
  });

  test('times and ids before each line do not matter', () => {
    const stamped = (text: string): string =>
      text.replace(/^(?=[*<>={}] |[<=][=>] )/gm, '05:02:50.596791 [0-0] ');
    expect(read(stamped(trace(true)))).toMatchObject({ kind: 'response', body: answer });
    expect(read(stamped(printed('{"a":1}')))).toMatchObject({ kind: 'request', body: '{"a":1}' });
    expect(read(stamped(verbose()))).toMatchObject({ kind: 'response', target: `${target}?a=1` });
  });
});

describe('files of several exchanges', () => {
  const entry = (text: string, comment?: string) => ({
    request: {
      method: 'POST',
      url: `https://open.alipay.hk${target}?x=%2F`,
      headers: [
        { name: ':authority', value: 'open.alipay.hk' },
        { name: 'client-id', value: 'M1' },
      ],
      postData: { mimeType: 'application/json', text, comment },
    },
    response: {},
  });
  const readFile = (value: unknown) => readCopiedExchanges(Buffer.from(JSON.stringify(value)));

  test('a HAR: target as written, host, headers without pseudo headers, bodies as text or base64', () => {
    const found = readFile({
      log: { entries: [entry(sent), entry(Buffer.from([0, 255]).toString('base64'), 'base64')] },
    });
    expect(found?.[0]).toEqual({
      kind: 'request',
      method: 'POST',
      target: `${target}?x=%2F`,
      host: 'open.alipay.hk',
      headers: [['client-id', 'M1']],
      body: Buffer.from(sent),
    });
    expect(found?.[1]?.body).toEqual(Buffer.from([0, 255]));
  });

  test('what exec --journal wrote; other JSON is none of them', () => {
    const exchange = {
      method: 'POST',
      target,
      request: { headers: { 'client-id': 'M1' }, bodyBase64: Buffer.from(sent).toString('base64') },
    };
    expect(readFile({ exchanges: [exchange, exchange] })).toHaveLength(2);
    expect(readFile(exchange)).toHaveLength(1);
    expect(readFile({ log: {} })).toBeUndefined();
  });
});
