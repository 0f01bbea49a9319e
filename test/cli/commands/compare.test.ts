import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMockServer } from '../../../sdk/testing/index.ts';
import { startComparison } from '../../../server/cli/commands/compare.ts';
import type { ComparisonRecord } from '../../../server/fidelity/compare/comparison.ts';
import {
  createRelay,
  type RelayedExchange,
  ShadowQueue,
} from '../../../server/fidelity/compare/relay.ts';
import {
  calibrationOptions,
  defaultSettings,
} from '../../fidelity/calibrate/calibration-fixture.ts';
import { runCli } from '../run-cli.ts';

const { contract } = calibrationOptions('http://127.0.0.1:1');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compare-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const post = (url: string, headers: readonly string[], body: string) =>
  new Promise<{ status: number; rawHeaders: string[]; body: Buffer }>((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: ['Host', 'merchant.test', ...headers] as never },
      (res) => {
        buffer(res).then(
          (bytes) =>
            resolve({ status: res.statusCode ?? 0, rawHeaders: res.rawHeaders, body: bytes }),
          reject,
        );
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });

/** A gateway that keeps what it got and answers with odd bytes. */
const startGateway = async (answer: Buffer) => {
  const got: { rawHeaders: string[]; body: Buffer; url: string | undefined }[] = [];
  const server = createServer(async (req, res) => {
    got.push({ rawHeaders: req.rawHeaders, url: req.url, body: await buffer(req) });
    res.writeHead(203, 'Odd', ['X-Odd', 'a', 'x-ODD', 'b', 'Set-Cookie', 'c=d']).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const startRelay = async (
  target: string,
  onExchange: (exchange: RelayedExchange) => void,
  onAnswer: (res: ServerResponse) => void = () => undefined,
) => {
  const relay = createRelay({
    target: new URL(target),
    timeoutMs: 2000,
    maxBodyBytes: 1000,
    refuse: () => undefined,
    onExchange,
    now: Date.now,
  });
  relay.prependListener('request', (_req, res) => onAnswer(res));
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      relay.closeAllConnections();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
};

test('requests and answers pass byte for byte, header spelling and doubles included', async () => {
  const answer = Buffer.from([0, 255, 128, 10, 13, 10]);
  await using gateway = await startGateway(answer);
  const seen: RelayedExchange[] = [];
  await using relay = await startRelay(`${gateway.url}/prefix`, (one) => seen.push(one));
  const headers = ['Client-ID', 'me', 'X-twice', '1', 'x-Twice', '2', 'Content-Length', '3'];
  const received = await post(`${relay.url}/a/b?q=%41`, headers, 'é!');
  expect(received).toMatchObject({ status: 203, body: answer });
  expect(received.rawHeaders.slice(0, 6)).toEqual([
    'X-Odd',
    'a',
    'x-ODD',
    'b',
    'Set-Cookie',
    'c=d',
  ]);
  const [got] = gateway.got;
  expect(got).toMatchObject({ url: '/prefix/a/b?q=%41', body: Buffer.from('é!') });
  expect(got?.rawHeaders.slice(2, 8)).toEqual(['Client-ID', 'me', 'X-twice', '1', 'x-Twice', '2']);
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  expect(seen[0]).toMatchObject({ target: '/a/b?q=%41', answer: { body: answer } });
});

test.each(['//other.example/x', '/\\other.example/x', 'http://other.example/x'])(
  'a request for %s goes nowhere',
  async (path) => {
    await using gateway = await startGateway(Buffer.from('x'));
    await using relay = await startRelay(gateway.url, () => undefined);
    const { port } = new URL(relay.url);
    const status = await new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method: 'POST' }, (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      })
        .once('error', reject)
        .end();
    });
    expect(status).toBe(400);
    expect(gateway.got).toEqual([]);
  },
);

test('a shadow that hangs or throws changes no answer, and is reported', async () => {
  const answer = Buffer.from('answer');
  await using gateway = await startGateway(answer);
  const skipped: string[] = [];
  let turn = 0;
  const queue = new ShadowQueue({
    shadow: () => (turn++ === 0 ? new Promise(() => undefined) : Promise.reject(new Error('no'))),
    onSkip: (_exchange, reason) => skipped.push(reason),
    timeoutMs: 20,
  });
  await using relay = await startRelay(gateway.url, (one) => queue.add(one));
  for (let count = 0; count < 2; count++)
    expect((await post(`${relay.url}/x`, ['Content-Length', '4'], 'body')).body).toEqual(answer);
  await vi.waitFor(() => expect(skipped).toHaveLength(2));
  expect(skipped).toEqual(['the simulator did not answer within 20 ms', 'no']);
});

