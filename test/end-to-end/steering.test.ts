import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MerchantIdentity, signRequest } from '../../sdk/client/signed-call.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { endpoints } from '../../server/domain/operations/index.ts';
import { listMagicValues } from '../../server/domain/scenarios/request-overrides.ts';
import { merchantAt } from '../merchant.ts';
import { type RawAnswer, rawCall } from '../raw-call.ts';
import { readWorld } from '../read-world.ts';
import { demoClient, demoMerchant, startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer({ 'journal.entries': 50_000 });
});
afterAll(() => server.close());

const created = async (at: MockServer, clientId?: string): Promise<MerchantIdentity> => {
  const client = await at.clients.create(clientId === undefined ? {} : { clientId });
  if ('problem' in client) throw new Error(client.problem.message);
  return { clientId: client.clientId, keyring: client.keyring, platform: at.parties.platform };
};

const orderWith = async (
  at: MockServer,
  identity: MerchantIdentity,
  fields: Record<string, string | number>,
  headers: Record<string, string> = {},
): Promise<RawAnswer> => {
  const operation = at.contract.operations.get('syncOrder');
  if (operation === undefined) throw new Error('no syncOrder');
  const request = signRequest(
    identity,
    operation.path,
    Buffer.from(JSON.stringify(merchantAt(at, identity).sample('syncOrder', fields))),
  );
  return rawCall(at.url, { ...request, headers: { ...request.headers, ...headers } });
};

describe('who has a say, from the strongest to the weakest (G-25)', () => {
  const codeOf = ({ json }: RawAnswer) => json['result']?.['resultCode'];
  const magic = { merchantBizNo: 'MOCK_PARAM_ILLEGAL_1' };
  const rule = (result: string) => ({ when: { operation: 'syncOrder' }, then: { result } });
  const levels = ['header', 'one-shot', 'client', 'magic', 'global', 'contract'] as const;
  const expected = {
    header: 'REQUEST_TRAFFIC_EXCEED_LIMIT',
    'one-shot': 'ACCESS_DENIED',
    client: 'UN_SUPPORT_BUSINESS',
    magic: 'PARAM_ILLEGAL',
    global: 'ORDER_STATUS_INVALID',
    contract: 'SUCCESS',
  };

  test.each(levels)('%s beats everything below it', async (level) => {
    const at = await startServer();
    const identity = await created(at);
    const from = levels.indexOf(level);
    const isOn = (name: (typeof levels)[number]) => levels.indexOf(name) >= from;
    if (isOn('global')) at.scenarios.activate(['order-order-status-invalid']);
    if (isOn('client')) at.clients.activate(identity.clientId, ['order-un-support-business']);
    if (isOn('one-shot'))
      expect(await at.clients.queue(identity.clientId, rule('ACCESS_DENIED'))).toEqual([]);
    const answer = await orderWith(
      at,
      identity,
      isOn('magic') ? magic : {},
      isOn('header') ? { 'x-mock-result': 'REQUEST_TRAFFIC_EXCEED_LIMIT' } : {},
    );
    expect(codeOf(answer)).toBe(expected[level]);
    await at.close();
  });

  test('steering: off takes the meaning from headers and magic values', async () => {
    const at = await startServer({ steering: 'off' });
    expect(
      codeOf(await orderWith(at, demoMerchant(), magic, { 'x-mock-result': 'ACCESS_DENIED' })),
    ).toBe('SUCCESS');
    await at.close();
  });
});

