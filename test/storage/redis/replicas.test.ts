import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { MerchantIdentity } from '../../../sdk/client/signed-call.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { alwaysValid, Keyring } from '../../../server/protocol/keys/keyring.ts';
import type { RedisStore } from '../../../server/storage/redis/redis-store.ts';
import { merchantAt } from '../../merchant.ts';
import { type Receiver, startReceiver } from '../../outbound/receiver.ts';
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

  test('of four, one of which loses its engine in the middle, queued rules are consumed exactly', async () => {
    const servers = await startReplicas(4);
    const merchants = servers.map((server) => merchantAt(server));
    const times = 12;
    const rule = { times, when: { operation: 'syncOrder' }, then: { result: 'PROCESS_FAIL' } };
    await admin(servers[0], 'POST', `/clients/${demoClient}/one-shots`, rule);
    const send = async (index: number) =>
      merchants[index % 4]
        ?.call('syncOrder', { merchantBizNo: `k${index}` }, 'PASS_TICKET')
        .catch(() => undefined);
    const calls = Array.from({ length: 40 }, (_, index) => send(index));
    await Promise.race(calls);
    ((servers[3] as MockServer).store as RedisStore).engine.link.close();
    const first = await Promise.all(calls);
    const rest = [];
    for (let index = 40; index < 52; index++) if (index % 4 !== 3) rest.push(await send(index));
    const isScripted = (one: (typeof first)[number]): boolean => one?.code === 'PROCESS_FAIL';
    const scripted = [...first, ...rest].filter(isScripted).length;
    const unanswered = first.filter((one) => one === undefined).length;
    expect(scripted).toBeLessThanOrEqual(times);
    expect(scripted + unanswered).toBeGreaterThanOrEqual(times);
    expect(rest.slice(-3).some(isScripted)).toBe(false);
    expect((await admin(servers[1], 'GET', `/clients/${demoClient}/one-shots`)).json).toEqual({
      oneShots: [],
    });
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

  const targets = (receiver: Receiver) => ({
    'outbound.targets': { '*': { 'bill-notify': `${receiver.url}/notify` } },
    'outbound.schedule': ['2m', '10m'],
  });
  const readMessage = async (server: MockServer | undefined, id: string) => {
    const { json } = await admin(server, 'GET', `/clients/${demoClient}/outbound/${id}`);
    return json as { state: string; attempts: { at: number; exchange: number }[] };
  };

  test('a message that one has planned is sent once, with its plan, and read, cancelled and recorded everywhere', async () => {
    await using receiver = await startReceiver({
      flaws: { answers: [{ httpStatus: 500 }, { httpStatus: 500 }] },
    });
    const [a, b] = await startReplicas(2, targets(receiver));
    await admin(a, 'PUT', '/clock', { freeze: 1_800_000_000_000 });
    const sent = await admin(a, 'POST', `/clients/${demoClient}/outbound`, { call: 'bill-notify' });
    const id = String(sent.json['id']);
    await expect.poll(async () => (await readMessage(b, id)).attempts.length).toBe(1);
    await admin(b, 'PUT', '/clock', { advanceMs: 13 * 60_000 });
    await expect.poll(async () => (await readMessage(b, id)).state).toBe('acknowledged');
    const { attempts } = await readMessage(a, id);
    expect(attempts.map(({ at }) => (at - 1_800_000_000_000) / 60_000)).toEqual([0, 2, 12]);
    expect(receiver.calls).toHaveLength(3);
    expect([...receiver.effects.values()]).toEqual([1]);
    for (const server of [a, b]) {
      const { json } = await admin(server, 'GET', '/journal');
      expect(json['entries']).toMatchObject([
        { number: 3, direction: 'outbound' },
        { number: 2, direction: 'outbound' },
        { number: 1, direction: 'outbound' },
      ]);
    }
    expect(attempts.map(({ exchange }) => exchange)).toEqual([1, 2, 3]);
    const later = { call: 'bill-notify', afterMs: 60_000 };
    const planned = await admin(a, 'POST', `/clients/${demoClient}/outbound`, later);
    const path = `/clients/${demoClient}/outbound/${String(planned.json['id'])}`;
    expect((await admin(b, 'DELETE', path)).json).toMatchObject({ state: 'cancelled' });
    await admin(a, 'PUT', '/clock', { advanceMs: 3_600_000 });
    expect(receiver.calls).toHaveLength(3);
  });

  test('a message of one that has gone is sent by the other', async () => {
    await using receiver = await startReceiver();
    const [a, b] = await startReplicas(2, targets(receiver));
    await admin(a, 'PUT', '/clock', { freeze: 1_800_000_000_000 });
    const later = { call: 'bill-notify', afterMs: 60_000 };
    const { json } = await admin(a, 'POST', `/clients/${demoClient}/outbound`, later);
    await expect.poll(async () => b?.outbound.find(demoClient, String(json['id']))).toBeDefined();
    await a?.close(0);
    await admin(b, 'PUT', '/clock', { advanceMs: 120_000 });
    await expect.poll(async () => receiver.calls.length).toBe(1);
    await expect
      .poll(async () => (await readMessage(b, String(json['id']))).state)
      .toBe('acknowledged');
  });

  test('a message that only the one that has gone knew of is sent by the other, and both count it as due', async () => {
    await using receiver = await startReceiver();
    const [a, b] = await startReplicas(2, targets(receiver));
    await admin(a, 'PUT', '/clock', { freeze: 1_800_000_000_000 });
    const later = { call: 'bill-notify', afterMs: 60_000 };
    const { json } = await admin(a, 'POST', `/clients/${demoClient}/outbound`, later);
    const known = a?.outbound.find(demoClient, String(json['id']));
    if (known === undefined) throw new Error('not planned');
    // As if its announcement had been lost on the way.
    await a?.store.commit(
      demoClient,
      [],
      [{ collection: 'outbound', id: 'out-silent', value: known }],
    );
    await a?.close(0);
    await expect
      .poll(async () => {
        await admin(b, 'PUT', '/clock', { advanceMs: 120_000 });
        return receiver.calls.length;
      })
      .toBe(2);
    await expect.poll(async () => (await readMessage(b, 'out-silent')).state).toBe('acknowledged');
    const { json: listed } = await admin(b, 'GET', '/outbound');
    expect(listed).toMatchObject({ total: 2, busy: 0 });
  });

  test('what one sends is busy on the other, and their exchanges have different ids', async () => {
    await using receiver = await startReceiver({ flaws: { answers: [{ httpStatus: 500 }] } });
    const [a, b] = await startReplicas(2, targets(receiver));
    await admin(a, 'PUT', '/clock', { freeze: 1_800_000_000_000 });
    const sent = await admin(a, 'POST', `/clients/${demoClient}/outbound`, { call: 'bill-notify' });
    const id = String(sent.json['id']);
    await expect.poll(async () => (await readMessage(b, id)).attempts.length).toBe(1);
    const held = b?.outbound.find(demoClient, id);
    if (held === undefined) throw new Error('not known');
    const claimed = { ...held, claimedUntil: Date.now() + 60_000 };
    await a?.store.commit(demoClient, [], [{ collection: 'outbound', id, value: claimed }]);
    expect((await admin(b, 'GET', '/outbound')).json).toMatchObject({ busy: 1 });
    await a?.store.commit(demoClient, [], [{ collection: 'outbound', id, value: held }]);
    expect((await admin(b, 'GET', '/outbound')).json).toMatchObject({ busy: 0 });
    await admin(b, 'POST', `/clients/${demoClient}/outbound/${id}/send`);
    await expect.poll(async () => (await readMessage(a, id)).attempts.length).toBe(2);
    const { json } = await admin(a, 'GET', '/journal');
    const ids = (json['entries'] as { id: string }[]).map((entry) => entry.id);
    expect(new Set(ids).size).toBe(2);
  });

  test('lint and coverage judge what all have answered, the same on each', async () => {
    const [a, b] = await startReplicas(2);
    const [atA, atB] = [a, b].map((server) => merchantAt(server as MockServer));
    const requestId = 'the same';
    await atA?.call('syncPaymentInfo', { requestId, accountId: 'a1' });
    await atB?.call('syncPaymentInfo', { requestId, accountId: 'a2' });
    await atB?.call('syncAccountLinkage');
    const lints = await Promise.all([a, b].map((one) => admin(one, 'GET', '/lint')));
    const rules = lints.map(({ json }) =>
      (json['findings'] as { rule: string }[]).map(({ rule }) => rule).toSorted(),
    );
    expect(rules[0]).toContain('L-RTY-03');
    expect(rules[1]).toEqual(rules[0]);
    const coverages = await Promise.all([a, b].map((one) => admin(one, 'GET', '/coverage')));
    expect(coverages[0]?.json).toEqual(coverages[1]?.json);
    expect(JSON.stringify(coverages[0]?.json)).toContain('syncAccountLinkage');
  });

  test('where exchanges end in another order than they arrive, lint and assertions are those of one simulator', async () => {
    const findRules = async (servers: readonly MockServer[]): Promise<readonly string[]> => {
      const [first, last] = [servers[0], servers.at(-1)] as [MockServer, MockServer];
      const [atFirst, atLast] = [merchantAt(first), merchantAt(last)];
      await admin(first, 'POST', `/clients/${demoClient}/one-shots`, {
        when: { operation: 'syncOrder' },
        then: { delayMs: 400 },
      });
      const orderAt = (number: number) => ({
        ...{ merchantBizNo: 'overtaken', requestId: `r${number}` },
        ...{ orderCreateTime: 1_800_000_000_000, orderModifyTime: 1_800_000_000_000 + number },
      });
      const slow = atFirst.call('syncOrder', orderAt(1), 'PASS_TICKET');
      const isDecided = (): boolean =>
        first.journal.open.some(({ steps }) => steps.some(({ name }) => name === 'decide'));
      await expect.poll(isDecided).toBe(true);
      await atLast.call('syncOrder', orderAt(2), 'PASS_TICKET');
      await slow;
      const exchanges = ['r1', 'r2'].map((requestId) => ({ exchange: { body: { requestId } } }));
      const verified = await admin(last, 'POST', '/verify', { exchanges, inOrder: true });
      expect(verified.json).toMatchObject({ passed: true });
      const { json } = await admin(last, 'GET', '/lint');
      const findings = json['findings'] as readonly { rule: string; severity: string }[];
      return findings.map(({ rule, severity }) => `${rule} ${severity}`).toSorted();
    };
    const alone = await startServer();
    onTestFinished(() => alone.close(0));
    const due = await findRules([alone]);
    expect(due).toContain('L-ORD-04 warning');
    expect(await findRules(await startReplicas(2))).toEqual(due);
  });

  test('events of one show what the other has answered', async () => {
    const [a, b] = await startReplicas(2);
    const abort = new AbortController();
    const events = await fetch(`${a?.url}/__admin/events`, { signal: abort.signal });
    await merchantAt(b as MockServer).call('syncPaymentInfo');
    let text = '';
    for await (const chunk of events.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('syncPaymentInfo')) break;
    }
    abort.abort();
    expect(text).toMatch(/event: exchange/);
  });

  test('with a seed they count together: the Tracer-Ids are those of one simulator', async () => {
    const idsOf = async (servers: readonly MockServer[]): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (let index = 0; index < 6; index++) {
        const server = servers[index % servers.length] as MockServer;
        await merchantAt(server).call('syncPaymentInfo', { accountId: `t${index}` });
        const { json } = await admin(server, 'GET', '/journal?limit=1');
        ids.push((json['entries'] as { id: string }[])[0]?.id ?? '');
      }
      return ids;
    };
    const alone = await startServer({ seed: 7 });
    onTestFinished(() => alone.close(0));
    const due = await idsOf([alone]);
    const replicas = await startReplicas(2, { seed: 7 });
    expect(await idsOf(replicas)).toEqual(due);
    await admin(replicas[1], 'PUT', '/seed', { seed: 7 });
    expect(await idsOf(replicas)).toEqual(due);
    expect(new Set(due).size).toBe(6);
  });
});
