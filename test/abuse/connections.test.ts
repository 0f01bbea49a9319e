import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { throttleRepeats } from '../../server/app/logger.ts';
import { startServer } from '../start-server.ts';
import { answered, attack, goodOrder, head, keepSending, signedBody } from './raw-attack.ts';

let server: MockServer;
const reported: string[] = [];
beforeAll(async () => {
  server = await startServer(
    {
      'limits.headersTime': '400ms',
      'limits.requestTime': '800ms',
      'limits.idleTime': '300ms',
      'limits.headerBytes': 4096,
      'limits.bodyBytes': 20_000,
    },
    { onWarning: (sentence) => reported.push(sentence) },
  );
});
afterAll(() => server.close());

const message = (body: string): unknown => JSON.parse(body).result.resultMessage;
const inTime =
  'the request did not arrive in time: its head within 400ms (limits.headersTime), all of it within 800ms (limits.requestTime)';

describe('callers that take their time', () => {
  test.each([
    ['says nothing', '', () => {}],
    ['sends a header now and then', 'POST / HTTP/1.1\r\n', keepSending(50, () => 'X-A: b\r\n')],
    ['stops in the midst of a header', 'POST / HTTP/1.1\r\nX-A: ', () => {}],
    ['sends a body byte by byte', head(['Content-Length: 5000']), keepSending(50, () => 'x')],
    ['never sends the body it has promised', head(['Content-Length: 10']), () => {}],
    [
      'sends a body of many small chunks',
      head(['Transfer-Encoding: chunked']),
      keepSending(50, () => '1\r\nx\r\n'),
    ],
  ])('one that %s is answered 408 and its connection closed', async (_name, bytes, goOn) => {
    const seen = await attack(server, bytes, { goOn });
    expect([seen.ended, seen.status, message(seen.body)]).toEqual([true, '408', inTime]);
    expect(await goodOrder(server)).toBe('SUCCESS');
  });

  test('the operator is told', () => {
    expect(reported).toContain(`a connection was rejected: ${inTime}`);
  });

  test('a connection that is idle after its answer is closed', async () => {
    const seen = await attack(server, head(['Content-Length: 0']));
    expect([seen.ended, seen.status]).toEqual([true, '200']);
  });

  test('a caller that has sent everything and closed its half still gets its answer', async () => {
    const seen = await attack(server, signedBody('{}'), { goOn: (socket) => socket.end() });
    expect(message(seen.body)).toMatch(/requestId: is required/);
  });

  test('a caller that breaks off leaves nothing behind', async () => {
    for (const bytes of [head(['Content-Length: 5000']), signedBody('{}'), 'POST / HT'])
      await attack(server, bytes, { forMs: 20 });
    expect(await goodOrder(server)).toBe('SUCCESS');
  });
});

describe('bodies without end', () => {
  const tooLarge =
    'Request is invalid, usually missing parameters. [the body is larger than 20000 bytes]';

  test('a body that is declared too large is answered before it is sent', async () => {
    const seen = await attack(server, head(['Content-Length: 500000000']), { until: answered });
    expect([seen.status, message(seen.body)]).toEqual(['200', tooLarge]);
  });

  test('one that grows too large is answered while it still comes, and then cut off', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const seen = await attack(server, head(['Transfer-Encoding: chunked']), {
      goOn: keepSending(5, () => chunk),
    });
    expect([seen.ended, message(seen.body)]).toEqual([true, tooLarge]);
    expect(seen.milliseconds).toBeLessThan(6000);
  });

  test('one that nobody asked for is cut off too', async () => {
    const bytes = head(['Transfer-Encoding: chunked']).replace('/order/sync', '/nothing');
    const seen = await attack(server, bytes, {
      goOn: keepSending(5, () => `1000\r\n${'x'.repeat(0x1000)}\r\n`),
    });
    expect([seen.ended, message(seen.body)]).toEqual([
      true,
      expect.stringMatching(/\[no operation has the path/),
    ]);
  });

  test('the connection goes on when the caller had only a little more to say', async () => {
    const bytes = Buffer.concat([
      Buffer.from(head(['Content-Length: 30000'])),
      Buffer.alloc(30_000, 'x'),
      signedBody('{}'),
    ]);
    const seen = await attack(server, bytes, { until: (text) => text.includes('is required') });
    expect(seen.text).toMatch(/is larger than[\s\S]*HTTP\/1\.1 200[\s\S]*requestId: is required/);
  });
});