describe('request headers', () => {
  const call = (headers: Record<string, string>) =>
    orderWith(
      server,
      demoMerchant(),
      { merchantBizNo: `H${Math.round(performance.now() * 1000)}` },
      headers,
    );

  test('x-mock-result takes a code, and a status behind a colon', async () => {
    expect((await call({ 'x-mock-result': 'UNKNOWN_EXCEPTION' })).json['result']).toMatchObject({
      resultCode: 'UNKNOWN_EXCEPTION',
      resultStatus: 'F',
    });
    expect((await call({ 'x-mock-result': 'UNKNOWN_EXCEPTION:U' })).json['result']).toMatchObject({
      resultStatus: 'U',
    });
  });

  test('a scripted failure tells the status that is held, not the one that would have been', async () => {
    const order = (
      orderStatus: string,
      orderModifyTime: number,
      headers: Record<string, string> = {},
    ) =>
      orderWith(
        server,
        demoMerchant(),
        { merchantBizNo: 'HELD', orderStatus, orderModifyTime },
        headers,
      );
    const failing = { 'x-mock-result': 'UN_SUPPORT_BUSINESS' };
    expect((await order('TICKETED', 1, failing)).json).not.toHaveProperty('orderStatus');
    expect((await order('TICKETED', 2)).json).toMatchObject({ orderStatus: 'TICKETED' });
    expect((await order('USED', 3, failing)).json).toMatchObject({ orderStatus: 'TICKETED' });
  });

  test('x-mock-delay-ms, x-mock-scenario and both families of x-mock-fault', async () => {
    const began = performance.now();
    await call({ 'x-mock-delay-ms': '200' });
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(
      (await call({ 'x-mock-scenario': 'order-un-support-business' })).json['result'],
    ).toMatchObject({
      resultCode: 'UN_SUPPORT_BUSINESS',
    });
    await expect(call({ 'x-mock-fault': 'reset' })).rejects.toThrow();
    expect((await call({ 'x-mock-fault': 'unsigned' })).headers['signature']).toBeUndefined();
  });

  test.each([
    [{ 'x-mock-result': 'NO_SUCH_CODE' }, /not a result code of syncOrder/],
    [{ 'x-mock-result': 'SUCCESS:F' }, /contradicts/],
    [
      { 'x-mock-scenario': 'net-rest' },
      /there is no scenario "net-rest"\. Did you mean "net-reset"\?/,
    ],
    [{ 'x-mock-fault': 'no-such-fault' }, /not a fault/],
    [{ 'x-mock-delay-ms': 'soon' }, /delayMs/],
  ])('%j is refused, not ignored', async (headers, message) => {
    const { json } = await call(headers as Record<string, string>);
    expect(json['result']).toMatchObject({
      resultCode: 'PARAM_ILLEGAL',
      resultMessage: expect.stringMatching(message),
    });
  });
});

describe('magic values', () => {
  test.each([
    ['syncAdditionalInfo', 'accountId', 'UNKNOWN_EXCEPTION'],
    ['syncAccountLinkage', 'externalIdentityValue', 'UNKNOWN_EXCEPTION'],
    ['syncPaymentInfo', 'accountId', 'PROCESS_FAIL'],
    ['syncOrder', 'merchantBizNo', 'ORDER_STATUS_INVALID'],
    ['updateMembershipCard', 'passId', 'PASS_UPDATE_FAIL'],
  ])('%s: %s asks for %s', async (operation, field, code) => {
    expect(await merchantAt(server).call(operation, { [field]: `MOCK_${code}_1` })).toMatchObject({
      code,
    });
  });

  test('only free text can be one, and what is listed fits: every result code but the longest on orders', () => {
    for (const { operationId, identity } of endpoints) {
      const operation = server.contract.operations.get(operationId);
      if (operation === undefined) throw new Error(`no ${operationId}`);
      const { fields, values } = listMagicValues(operation, identity);
      expect(fields).not.toContain('externalIdentityType');
      const missing = [...operation.results.keys()].filter(
        (code) => !values.includes(`MOCK_${code}`),
      );
      expect([operationId, missing]).toEqual([
        operationId,
        operationId === 'syncOrder' ? ['REQUEST_TRAFFIC_EXCEED_LIMIT'] : [],
      ]);
    }
  });

  test('one that names nothing is handled as usual, and told', async () => {
    const { code, entry } = await merchantAt(server).call('syncOrder', {
      merchantBizNo: 'MOCK_NOTHING',
    });
    expect(code).toBe('SUCCESS');
    expect(entry?.findings.map(({ id }) => id)).toEqual(['MAGIC_VALUE_UNKNOWN']);
  });
});