test('the whole answer is handed to the system before the shadow is called, and nothing after it', async () => {
  await using gateway = await startGateway(Buffer.alloc(300_000, 'a'));
  const events: string[] = [];
  const queue = new ShadowQueue({
    shadow: async () => {
      events.push('shadow');
      throw new Error('no');
    },
    onSkip: () => events.push('skipped'),
    timeoutMs: 1000,
  });
  await using relay = await startRelay(
    gateway.url,
    (one) => {
      events.push('exchange');
      queue.add(one);
    },
    (res) => {
      const { end } = res;
      res.end = ((...args: Parameters<typeof end>) => {
        events.push('end');
        return end.apply(res, args);
      }) as typeof end;
      res.once('finish', () => events.push('finish'));
    },
  );
  for (let count = 0; count < 2; count++) {
    const { body } = await post(`${relay.url}/x`, ['Content-Length', '4'], 'body');
    expect(body).toHaveLength(300_000);
    await vi.waitFor(() => expect(events).toContain('skipped'));
    expect(events.splice(0)).toEqual(['end', 'finish', 'exchange', 'shadow', 'skipped']);
  }
});

test('exchanges are shadowed in the order of their arrival', async () => {
  const shadowed: string[] = [];
  const queue = new ShadowQueue({
    shadow: async ({ target }) => void shadowed.push(target),
    onSkip: () => undefined,
    timeoutMs: 1000,
  });
  const [first, second] = ['/first', '/second'].map((target) => ({
    ...{ receivedAt: 0, method: 'POST', target, rawHeaders: [], body: Buffer.alloc(0) },
  }));
  if (first === undefined || second === undefined) throw new Error('unreachable');
  queue.expect(first);
  queue.expect(second);
  queue.add({ ...second, answer: { lost: 'x' } }, second);
  queue.add({ ...first, answer: { lost: 'x' } }, first);
  await queue.idle();
  expect(shadowed).toEqual(['/first', '/second']);
  queue.expect(first);
  queue.expect(second);
  queue.add({ ...second, answer: { lost: 'x' } }, second);
  await queue.idle();
  queue.add({ ...first, answer: { lost: 'x' } }, first);
  await queue.idle();
  expect(shadowed.slice(2)).toEqual(['/second']);
});

test('the record and its report name the row in which a gateway differs', async () => {
  const records: ComparisonRecord[] = [];
  await using gateway = await createMockServer({
    logLevel: 'silent',
    ordering: { stale: 'apply' },
  });
  const running = await startComparison(
    { target: gateway.url, listen: 0, timeout: 5000 },
    { ...defaultSettings, logLevel: 'silent' },
    (record) => records.push(record),
  );
  if (running instanceof Error) throw running;
  const send = (status: string, modified: string) =>
    runCli(
      ...['send', 'order-sync', '--url', running.url, '--set', `orderStatus=${status}`],
      ...['--set', 'merchantBizNo=CMP1', '--set', `orderModifyTime=${modified}`],
    );
  await send('TICKETED', '1799999991000');
  await send('USED', '1799999990000');
  expect(await running.close()).toEqual({ exchanges: 2, differing: 1, skipped: 0 });
  expect(records[1]?.differences).toEqual([
    {
      path: 'orderStatus',
      real: '"USED"',
      mock: '"TICKETED"',
      class: 'state',
      rows: expect.arrayContaining(['O-01']),
    },
  ]);

  const file = join(folder, 'record.jsonl');
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const junit = join(folder, 'compare.xml');
  const report = await runCli('compare', 'report', file, '--report', `junit=${junit}`);
  expect(report.code).toBe(1);
  expect(report.stdout).toMatch(
    /^2 exchanges: 1 with differences, 0 not compared$[\s\S]*^ {2}O-01 {2}0 agree, 1 differ$/m,
  );
  expect(report.stdout).toMatch(/^never exercised: .*\bG-13\b/m);
});

test('a record that is none is refused with its line', async () => {
  const file = join(folder, 'record.jsonl');
  writeFileSync(file, '{"n":"one"}\n');
  const { code, stderr } = await runCli('compare', 'report', file);
  expect(code).toBe(2);
  expect(stderr).toContain(`${file}:1: is no record of a comparison`);
});

