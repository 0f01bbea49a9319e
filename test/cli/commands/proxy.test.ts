import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { createSigningProxy, type ProxyDeps } from '../../../server/cli/commands/proxy.ts';
import { merchantAt } from '../../merchant.ts';
import { rawCall } from '../../raw-call.ts';
import { runBundle } from '../../run-bundle.ts';
import { demoClient, demoMerchant, startServer } from '../../start-server.ts';

let server: MockServer;
const proxies: Server[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const proxy of proxies) proxy.close().closeAllConnections();
  await server.close();
});

const proxyTo = async (parts: Partial<ProxyDeps> = {}): Promise<string> => {
  const proxy = createSigningProxy({
    merchant: demoMerchant(),
    target: new URL(server.url),
    call: {},
    maxBodyBytes: 10_000,
    refuse: () => undefined,
    ...parts,
  });
  proxies.push(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
};

const path = '/api/open/alipay/v1/merchant/order/sync';
const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, Record<string, unknown>>,
  };
};
const order = () => merchantAt(server).sample('syncOrder');

test.each([[false], [true]])(
  'plain HTTP in, signed (sealed: %s) out, the answer verified and opened',
  async (seal) => {
    const proxy = await proxyTo({ call: { seal } });
    const reported = await post(proxy, order());
    expect(reported).toMatchObject({ status: 200, json: { result: { resultCode: 'SUCCESS' } } });
    const entry = server.journal.entries.at(-1);
    expect(entry).toMatchObject({ sealed: seal, clientId: demoClient });
    expect(reported.headers.get('tracer-id')).toBe(entry?.id);
  },
);

test('a signed failure is handed on as it is, and x-mock headers reach the simulator', async () => {
  const reported = await post(await proxyTo(), order(), { 'x-mock-result': 'PARAM_ILLEGAL' });
  expect(reported).toMatchObject({
    status: 200,
    json: { result: { resultCode: 'PARAM_ILLEGAL', resultStatus: 'F' } },
  });
});

test.each([
  ['x-mock-fault', 'unsigned', 'not signed'],
  ['x-mock-fault', 'tampered-body', 'does not verify'],
  ['x-mock-fault', 'reset', 'no answer from'],
])('%s: %s is 502, with why', async (name, fault, why) => {
  const reported = await post(await proxyTo({ call: { timeoutMs: 3000 } }), order(), {
    [name]: fault,
  });
  expect(reported.status).toBe(502);
  expect(reported.json['error']).toContain(why);
  expect(reported.json['remedy']).toMatch(/\.$/);
});

test('a refusal from before the signature check is not handed on as if it were proved', async () => {
  const stranger = { ...demoMerchant(), clientId: 'STRANGER' };
  const reported = await post(await proxyTo({ merchant: stranger }), order());
  expect(reported).toMatchObject({
    status: 502,
    json: { unverified: { result: { resultCode: 'INVALID_CLIENT' } } },
  });
});

test('limits: method, length, and whoever may not use it', async () => {
  const proxy = await proxyTo();
  expect((await fetch(proxy + path)).status).toBe(405);
  expect((await post(proxy, { long: 'x'.repeat(20_000) })).status).toBe(413);
  const streamed = new ReadableStream({
    start: (control) => {
      for (let part = 0; part < 30; part++) control.enqueue(new Uint8Array(1000));
      control.close();
    },
  });
  expect(
    (await fetch(proxy + path, { method: 'POST', body: streamed, duplex: 'half' } as RequestInit))
      .status,
  ).toBe(413);
  expect((await post(await proxyTo({ refuse: () => 'no' }), order())).status).toBe(403);
});

test('a path in the target goes in front, and is signed', async () => {
  const prefixed = await startServer({ basePath: '/gateway' });
  const reported = await post(
    await proxyTo({ target: new URL(`${prefixed.url}/gateway/`) }),
    order(),
  );
  expect(reported.status).toBe(200);
  await prefixed.close();
});

test('as a command: on loopback only, not for pages of other sites, until it is stopped', async () => {
  const running = runBundle(['proxy', '--target', server.url, '--listen', '0', '--encrypt']);
  const url = await running.url;
  expect((await post(url, order())).status).toBe(200);
  expect((await post(url, order(), { origin: 'https://example.com' })).status).toBe(403);
  running.child.kill('SIGTERM');
  const { code, stdout } = await running.finished;
  expect(code).toBe(0);
  expect(stdout).toMatch(/signing as 4Q5Y8W0WSG45P907917[\s\S]*POST \/api\S+ 200 verified/);
  expect((await runBundle(['proxy', '--target', 'alipay']).finished).stderr).toContain(
    'Write an address with its scheme',
  );
});

const listenElsewhere = async () => {
  const seen: string[] = [];
  const other = createServer((req, res) => {
    seen.push(`${req.method} ${req.url}`);
    res.end();
  });
  proxies.push(other);
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  return { seen, host: `127.0.0.1:${(other.address() as AddressInfo).port}` };
};

describe('a target that names another server is refused, and nothing is signed for it', () => {
  test.each([
    (host: string) => `http://${host}${path}`,
    (host: string) => `//${host}${path}`,
    (host: string) => `/\\${host}${path}`,
    (host: string) => `///${host}/`,
    (host: string) => `/..//${host}/`,
    (host: string) => `/.//${host}/`,
  ])('%s', async (targetFor) => {
    const { seen, host } = await listenElsewhere();
    for (const prefix of ['', '/behind']) {
      const before = server.journal.entries.length;
      const proxy = await proxyTo({ target: new URL(server.url + prefix) });
      const target = targetFor(host);
      const { status, json } = await rawCall(proxy, {
        target,
        headers: {},
        body: JSON.stringify(order()),
      });
      expect([target, status, json['error'] ?? '']).toEqual([
        target,
        400,
        expect.stringMatching(/^target /),
      ]);
      expect(server.journal.entries).toHaveLength(before);
    }
    expect(seen).toEqual([]);
  });
});