describe('one-shot rules', () => {
  test('answer as often as they should, in the order they were queued, and are gone', async () => {
    const identity = await created(server);
    const queue = (times: number, then: object) =>
      server.clients.queue(identity.clientId, { times, when: { operation: 'syncOrder' }, then });
    expect(await queue(2, { result: 'UNKNOWN_EXCEPTION' })).toEqual([]);
    expect(await queue(1, { result: 'UN_SUPPORT_BUSINESS' })).toEqual([]);
    expect(await queue(1, { result: 'NOPE' })).toMatchObject([
      { message: expect.stringContaining('NOPE is not a result code') },
    ]);
    const codes = [];
    for (let call = 0; call < 4; call++)
      codes.push(
        (await merchantAt(server, identity).call('syncOrder', { merchantBizNo: `Q${call}` })).code,
      );
    expect(codes).toEqual([
      'UNKNOWN_EXCEPTION',
      'UNKNOWN_EXCEPTION',
      'UN_SUPPORT_BUSINESS',
      'SUCCESS',
    ]);
    expect(server.clients.controls(identity.clientId).oneShots.rules.all).toEqual([]);
  });

  test('of calls at the same instant exactly as many are answered', async () => {
    const identity = await created(server);
    await server.clients.queue(identity.clientId, {
      times: 3,
      when: { operation: 'syncOrder' },
      then: { result: 'PARAM_ILLEGAL' },
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        merchantAt(server, identity).call('syncOrder', { merchantBizNo: `P${n}` }),
      ),
    );
    expect(answers.filter(({ code }) => code === 'PARAM_ILLEGAL')).toHaveLength(3);
  });
});

describe('a client of one’s own', () => {
  test('is made, works, and is gone when dropped: keys, state, journal', async () => {
    const identity = await created(server, 'MINE');
    expect(await server.clients.create({ clientId: 'MINE' })).toHaveProperty(
      'problem.message',
      'MINE exists already',
    );
    expect(await merchantAt(server, identity).call('syncOrder')).toMatchObject({
      code: 'SUCCESS',
      signature: 'verified',
    });
    expect((await readWorld(server.store, 'MINE')).orders.size).toBe(1);
    expect(await server.clients.drop('MINE')).toBe(true);
    expect((await readWorld(server.store, 'MINE')).orders.size).toBe(0);
    expect(server.journal.entries.filter(({ clientId }) => clientId === 'MINE')).toEqual([]);
    expect(await merchantAt(server, identity).call('syncOrder')).toMatchObject({
      code: 'INVALID_CLIENT',
    });
    expect(await server.clients.drop(demoClient)).toBe(false);
  });

  // STEERING_ROUNDS=100 makes it twenty thousand requests.
  test('two hundred of them with scripts of their own side by side: none hears another’s', {
    timeout: 600_000,
  }, async () => {
    const codes = [
      'SUCCESS',
      'PARAM_ILLEGAL',
      'UN_SUPPORT_BUSINESS',
      'ORDER_STATUS_INVALID',
    ] as const;
    const demo = demoMerchant();
    const publicKey =
      demo.keyring.find('RSA')?.publicKey.export({ type: 'spki', format: 'pem' }).toString() ?? '';
    const identities = await Promise.all(
      Array.from({ length: 200 }, async (_, n): Promise<[MerchantIdentity, string]> => {
        const clientId = `PARALLEL${n}`;
        await server.clients.create({ clientId, publicKey });
        const code = codes[n % codes.length] ?? 'SUCCESS';
        expect(
          server.clients.activate(
            clientId,
            code === 'SUCCESS' ? [] : [`order-${code.toLowerCase().replaceAll('_', '-')}`],
          ),
        ).toEqual([]);
        return [{ ...demo, clientId }, code];
      }),
    );
    const rounds = Number(process.env['STEERING_ROUNDS'] ?? 10);
    for (let round = 0; round < rounds; round++) {
      const answers = await Promise.all(
        identities.map(async ([identity, code]) => [
          (await merchantAt(server, identity).call('syncOrder', { merchantBizNo: `r${round}` }))
            .code,
          code,
        ]),
      );
      for (const [got, wanted] of answers) expect(got).toBe(wanted);
    }
    for (const [{ clientId }, code] of identities)
      expect((await readWorld(server.store, clientId)).orders.size).toBe(
        code === 'SUCCESS' ? rounds : 0,
      );
    await Promise.all(identities.map(([{ clientId }]) => server.clients.drop(clientId)));
    expect(server.clients.list().filter(({ clientId }) => clientId.startsWith('PARALLEL'))).toEqual(
      [],
    );
  });
});