test.each([
  ['{}', 'is not a state document'],
  ['no JSON', 'cannot be imported'],
  ['{"format":"alipayhk-mock/state/v1","worlds":[{"x":1}]}', 'cannot be imported'],
])('a state that is %s is refused, and nothing listens', async (text, problem) => {
  const state = join(folder, 'state.json');
  writeFileSync(state, text);
  const listening = () =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

  await expect(
    startComparison(
      { target: 'http://127.0.0.1:1', listen: 0, timeout: 1000, import: state },
      { ...defaultSettings, logLevel: 'silent' },
      () => undefined,
    ),
  ).rejects.toThrow(problem);
  await vi.waitFor(() => expect(listening()).toBe(0));
});

test('the state that is imported is known, and a share of the exchanges is compared', async () => {
  await using gateway = await createMockServer({ logLevel: 'silent' });
  const send = (url: string, status: string) =>
    runCli(
      ...['send', 'order-sync', '--url', url, '--set', `orderStatus=${status}`],
      ...['--set', 'merchantBizNo=CMP2'],
    );
  await send(gateway.url, 'USED');
  const state = join(folder, 'state.json');
  expect(await runCli('state', 'export', '--url', gateway.url, '--out', state)).toMatchObject({
    code: 0,
  });
  const compareBackwards = async (options: { import?: string; sample?: number }) => {
    const records: ComparisonRecord[] = [];
    const running = await startComparison(
      { target: gateway.url, listen: 0, timeout: 5000, ...options },
      { ...defaultSettings, logLevel: 'silent' },
      (record) => records.push(record),
    );
    if (running instanceof Error) throw running;
    for (let count = 0; count < 2; count++) await send(running.url, 'TICKETED');
    await running.close();
    return records.map(({ differences }) => differences.length > 0);
  };
  expect(await compareBackwards({})).toEqual([true, true]);
  expect(await compareBackwards({ import: state })).toEqual([false, false]);
  expect(await compareBackwards({ import: state, sample: 0.5 })).toEqual([false]);
});

const plainOrder = (status: string) => {
  const sample = contract.operations.get('syncOrder')?.examples.get('PASS_TICKET');
  const modified = { orderModifyTime: Date.now(), orderStatus: status };
  return JSON.stringify({ ...sample, requestId: `SIGN${status}`, ...modified });
};

test.each([
  ['RSA256', {}, ['E-01']],
  ['encrypted', { encrypt: true }, ['G-13']],
  ['ECC224', { algorithm: 'ECC224' as const }, ['G-12']],
])(
  'plain bodies are signed for both sides, %s, and the answers come back plain',
  async (_name, how, rows) => {
    const records: ComparisonRecord[] = [];
    await using gateway = await createMockServer({ logLevel: 'silent', 'ordering.stale': 'apply' });
    const running = await startComparison(
      { target: gateway.url, listen: 0, timeout: 5000, sign: true, ...how },
      { ...defaultSettings, logLevel: 'silent' },
      (record) => records.push(record),
    );
    if (running instanceof Error) throw running;
    const send = async (status: string) => {
      const url = `${running.url}/api/open/alipay/v1/merchant/order/sync`;
      const headers = { 'content-type': 'application/json' };
      const body = plainOrder(status);
      return (await fetch(url, { method: 'POST', headers, body })).json();
    };
    expect(await send('TICKETED')).toMatchObject({ orderStatus: 'TICKETED' });
    expect(await send('NONE')).toMatchObject({ result: { resultCode: 'ORDER_STATUS_INVALID' } });
    expect(await running.close()).toEqual({ exchanges: 2, differing: 0, skipped: 0 });
    expect(records.map(({ mock }) => 'code' in mock && mock.code)).toEqual([
      'SUCCESS',
      'ORDER_STATUS_INVALID',
    ]);
    expect(records[0]?.rows).toEqual(expect.arrayContaining(rows));
  },
);

test('a key that is missing for --sign is said before anything listens', async () => {
  const compare = ['compare', '--target', 'http://127.0.0.1:1', '--out', join(folder, 'a.jsonl')];
  const unknown = await runCli(...compare, '--sign', '--client', 'OTHER');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('"OTHER" is not in') });
  const loose = await runCli(...compare, '--encrypt');
  expect(loose).toMatchObject({ code: 2, stderr: expect.stringContaining('without --sign') });
});
