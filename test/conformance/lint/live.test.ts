import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { AlipayHKClient } from '../../../sdk/client/alipayhk-client.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import type { LintReport } from '../../../server/conformance/lint/lint.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import { merchantAt } from '../../merchant.ts';
import { demoClient, demoMerchant, startServer } from '../../start-server.ts';

let server: MockServer | undefined;
afterEach(() => server?.close(0));

const start = async (settings: Partial<Settings> = {}): Promise<MockServer> => {
  server = await startServer(settings);
  return server;
};

const admin = async (
  { adminUrl }: MockServer,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly json: unknown }> => {
  const response = await fetch(`${adminUrl}/__admin${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
};

const readFindings = async (at: MockServer, query = ''): Promise<readonly string[]> => {
  const { json } = await admin(at, 'GET', `/lint${query}`);
  return (json as LintReport).findings.map(({ rule }) => rule);
};

const id = (): string => randomUUID().replaceAll('-', '');

/** An order is reported under a new id after U, which is what a client must not do. */
const reportTwice = async (at: MockServer, bizNo = 'T1'): Promise<void> => {
  const { sample, send } = merchantAt(at);
  const order = sample('syncOrder', { merchantBizNo: bizNo });
  await at.clients.queue(demoClient, {
    when: { operation: 'syncOrder' },
    then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
  });
  await send('syncOrder', { ...order, requestId: id() });
  await send('syncOrder', { ...order, requestId: id() });
};

test('what is wrong is found, by the admin API and as an event', async () => {
  const at = await start();
  const events = await fetch(`${at.adminUrl}/__admin/events`);
  await reportTwice(at);
  const { json } = await admin(at, 'GET', '/lint');
  const [finding] = (json as LintReport).findings;
  expect(finding).toMatchObject({
    rule: 'L-RTY-01',
    severity: 'error',
    basis: 'documented',
    clientId: demoClient,
    exchanges: [{ number: 1 }, { number: 2 }],
    remedyId: 'sameMessage',
    count: 1,
  });
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('event: lint')) text += (await reader?.read())?.value ?? expect.fail('end');
  while (!text.slice(text.indexOf('event: lint')).includes('\n\n'))
    text += (await reader?.read())?.value ?? expect.fail('end');
  const data = /event: lint\ndata: (.+)\n/.exec(text)?.[1] ?? '{}';
  expect(JSON.parse(data)).toEqual(finding);
  await reader?.cancel();
});

test('the client of the package gives no finding, whatever goes wrong', async () => {
  const at = await start({ 'lint.pauseFactor': 0.05 });
  const { clientId, keyring, platform } = demoMerchant();
  const pauses: number[] = [];
  const client = new AlipayHKClient({
    baseUrl: at.url,
    clientId,
    privateKey: keyring,
    platformKey: platform,
    timeoutMs: 300,
    retry: { factor: 0.05 },
    onAttempt: ({ number }) => pauses.push(number),
  });
  const { sample } = merchantAt(at);
  for (const [index, fault] of (
    ['reset', 'hang', 'cut-body', 'gateway-html', 'not-json', 'duplicate-headers'] as const
  ).entries()) {
    await at.clients.queue(demoClient, { when: { operation: 'syncOrder' }, then: { fault } });
    await client.syncOrder(sample('syncOrder', { merchantBizNo: `B${index}` }) as never);
  }
  for (const security of ['wrong-key', 'unsigned', 'stale-time', 'raw-signature'] as const) {
    await at.clients.queue(demoClient, {
      when: { operation: 'syncPaymentInfo' },
      then: { security },
    });
    await client.syncPaymentInfo(sample('syncPaymentInfo', { accountId: security }) as never);
  }
  const { json } = await admin(at, 'GET', '/lint?isEnd=true');
  expect((json as LintReport).findings).toEqual([]);
  expect(pauses.filter((number) => number > 1).length).toBeGreaterThan(8);
});

test('findings are silenced by rule and client, with a reason, and unused allowances are shown', async () => {
  const at = await start({ 'lint.allow': ['L-HTTP-02'] });
  await reportTwice(at);
  expect(await readFindings(at)).toEqual(['L-RTY-01']);
  const allowed = { rule: 'L-RTY-01', clientId: demoClient, reason: 'on purpose' };
  expect((await admin(at, 'POST', '/lint/allowances', allowed)).status).toBe(204);
  const { json } = await admin(at, 'GET', '/lint');
  expect(json).toMatchObject({
    findings: [],
    allowances: [
      { rule: 'L-HTTP-02', matched: 0 },
      { ...allowed, matched: 1 },
    ],
  });
  const unknown = await admin(at, 'POST', '/lint/allowances', { rule: 'L-RTY-99', reason: 'x' });
  expect(unknown.status).toBe(404);
  await expect(startServer({ 'lint.allow': ['L-RTY-99'] })).rejects.toThrow(/unknown lint rule/);
});

test('after a reset or a deletion nothing is compared with before', async () => {
  const at = await start();
  const { sample, send } = merchantAt(at);
  const order = sample('syncOrder', { merchantBizNo: 'T1' });
  for (const reset of ['/reset/state', `/reset/clients/${demoClient}`, '/reset/everything']) {
    await at.clients.queue(demoClient, {
      when: { operation: 'syncOrder' },
      then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
    });
    await send('syncOrder', { ...order, requestId: id() });
    await admin(at, 'POST', reset);
    await send('syncOrder', { ...order, requestId: id() });
    await admin(at, 'POST', reset);
  }
  expect(await readFindings(at, '?isEnd=true')).toEqual([]);
  await reportTwice(at, 'T2');
  await admin(at, 'POST', `/reset/clients/${demoClient}`);
  expect(await readFindings(at, `?clientId=${demoClient}`)).toEqual([]);
  expect(await readFindings(at)).toEqual(['L-RTY-01']);
  await admin(at, 'DELETE', '/lint');
  expect(await readFindings(at)).toEqual([]);
});

test('with lint off there are neither findings nor coverage', async () => {
  const at = await start({ 'lint.mode': 'off' });
  expect((await admin(at, 'GET', '/lint')).status).toBe(404);
  expect((await admin(at, 'GET', '/coverage')).status).toBe(404);
});

test('requests of the page are not the client’s', async () => {
  const at = await start();
  await admin(at, 'POST', '/send', { clientId: demoClient, operation: 'syncOrder' });
  const { json } = await admin(at, 'GET', '/coverage');
  expect(json).toMatchObject({ exchanges: 0 });
});