describe('a clock that is held', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');

  test('everything follows it: Response-Time, Date, the request window, expiry', async () => {
    const at = await startServer({
      'requestTime.window': '5m',
      'membership.expiredPass': 'PASS_UPDATE_FAIL',
    });
    at.clock.freeze(start);
    const identity = await created(at);
    const now = { time: start };
    const operation = at.contract.operations.get('syncOrder');
    if (operation === undefined) throw new Error('no syncOrder');
    const request = signRequest(identity, operation.path, Buffer.from('{}'), now);
    const { headers } = await rawCall(at.url, request);
    expect(headers['response-time']).toBe('2026-01-01T08:00:00+08:00');
    expect(headers['date']).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    at.clients.controls(identity.clientId).clock.advance(6 * 60_000);
    expect((await rawCall(at.url, request)).json['result']?.['resultMessage']).toMatch(
      /at most 5m/,
    );
    expect(
      (await rawCall(at.url, signRequest(demoMerchant(), operation.path, Buffer.from('{}'), now)))
        .json['result']?.['resultMessage'],
    ).not.toMatch(/5m/);

    const merchant = merchantAt(at, identity);
    const clock = at.clients.controls(identity.clientId).clock;
    const later = () => ({ time: clock.now() });
    const card = { passId: 'E', endDate: clock.now() + 1000 };
    expect(await merchant.call('updateMembershipCard', card, undefined, later())).toMatchObject({
      code: 'SUCCESS',
    });
    clock.advance(1000);
    expect(await merchant.call('updateMembershipCard', card, undefined, later())).toMatchObject({
      code: 'PASS_UPDATE_FAIL',
    });
    await at.close();
  });

  test('a binding that has expired is as good as none (E-22)', async () => {
    const at = await startServer({ 'linkage.unknownUnbind': 'PARAM_ILLEGAL' });
    at.clock.freeze(start);
    const merchant = merchantAt(at);
    const bizTime = (n: number) => ({ bizTime: start + n });
    expect(
      await merchant.call('syncAccountLinkage', { ...bizTime(0), expiryTime: start + 500 }),
    ).toMatchObject({ code: 'SUCCESS' });
    at.clock.advance(500);
    expect(
      await merchant.call('syncAccountLinkage', { ...bizTime(1), operateType: 'UNBIND' }),
    ).toMatchObject({ code: 'PARAM_ILLEGAL' });
    await at.close();
  });

  test('scripted delays wait for it', async () => {
    const at = await startServer({ scenario: ['slow-answer'] });
    at.clock.freeze();
    let answered = false;
    const call = merchantAt(at)
      .call('syncOrder')
      .then(() => (answered = true));
    const isDecided = async () => (await readWorld(at.store, demoClient)).orders.size === 1;
    await expect.poll(isDecided).toBe(true);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(answered).toBe(false);
    at.clients.controls(demoClient).clock.advance(0);
    at.clock.advance(2000);
    await call;
    expect(answered).toBe(true);
    await at.close();
  });

  test('the same seed, clock and calls give the same bytes, signatures and sealed bodies included', async () => {
    const run = async () => {
      const at = await startServer({ seed: 42 });
      at.clock.freeze(start);
      const bytes: string[] = [];
      for (const seal of [false, true]) {
        const body = {
          ...merchantAt(at).sample('syncOrder'),
          requestId: 'a'.repeat(32),
          orderModifyTime: start,
        };
        const operation = at.contract.operations.get('syncOrder');
        const { rawHeaders, body: answer } = await rawCall(
          at.url,
          signRequest(demoMerchant(), operation?.path ?? '', Buffer.from(JSON.stringify(body)), {
            seal,
            time: start,
          }),
        );
        bytes.push(JSON.stringify(rawHeaders), answer.toString('base64'));
      }
      await at.close();
      return bytes;
    };
    expect(await run()).toEqual(await run());
  });
});

