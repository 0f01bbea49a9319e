import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createMockServer } from '../../../sdk/testing/index.ts';
import { mulberry32 } from '../../../server/domain/faults/fault.ts';
import { calibrate } from '../../../server/fidelity/calibrate/calibrate.ts';
import { calibrationOptions } from './calibration-fixture.ts';

/** A server of the test's own, and how often and when it was asked. */
const listen = async (handle: RequestListener) => {
  const arrivals: number[] = [];
  const server = createServer((req, res) => {
    arrivals.push(performance.now());
    handle(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const answer =
  (status: number, body: string): RequestListener =>
  (_req, res) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(body);

const result = (resultStatus: string, resultCode: string): string =>
  JSON.stringify({ result: { resultStatus, resultCode, resultMessage: 'x' } });

/** A gateway in front of a simulator that disturbs some of the answers. */
const disturb = (
  simulatorUrl: string,
  change: (res: {
    status: number;
    headers: Record<string, string>;
    body: Buffer;
  }) => { status: number; headers: Record<string, string>; body: Buffer } | 'reset',
) =>
  listen((req, res) => {
    // A probe puts the whole URL on the request line.
    const { pathname, search } = new URL(req.url ?? '', simulatorUrl);
    const url = new URL(pathname + search, simulatorUrl);
    const { method = 'POST', headers } = req;
    const forwarded = request(url, { method, headers }, async (received) => {
      const changed = change({
        status: received.statusCode ?? 0,
        headers: Object.fromEntries(
          Object.entries(received.headers)
            .filter(([name]) => !hopHeaders.includes(name))
            .map(([name, value]) => [name, String(value)]),
        ),
        body: await buffer(received),
      });
      if (changed === 'reset') res.destroy();
      else res.writeHead(changed.status, changed.headers).end(changed.body);
    });
    req.pipe(forwarded);
  });
const hopHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

const decisions = ['decided', 'agrees', 'differs-no-setting'];

test.each([
  ['a page of HTML', answer(503, '<html>maintenance</html>')],
  ['an unsigned success', answer(200, result('S', 'SUCCESS'))],
  ['another protocol', answer(200, '{"code":0}')],
  ['a redirect to elsewhere', answer(302, '')],
  ['a reset', (req) => req.socket.destroy()],
] as const satisfies readonly (readonly [string, RequestListener])[])(
  'a target that answers with %s decides nothing',
  async (_what, handle) => {
    await using target = await listen(handle);
    const { results, stopped } = await calibrate(calibrationOptions(target.url));
    expect(stopped).toMatch(/must succeed failed|no path|not accepted|server error/);
    const rows = results.filter(({ setting }) => setting?.startsWith('paths.') !== true);
    expect(rows.filter(({ result: kind }) => decisions.includes(kind))).toEqual([]);
    expect(target.arrivals.length).toBeLessThan(50);
  },
);

test('a target that draws its letters at random decides nothing', async () => {
  const random = mulberry32(5);
  await using server = await createMockServer({ logLevel: 'silent' });
  await using target = await disturb(server.url, (res) => {
    const letter = ['S', 'F', 'U'][Math.floor(random() * 3)] ?? 'U';
    return { ...res, headers: {}, body: Buffer.from(result(letter, 'SUCCESS')) };
  });
  const { results } = await calibrate(calibrationOptions(target.url));
  const rows = results.filter(({ setting }) => setting?.startsWith('paths.') !== true);
  expect(rows.filter(({ result: kind }) => decisions.includes(kind))).toEqual([]);
});

test('a code that the simulator does not know is reported as other', async () => {
  await using server = await createMockServer({ logLevel: 'silent', signRefusals: 'never' });
  await using target = await disturb(server.url, (res) => ({
    ...res,
    body: Buffer.from(res.body.toString().replace('ORDER_STATUS_INVALID', 'ORDER_CLOSED')),
  }));
  const { results } = await calibrate(calibrationOptions(target.url, { rows: new Set(['E-01']) }));
  expect(results.find(({ row }) => row === 'E-01')).toMatchObject({
    result: 'other',
    because: expect.stringContaining('ORDER_CLOSED F'),
  });
});

test.each([1, 2, 3, 4])(
  'resets by chance give only right values or none, seed %i',
  async (seed) => {
    const random = mulberry32(seed);
    const chosen = { httpStatus: 'semantic', 'ordering.stale': 'apply' } as const;
    await using server = await createMockServer({ logLevel: 'silent', ...chosen });
    await using target = await disturb(server.url, (res) => (random() < 0.1 ? 'reset' : res));
    const { results } = await calibrate(calibrationOptions(target.url));
    const decided = results.filter(({ result: kind }) => kind === 'decided');
    for (const { setting = '', value } of decided)
      expect([setting, value]).toEqual([setting, Reflect.get(chosen, setting)]);
    const agreeing = results.filter(({ result: kind }) => kind === 'agrees');
    for (const { setting = '' } of agreeing) expect(Object.keys(chosen)).not.toContain(setting);
  },
);

test('the budget holds, and so does the rate', async () => {
  await using server = await createMockServer({ logLevel: 'silent' });
  await using target = await disturb(server.url, (res) => res);
  const waited: number[] = [];
  let now = 1_700_000_000_000;
  const { requests, stopped } = await calibrate(
    calibrationOptions(target.url, {
      budget: 30,
      ratePerSecond: 2,
      now: () => now,
      sleep: async (ms) => {
        waited.push(ms);
        now += Math.ceil(ms);
      },
    }),
  );
  expect(stopped).toBe('the budget of 30 requests is spent');
  expect([requests, target.arrivals.length]).toEqual([30, 30]);
  expect(Math.min(...waited.slice(1))).toBeGreaterThanOrEqual(500);
  expect(Math.max(...waited)).toBeLessThanOrEqual(600);
});

test('it stops when the target asks for fewer requests', async () => {
  await using target = await listen(answer(200, result('U', 'REQUEST_TRAFFIC_EXCEED_LIMIT')));
  const { stopped } = await calibrate(calibrationOptions(target.url));
  expect(stopped).toContain('REQUEST_TRAFFIC_EXCEED_LIMIT');
  expect(target.arrivals).toHaveLength(1);
});

test('a resumed run asks only what is open', async () => {
  await using server = await createMockServer({ logLevel: 'silent' });
  const first = await calibrate(calibrationOptions(server.url, { budget: 60 }));
  const second = await calibrate(
    calibrationOptions(server.url, { earlier: first.results, runId: 'T3STAC' }),
  );
  const whole = await calibrate(calibrationOptions(server.url, { runId: 'T3STAD' }));
  const shown = (results: typeof whole.results) =>
    results
      .map(({ row, setting, result: kind, value }) => [row, setting, kind, value].join())
      .sort();
  expect(shown(second.results)).toEqual(shown(whole.results));
  expect(first.requests + second.requests).toBeLessThan(whole.requests + 10);
});

test('nothing is sent after an interruption', async () => {
  await using target = await listen(answer(200, result('S', 'SUCCESS')));
  const { stopped } = await calibrate(
    calibrationOptions(target.url, { signal: AbortSignal.abort() }),
  );
  expect(stopped).toBe('it was interrupted');
  expect(target.arrivals).toHaveLength(0);
});
