import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { MerchantIdentity } from '../../../sdk/client/signed-call.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { alwaysValid, Keyring } from '../../../server/protocol/keys/keyring.ts';
import type { RedisStore } from '../../../server/storage/redis/redis-store.ts';
import { merchantAt } from '../../merchant.ts';
import { demoClient, demoMerchant, startServer } from '../../start-server.ts';
import { engineProgram, startEngine, type TestEngine } from './engines.ts';

let engine: TestEngine;
let prefixes = 0;

const startReplicas = async (
  count: number,
  overrides: Parameters<typeof startServer>[0] = {},
): Promise<readonly MockServer[]> => {
  const shared = { store: engine.url, 'store.prefix': `replicas${++prefixes}`, ...overrides };
  const servers: MockServer[] = [];
  for (let index = 0; index < count; index++) servers.push(await startServer(shared));
  onTestFinished(async () => void (await Promise.all(servers.map((one) => one.close(0)))));
  return servers;
};

const admin = async (
  server: MockServer | undefined,
  method: string,
  path: string,
  body?: unknown,
) => {
  const response = await fetch(`${server?.url}/__admin${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 500) throw new Error(`${method} ${path}: ${text}`);
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, json };
};

describe.skipIf(engineProgram === undefined)('two replicas', () => {
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('of identical requests at the same instant, one changes and both answer the same', async () => {
    const [a, b] = await startReplicas(2);
    const [atA, atB] = [a, b].map((server) => merchantAt(server as MockServer));
    for (let round = 0; round < 10; round++) {
      const body = atA?.sample('syncPaymentInfo', { accountId: `a${round}` }) ?? {};
      const answers = await Promise.all([
        atA?.send('syncPaymentInfo', body),
        atB?.send('syncPaymentInfo', body),
      ]);
      expect(answers.map((one) => [one?.status, one?.fields])).toEqual([
        ['S', answers[0]?.fields],
        ['S', answers[0]?.fields],
      ]);
    }
    expect(await a?.store.count(demoClient)).toMatchObject({ payments: 10, requests: 10 });
  });

  test('a client that one has made is known to the other at once, with its keys, until it is dropped', async () => {
    const [a, b] = await startReplicas(2);
    const made = await admin(a, 'POST', '/clients', {});
    expect(made.status).toBe(201);
    const clientId = String(made.json['clientId']);
    const versions = a?.clients.list().find((one) => one.clientId === clientId)?.keys;
    expect(versions).toHaveLength(1);
    expect((await admin(b, 'GET', `/clients/${clientId}`)).json).toMatchObject({ clientId });
    const listed = await admin(b, 'GET', '/clients');
    expect(JSON.stringify(listed.json)).toContain(clientId);
    const sent = await admin(b, 'POST', '/send', { operation: 'syncPaymentInfo', clientId });
    expect(JSON.stringify(sent.json)).toContain('SUCCESS');
    expect((await admin(b, 'DELETE', `/clients/${clientId}`)).status).toBe(204);
    expect((await admin(a, 'GET', `/clients/${clientId}`)).status).toBe(404);
  });

  test('scenarios activated for a client on one hold for the next request on the other, each time', async () => {
    const [a, b] = await startReplicas(2);
    const merchant = merchantAt(b as MockServer);
    for (let round = 0; round < 20; round++) {
      const active = round % 2 === 0 ? ['additional-info-param-illegal'] : [];
      const put = await admin(a, 'PUT', `/clients/${demoClient}/scenarios`, { active });
      expect(put.status).toBe(204);
      const reported = await merchant.call('syncAdditionalInfo');
      expect(reported.status === 'S').toBe(active.length === 0);
    }
  });

  test('scenarios, clock and seed for everyone hold on the other when the change is answered', async () => {
    const [a, b] = await startReplicas(2);
    const merchant = merchantAt(b as MockServer);
    for (let round = 0; round < 6; round++) {
      const active = round % 2 === 0 ? ['additional-info-param-illegal'] : [];
      expect((await admin(a, 'PUT', '/scenarios', { active })).status).toBe(204);
      const reported = await merchant.call('syncAdditionalInfo');
      expect(reported.status === 'S').toBe(active.length === 0);
    }
    const frozen = 1_900_000_000_000;
    await admin(a, 'PUT', '/clock', { freeze: frozen });
    expect(b?.clock.now()).toBe(frozen);
    await admin(b, 'PUT', `/clients/${demoClient}/clock`, { advanceMs: 1000 });
    expect((await admin(a, 'GET', `/clients/${demoClient}/clock`)).json).toMatchObject({
      now: frozen + 1000,
    });
    await admin(b, 'PUT', '/seed', { seed: 7 });
    expect((await admin(a, 'GET', '/seed')).json).toEqual({ seed: 7 });
    await admin(b, 'POST', '/reset/everything');
    expect((await admin(a, 'GET', '/seed')).json).toEqual({ seed: 0 });
    expect(a?.clock.now()).toBeLessThan(frozen);
  });

  test('queued rules are consumed exactly as often as they were queued', async () => {
    const [a, b] = await startReplicas(2);
    const merchants = [a, b].map((server) => merchantAt(server as MockServer));
    for (let round = 0; round < 3; round++) {
      const queued = await admin(a, 'POST', `/clients/${demoClient}/one-shots`, {
        times: 3,
        when: { operation: 'syncOrder' },
        then: { result: 'PROCESS_FAIL' },
      });
      expect(queued.status).toBe(201);
      const reported = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          merchants[index % 2]?.call(
            'syncOrder',
            { merchantBizNo: `q${round}-${index}` },
            'PASS_TICKET',
          ),
        ),
      );
      expect(reported.filter((one) => one?.code === 'PROCESS_FAIL')).toHaveLength(3);
      expect((await admin(b, 'GET', `/clients/${demoClient}/one-shots`)).json).toEqual({
        oneShots: [],
      });
    }
  });

  test('keys that one has added or ended count on the other', async () => {
    const [a, b] = await startReplicas(2);
    const rotated = await admin(a, 'POST', `/clients/${demoClient}/keys`, { overlapMs: 0 });
    expect(rotated.status).toBe(201);
    const before = demoMerchant();
    expect(await merchantAt(b as MockServer, before).call('syncPaymentInfo')).toMatchObject({
      code: 'KEY_NOT_FOUND',
    });
    const privateKey = createPrivateKey(String(rotated.json['privateKey']));
    const key = { ...(rotated.json['key'] as { fingerprint: string }), validity: alwaysValid };
    const publicKey = createPublicKey(privateKey);
    const second = { ...key, version: 2, family: 'RSA', publicKey, privateKey } as const;
    const after: MerchantIdentity = { ...before, keyring: new Keyring([second]) };
    expect(await merchantAt(b as MockServer, after).call('syncPaymentInfo')).toMatchObject({
      status: 'S',
    });
  });

  test('what one has answered counts in an assertion of the other at once, every time', async () => {
    const [a, b] = await startReplicas(2);
    const merchants = [a, b].map((server) => merchantAt(server as MockServer));
    for (let round = 1; round <= 40; round++) {
      await merchants[round % 2]?.call('syncPaymentInfo', { accountId: `j${round}` });
      const verified = await admin([b, a][round % 2], 'POST', '/verify', {
        exchanges: [{ exchange: { operation: 'syncPaymentInfo' }, exactly: round }],
      });
      expect(verified.json).toMatchObject({ passed: true, considered: round, evicted: false });
    }
    const lists = await Promise.all([a, b].map((server) => admin(server, 'GET', '/journal')));
    expect(lists.map(({ json }) => json['newest'])).toEqual([40, 40]);
    expect((await admin(a, 'DELETE', '/journal')).status).toBe(204);
    expect((await admin(b, 'GET', '/journal')).json).toMatchObject({ kept: 0, evicted: 0 });
  });

  test('one that waits is woken by what the other answers', async () => {
    const [a, b] = await startReplicas(2);
    const exchange = { operation: 'syncPaymentInfo', status: 'S' };
    const waiting = admin(a, 'POST', '/wait-for', { exchange, withinMs: 5000 });
    await admin(b, 'POST', '/wait-for', { exchange, withinMs: 50 });
    await merchantAt(b as MockServer).call('syncPaymentInfo');
    expect((await waiting).json).toMatchObject({ arrived: true, evicted: false });
  });

  test('after one has gone without a word, an assertion is incomplete and names it, until the journal is reset', async () => {
    const [a, b] = await startReplicas(2);
    await merchantAt(b as MockServer).call('syncPaymentInfo');
    const { engine: gone } = (b as MockServer).store as RedisStore;
    gone.link.close();
    const verified = await admin(a, 'POST', '/verify', {
      exchanges: [{ exchange: { operation: 'syncPaymentInfo' }, exactly: 1 }],
    });
    expect(verified.json).toMatchObject({
      passed: false,
      incomplete: true,
      missingReplicas: [gone.id],
    });
    await admin(a, 'POST', '/reset/journal');
    const after = await admin(a, 'POST', '/verify', { exchanges: [], nothingElse: true });
    expect(after.json).toMatchObject({ passed: true });
    expect(after.json['incomplete']).toBeUndefined();
  });
});