describe('the admin API', () => {
  const admin = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${server.url}/__admin${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? {} : JSON.parse(text) };
  };

  test('makes a client, scripts it, holds its clock, and drops it', async () => {
    const made = await admin('POST', '/clients', { clientId: 'BY-API' });
    expect(made).toMatchObject({
      status: 201,
      json: { clientId: 'BY-API', privateKey: expect.stringMatching(/^-----BEGIN PRIVATE KEY/) },
    });
    expect(
      (await admin('PUT', '/clients/BY-API/scenarios', { active: ['order-success'] })).status,
    ).toBe(204);
    expect(
      await admin('PUT', '/clients/BY-API/scenarios', { active: ['order-sucess'] }),
    ).toMatchObject({
      status: 422,
      json: { error: expect.stringContaining('Did you mean "order-success"?') },
    });
    expect(
      await admin('POST', '/clients/BY-API/one-shots', {
        times: 2,
        when: { operation: 'syncOrder' },
        then: { result: 'PARAM_ILLEGAL' },
      }),
    ).toMatchObject({ status: 201, json: { queued: 1 } });
    expect(
      (await admin('POST', '/clients/BY-API/one-shots', { when: { operation: 'x' }, then: {} }))
        .status,
    ).toBe(422);
    expect(await admin('PUT', '/clients/BY-API/clock', { freeze: 5 })).toMatchObject({
      status: 200,
      json: { now: 5, rate: 0 },
    });
    expect((await admin('PUT', '/clients/BY-API/clock', { freeze: 5, set: 6 })).status).toBe(400);
    const { json } = await admin('GET', '/clients');
    expect(
      json.clients.find(({ clientId }: { clientId: string }) => clientId === 'BY-API'),
    ).toMatchObject({
      created: true,
      scenarios: ['order-success'],
      oneShots: 1,
      clock: { now: 5 },
    });
    expect((await admin('DELETE', '/clients/BY-API/one-shots')).status).toBe(204);
    expect((await admin('DELETE', '/clients/BY-API')).status).toBe(204);
    expect((await admin('DELETE', '/clients/BY-API')).status).toBe(404);
    expect((await admin('PUT', '/clients/BY-AP/clock', { reset: true })).status).toBe(404);
  });

  test('activates scenarios for everyone, and moves the simulator’s clock', async () => {
    expect((await admin('PUT', '/scenarios', { active: ['slow-answer'] })).status).toBe(204);
    expect((await admin('GET', '/scenarios')).json).toMatchObject({ active: ['slow-answer'] });
    expect((await admin('PUT', '/scenarios', { active: [] })).status).toBe(204);
    expect((await admin('PUT', '/clock', { rate: 2 })).json).toMatchObject({ rate: 2 });
    expect((await admin('PUT', '/clock', { reset: true })).json).toMatchObject({ rate: 1 });
  });

  test('other sites’ pages are kept out', async () => {
    expect(
      (await admin('GET', '/clients', undefined, { origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect(
      (
        await rawCall(server.url, {
          method: 'GET',
          target: '/__admin/clients',
          headers: { host: 'evil.example' },
        })
      ).status,
    ).toBe(403);
    expect(
      (
        await rawCall(server.url, {
          method: 'GET',
          target: '/__admin/health',
          headers: { host: 'evil.example' },
        })
      ).status,
    ).toBe(200);
  });

  test('with a token, nothing goes without it', async () => {
    const at = await startServer({ adminToken: 'secret' });
    expect((await fetch(`${at.url}/__admin/clients`)).status).toBe(403);
    expect(
      (await fetch(`${at.url}/__admin/clients`, { headers: { authorization: 'Bearer secret' } }))
        .status,
    ).toBe(200);
    await at.close();
    const open = await startServer({ host: '0.0.0.0' });
    expect(open.adminToken).toMatch(/^[\da-f]{32}$/);
    expect(
      (await fetch(`${open.url.replace('0.0.0.0', '127.0.0.1')}/__admin/clients`)).status,
    ).toBe(403);
    await open.close();
  });
});