describe('heads without measure', () => {
  test.each([
    ['a long header', `X-A: ${'y'.repeat(5000)}`],
    ['thousands of headers', Array.from({ length: 3000 }, (_, index) => `h${index}:`).join('\r\n')],
    ['a long path', ''],
  ])('%s is answered 431', async (_name, line) => {
    const bytes = line === '' ? `POST /${'a'.repeat(5000)} HTTP/1.1\r\n\r\n` : head([line]);
    const seen = await attack(server, bytes);
    expect([seen.ended, seen.status, message(seen.body)]).toEqual([
      true,
      '431',
      'the head of the request is larger than 4096 bytes (limits.headerBytes)',
    ]);
  });

  test('no header is left out, however many there are', async () => {
    const roomy = await startServer({ 'limits.headerBytes': 65_536 });
    const seen = await attack(
      roomy,
      head([
        ...Array.from({ length: 5000 }, () => 'a:'),
        'Client-Id: one',
        'Client-Id: two',
        'Content-Length: 0',
      ]),
      { until: answered },
    );
    expect(message(seen.body)).toBe(
      'Request is invalid, usually missing parameters. [Client-Id header: sent 2 times, must be sent once]',
    );
    await roomy.close();
  });

  test.each([
    'hello\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\0\0\0\0\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ])('what is no request is answered 400: %j', async (bytes) => {
    const seen = await attack(server, bytes);
    expect([seen.ended, seen.status, message(seen.body)]).toEqual([
      true,
      '400',
      'this is not an HTTP request',
    ]);
  });
});

test('connections beyond the limit are closed at once, the operator is told, and the others go on', async () => {
  const sentences: string[] = [];
  const small = await startServer(
    { 'limits.connections': 20, 'limits.idleTime': '10s' },
    { onWarning: (sentence) => sentences.push(sentence) },
  );
  const port = Number(new URL(small.url).port);
  const open: Socket[] = [];
  for (let number = 0; number < 20; number++) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    open.push(socket);
  }
  const seen = await attack(small, head());
  expect([seen.ended, seen.text]).toEqual([true, '']);
  await expect
    .poll(() => sentences)
    .toEqual(['a connection was closed at once: 20 are open, which is limits.connections']);
  open[0]?.write(signedBody('{}'));
  const [answer] = open[0] === undefined ? [] : await once(open[0], 'data');
  expect(String(answer)).toContain('is required');
  for (const socket of open) socket.destroy();
  await expect.poll(() => goodOrder(small).catch(() => ''), { timeout: 5000 }).toBe('SUCCESS');
  await small.close();
});

test('a sentence that would flood the log is told seldom, with how often it was left out', () => {
  const said: string[] = [];
  let now = 0;
  const tell = throttleRepeats(
    (sentence) => said.push(sentence),
    () => now,
  );
  for (let round = 0; round < 5; round++) tell('a');
  tell('b');
  now = 11_000;
  tell('a');
  tell('b');
  expect(said).toEqual(['a', 'b', 'a; 4 times more since it was last logged', 'b']);
});

test('what was left out of a flood is told when it is over', () => {
  vi.useFakeTimers();
  const said: string[] = [];
  const tell = throttleRepeats((sentence) => said.push(sentence));
  for (let round = 0; round < 20; round++) tell('a');
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  expect(said).toEqual(['a', 'a; 19 times more since it was last logged']);
});
