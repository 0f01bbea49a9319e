import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyReaders } from '../../server/admin/middleware.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { isDeeperThan } from '../../server/problems/json-text.ts';
import { merchantAt } from '../merchant.ts';
import { rawCall } from '../raw-call.ts';
import { startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const target = '/__admin/clients';
const json = { 'content-type': 'application/json' };

describe('on loopback without a token', () => {
  const own = (headers: Record<string, string>, method = 'GET', body = '') =>
    rawCall(server.url, { method, target, headers, body });
  const port = () => new URL(server.url).port;

  test.each([
    ['a tool', {}, 200],
    [
      'a page of its own',
      { host: 'localhost:PORT', origin: 'http://localhost:PORT', 'sec-fetch-site': 'same-origin' },
      200,
    ],
    ['a name that another site pointed at this machine', { host: 'rebound.example:PORT' }, 403],
    [
      'the same, with its own page',
      {
        host: 'rebound.example:PORT',
        origin: 'http://rebound.example:PORT',
        'sec-fetch-site': 'same-origin',
      },
      403,
    ],
    [
      'another site’s page',
      { host: '127.0.0.1:PORT', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['a sandboxed page', { host: '127.0.0.1:PORT', origin: 'null' }, 403],
    [
      'a page of another port',
      { host: '127.0.0.1:PORT', origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
      403,
    ],
    [
      'an image or a form of another site, in a browser that says no Origin',
      { 'sec-fetch-site': 'cross-site' },
      403,
    ],
  ])('%s: %j is answered %i', async (_who, headers, status) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', port())]),
    );
    expect((await own(filled)).status).toBe(status);
  });

  test('a drive-by post changes nothing, whatever it calls its body', async () => {
    const evil = { host: `127.0.0.1:${port()}`, origin: 'https://evil.example' };
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
      const body = JSON.stringify({ clientId: 'DRIVEN-BY' });
      expect((await own({ ...evil, 'content-type': type }, 'POST', body)).status).toBe(403);
    }
    expect(server.clients.has('DRIVEN-BY')).toBe(false);
    expect(
      (await rawCall(server.url, { target: '/__admin/reset/everything', headers: evil })).status,
    ).toBe(403);
  });

  test('no answer invites other sites, and none speaks of https', async () => {
    for (const path of ['/__admin/health', '/__admin/docs/', '/__admin/journal']) {
      const { headers } = await rawCall(server.url, {
        method: 'GET',
        target: path,
        headers: { origin: 'https://evil.example' },
      });
      expect(
        Object.keys(headers).filter(
          (name) => name.startsWith('access-control') || name === 'strict-transport-security',
        ),
      ).toEqual([]);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    const preflight = await rawCall(server.url, {
      method: 'OPTIONS',
      target,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([
      403,
      undefined,
    ]);
  });

  test('the operations carry none of these headers', async () => {
    const { headers } = await rawCall(server.url, { target: '/nothing', headers: {} });
    expect(headers).not.toHaveProperty('content-security-policy');
  });
});

describe('with a token', () => {
  test('all but the open part asks for it', async () => {
    const at = await startServer({ adminToken: 'let-me-in' });
    const statusOf = async (path: string, authorization?: string) =>
      (
        await fetch(
          `${at.url}/__admin${path}`,
          authorization === undefined ? {} : { headers: { authorization } },
        )
      ).status;
    for (const path of [
      '/health',
      '/ready',
      '/platform-key',
      '/fidelity',
      '/openapi.json',
      '/docs/',
    ])
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    for (const path of [
      '/journal',
      '/state',
      '/settings',
      '/metrics',
      '/events',
      '/contract',
      '/nothing',
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 403]);
      expect([path, await statusOf(path, 'Bearer let-me-ih')]).toEqual([path, 403]);
      if (path !== '/events')
        expect([path, await statusOf(path, 'Bearer let-me-in')]).toEqual([
          path,
          path === '/nothing' ? 404 : 200,
        ]);
    }
    await at.close();
  });

  test('one is made up when other machines can reach the address', async () => {
    const at = await startServer({ host: '0.0.0.0' });
    expect(at.adminToken).toMatch(/^[0-9a-f]{32}$/);
    const url = at.url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/__admin/journal`)).status).toBe(403);
    expect(
      (
        await fetch(`${url}/__admin/journal`, {
          headers: { authorization: `Bearer ${at.adminToken}` },
        })
      ).status,
    ).toBe(200);
    await at.close();
  });
});

describe('where it is served', () => {
  test('on a listener of its own, with its own word on who can reach it', async () => {
    const at = await startServer({ host: '0.0.0.0', adminHost: '127.0.0.1', adminPort: 0 });
    expect([at.adminToken, new URL(at.adminUrl ?? '').hostname]).toEqual([undefined, '127.0.0.1']);
    expect((await fetch(`${at.adminUrl}/__admin/journal`)).status).toBe(200);
    expect((await fetch(`${at.adminUrl}/elsewhere`)).status).toBe(404);
    const { json: answer } = await rawCall(at.url.replace('0.0.0.0', '127.0.0.1'), {
      method: 'GET',
      target: '/__admin/journal',
      headers: {},
    });
    expect(answer['result']?.['resultCode']).toBe('INVALID_API');
    const sent = await fetch(`${at.adminUrl}/__admin/send`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ clientId: '4Q5Y8W0WSG45P907917', operation: 'syncOrder' }),
    });
    expect(await sent.json()).toMatchObject({ exchange: { code: 'SUCCESS' } });
    await at.close();
  });

  test('a taken port closes what was open already', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startServer({ adminPort: port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
  });

  test('nowhere, when it is off', async () => {
    const at = await startServer({ admin: false });
    expect([at.adminUrl, at.adminToken]).toEqual([undefined, undefined]);
    for (const path of ['health', 'journal', 'docs/', 'platform-key']) {
      const { json: answer } = await rawCall(at.url, {
        method: 'GET',
        target: `/__admin/${path}`,
        headers: {},
      });
      expect(answer['result']?.['resultCode']).toBe('INVALID_API');
    }
    expect((await merchantAt(at).call('syncOrder')).code).toBe('SUCCESS');
    await at.close();
  });

  test('not ready any more once it is being stopped; open streams do not hold it up', async () => {
    const at = await startServer();
    const stream = await fetch(`${at.url}/__admin/events`);
    const began = performance.now();
    await at.close(10_000);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await stream.text()).toContain('event: hello');
  });
});

describe('bodies are bounded', () => {
  const post = async (path: string, body: string, type = 'application/json') => {
    const answer = await fetch(`${server.url}/__admin${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return {
      status: answer.status,
      json: (await answer.json()) as { problems: { message: string; remedy: string }[] },
    };
  };
  const nested = (depth: number) =>
    `{"format":"alipayhk-mock/state/v1","worlds":${'['.repeat(depth)}${']'.repeat(depth)}}`;

  test.each([
    ['too large', '/verify', JSON.stringify({ exchanges: [], client: 'x'.repeat(1_100_000) }), 413],
    ['no JSON', '/verify', '{', 400],
    ['of another type', '/verify', 'exchanges=', 415, 'application/x-www-form-urlencoded'],
    ['no JSON at all', '/verify', '[1,', 400],
    [
      'with a key that would vanish',
      '/verify',
      '{"exchanges":[{"exchange":{"body":{"__proto__":"x"}}}]}',
      400,
    ],
    [
      'with a key that reaches into a prototype',
      '/verify',
      '{"exchanges":[{"exchange":{"body":{"a.constructor":"x"}}}]}',
      400,
    ],
    [
      'with a world that would vanish',
      '/state/import',
      '{"format":"alipayhk-mock/state/v1","worlds":[{"clientId":"A","collections":{"orders":{"__proto__":{}}}}]}',
      400,
    ],
    ['nested too deep', '/state/import', nested(70), 400],
    ['nested absurdly deep', '/state/import', nested(500_000), 400],
  ])('%s', async (_what, path, body, status, type = 'application/json') => {
    const answer = await post(path, body, type);
    expect(answer.status).toBe(status);
    expect(answer.json.problems[0]?.remedy).toEqual(expect.any(String));
  });

  test('an import may be larger', async () => {
    const worlds = [
      {
        clientId: 'BIG',
        collections: {
          orders: {
            '["1"]': { fields: { note: 'x'.repeat(2_000_000) }, eventTime: 1, updates: 1 },
          },
        },
      },
    ];
    expect(
      (await post('/state/import', JSON.stringify({ format: 'alipayhk-mock/state/v1', worlds })))
        .status,
    ).toBe(200);
    await server.resets.everything();
  });

  test('a type is known by its name alone: no spelling of it is remembered', async () => {
    expect(
      (await post('/verify', '{"exchanges":[]}', 'application/json; charset=utf-8; x=1')).status,
    ).toBe(200);
  });

  test('one that does not arrive is not waited for', async () => {
    const slow = express()
      .use(...bodyReaders(50))
      .listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const socket = connect((slow.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"a"',
    );
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(
      /^HTTP\/1.1 408[\s\S]*did not arrive within 0.05 s/,
    );
    slow.close();
  });

  test('depth is counted', () => {
    expect(isDeeperThan({ a: [{ b: 1 }] }, 3)).toBe(false);
    expect(isDeeperThan({ a: [{ b: 1 }] }, 2)).toBe(true);
    expect(isDeeperThan('text', 0)).toBe(false);
  });
});

test('health is answered while the rest has not been asked for yet, and without it', async () => {
  const at = await startServer();
  const socket = connect(Number(new URL(at.url).port), '127.0.0.1');
  socket.write('GET /__admin/health HTTP/1.0\r\n\r\n');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/200 OK[\s\S]*"status":"ready"/);
  await at.close();
});

describe('what another site can make a browser post', () => {
  const types = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'TEXT/PLAIN;charset=utf-8',
    'x/y',
  ];
  const routes: readonly (readonly [method: string, path: string])[] = [
    ['POST', '/reset/everything'],
    ['POST', '/reset/state'],
    ['POST', '/reset/journal'],
    ['POST', '/clients'],
    ['POST', '/send'],
    ['PUT', '/clock'],
    ['DELETE', '/journal'],
    ['POST', '/journal/1/send'],
    ['POST', '/state/import'],
  ];
  test.each(routes.flatMap(([method, path]) => types.map((type) => [method, path, type] as const)))(
    '%s %s as %s is refused',
    async (method, path, type) => {
      await merchantAt(server).call('syncOrder', { merchantBizNo: 'KEPT' });
      const before = server.journal.entries.length;
      const { status } = await rawCall(server.url, {
        method,
        target: `/__admin${path}`,
        headers: { 'content-type': type },
        body: 'a=b',
      });
      expect(status).toBe(415);
      expect(server.journal.entries.length).toBe(before);
    },
  );

  test.each([{}, { 'content-type': 'application/json' }])(
    'a reset with %j and no body goes on',
    async (headers) => {
      expect(
        (await rawCall(server.url, { target: '/__admin/reset/journal', headers })).status,
      ).toBe(204);
    },
  );
});

test.each([
  '%ff',
  '%',
  '%zz',
  'x/%e4%b8',
  'clients/%ff',
  'scenarios/%c3%28',
  'journal/%ff/curl',
  'docs/%ff',
])('a path with a broken encoding is not found: %s', async (path) => {
  const admin = await rawCall(server.url, {
    method: 'GET',
    target: `/__admin/${path}`,
    headers: {},
  });
  expect([path, admin.status, admin.headers['content-type']]).toEqual([
    path,
    404,
    expect.stringContaining('json'),
  ]);
  const page = await rawCall(server.url, {
    method: 'GET',
    target: `/__console/${path}`,
    headers: {},
  });
  expect([path, page.status, page.headers['content-type']]).toEqual([
    path,
    404,
    expect.stringContaining('text/plain'),
  ]);
});

test('wrong tokens are counted in the log and slowed down; the right one is not', async () => {
  const said: string[] = [];
  const guarded = await startServer(
    { adminToken: 'sesame' },
    { onWarning: (sentence) => said.push(sentence) },
  );
  const ask = async (authorization: string): Promise<readonly [status: number, ms: number]> => {
    const began = performance.now();
    const { status } = await rawCall(guarded.url, {
      method: 'GET',
      target,
      headers: authorization === '' ? {} : { authorization },
    });
    return [status, performance.now() - began];
  };
  const guesses = await Promise.all(
    ['Bearer a', 'Bearer b', 'Bearer sesame2', 'Basic c2VzYW1l'].map(ask),
  );
  expect(guesses.map(([status]) => status)).toEqual([403, 403, 403, 403]);
  expect(Math.max(...guesses.map(([, ms]) => ms))).toBeGreaterThan(550);
  let refused = 0;
  const waiting = Promise.all(
    Array.from({ length: 15 }, () => ask('Bearer d').then(() => refused++)),
  );
  const [status] = await ask('Bearer sesame');
  expect([status, refused < 15]).toEqual([200, true]);
  await waiting;
  expect((await ask(''))[0]).toBe(403);
  expect(said[0]).toBe('a wrong admin token was refused');
  expect(
    said
      .slice(1)
      .every((sentence) => /^a wrong admin token was refused; \d+ times more/.test(sentence)),
  ).toBe(true);
  await guarded.close();
});
