import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { startServer } from '../start-server.ts';
import { answered, attack, goodOrder, orderText, signedBody } from './raw-attack.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const nested = (open: string, close: string, levels: number): string =>
  open.repeat(levels) + (open.endsWith(':') ? '1' : '') + close.repeat(levels);
const withField = (name: string, json: string): string =>
  orderText(server, 'ODD').replace(/^\{/, `{"${name}":${json},`);

describe('signed bodies that are meant to break something', () => {
  const rows: readonly (readonly [name: string, body: () => string | Buffer, said: RegExp])[] = [
    [
      'lists nested half a million levels deep',
      () => withField('more', nested('[', ']', 400_000)),
      /\[the body is nested deeper than 64 levels\]$/,
    ],
    [
      'objects nested a hundred thousand levels deep',
      () => nested('{"a":', '}', 100_000),
      /nested deeper than 64 levels/,
    ],
    [
      'a bracket that is never closed, half a million times',
      () => nested('[', '', 500_000),
      /the body is not JSON/,
    ],
    [
      'a number of half a million digits',
      () =>
        orderText(server, 'ODD').replace(
          /"orderModifyTime":\d+/,
          `"orderModifyTime":${'9'.repeat(500_000)}`,
        ),
      /orderModifyTime: must be of type integer/,
    ],
    [
      'a number beyond all numbers',
      () => orderText(server, 'ODD').replace(/"orderModifyTime":\d+/, '"orderModifyTime":1e999'),
      /orderModifyTime: must be of type integer/,
    ],
    [
      'bytes that are not UTF-8',
      () =>
        Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]),
      /the body is not UTF-8/,
    ],
    [
      'half a character at the end',
      () => Buffer.concat([Buffer.from(orderText(server, 'ODD')), Buffer.from([0xe6, 0xb5])]),
      /the body is not UTF-8/,
    ],
    [
      'a lone surrogate where a number belongs',
      () =>
        orderText(server, 'ODD').replace(/"merchantBizNo":"[^"]*"/, '"merchantBizNo":"\\ud800"'),
      /./,
    ],
    [
      'a hundred thousand fields',
      () => `{${Array.from({ length: 90_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
      /requestId: is required/,
    ],
    [
      'the same field a hundred thousand times',
      () => `{${'"requestId":"a",'.repeat(60_000)}"requestId":"b"}`,
      /is required/,
    ],
  ];
  test.each(rows)('%s', async (_name, body, said) => {
    const { body: answer } = await attack(server, signedBody(body()), {
      until: answered,
      forMs: 20_000,
    });
    expect(JSON.parse(answer).result.resultMessage).toMatch(said);
    expect(JSON.parse(answer).result.resultCode).not.toBe('UNKNOWN_EXCEPTION');
    expect(await goodOrder(server)).toBe('SUCCESS');
  });

  test('sixty-four levels are kept and read again', async () => {
    const body = withField('more', nested('[', ']', 63));
    expect((await attack(server, signedBody(body), { until: answered })).body).toContain('SUCCESS');
  });

  test('a field called __proto__ is a field', async () => {
    const body = orderText(server, 'PROTO').replace(/^\{/, '{"__proto__":{"polluted":true},');
    expect((await attack(server, signedBody(body), { until: answered })).body).toContain('SUCCESS');
    expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
  });
});

test('two thousand requests in one go are answered one by one, in order', async () => {
  const one = signedBody(orderText(server, 'PIPE'));
  const seen = await attack(server, Buffer.concat(Array.from({ length: 2000 }, () => one)), {
    until: (text) => text.split('HTTP/1.1 200').length > 2000 && answered(text),
    forMs: 60_000,
  });
  expect(seen.text.split('"resultCode":"SUCCESS"').length - 1).toBe(2000);
}, 70_000);
