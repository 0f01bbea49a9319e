import { describe, expect, onTestFinished, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import type { OutboundCallId } from '../../server/domain/outbound/outbound-calls.ts';
import type { Settings } from '../../server/domain/settings/settings-table.ts';
import type { JsonObject } from '../../server/domain/state/state.ts';
import { merchantAt } from '../merchant.ts';
import { demoClient, startServer } from '../start-server.ts';
import { type ReceiverFlaws, startReceiver } from './receiver.ts';

const paths: Partial<Record<OutboundCallId, string>> = {
  'bill-notify': '/points/bill/notify',
  'query-unpaid-bills': '/api/merchant/queryUnpaidBillsByAccountNo',
  'query-account': '/api/merchant/queryAccount',
  'verify-account': '/api/merchant/verify_account',
  'top-up': '/api/merchant/top_up?tag=a%20b',
  'query-latest-payment-info': '/api/merchant/query_latest_payment_info',
  'payment-notify': '/payments/notify',
};

const start = async (flaws: ReceiverFlaws = {}, settings: Partial<Settings> = {}) => {
  const receiver = await startReceiver({ flaws });
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  const targets = Object.fromEntries(
    Object.entries(paths).map(([call, path]) => [call, `${receiver.url}${path}`]),
  );
  const server = await startServer({ 'outbound.targets': { '*': targets }, ...settings });
  onTestFinished(() => server.close());
  return { receiver, server };
};

const idle = (server: MockServer): Promise<void> =>
  expect.poll(() => server.outbound.busy(), { interval: 2 }).toBe(0) as Promise<void>;

const send = async (
  server: MockServer,
  call: OutboundCallId,
  options: { readonly fields?: JsonObject } & Record<string, unknown> = {},
) => {
  const { id } = await server.outbound.plan(demoClient, { call, fields: {}, ...options });
  await idle(server);
  return server.outbound.find(demoClient, id);
};

test('a call is signed, encrypted on request, acknowledged and recorded', async () => {
  const { receiver, server } = await start();
  const record = await send(server, 'bill-notify', { encrypt: true });
  expect(record?.attempts).toMatchObject([{ acknowledged: true, code: 'SUCCESS', status: 'S' }]);
  expect(receiver.calls).toMatchObject([{ target: paths['bill-notify'], isVerified: true }]);
  expect(receiver.calls[0]?.body).toMatch(/^[\w+/=]+$/);
  expect(server.journal.entries[0]).toMatchObject({
    direction: 'outbound',
    outbound: { call: 'bill-notify', attempt: 1, acknowledged: true, nextAttemptAt: undefined },
    keyVersions: { signed: 1, verified: 1 },
    findings: [],
  });
});

describe('the plan', () => {
  test('of 8 sends is played in milliseconds when the clock is advanced by 25 hours', async () => {
    const { receiver, server } = await start({ skipsVerification: true, unsigned: true });
    const { clock } = server.clients.controls(demoClient);
    clock.freeze(1_800_000_000_000);
    const record = await send(server, 'bill-notify');
    expect(record).toMatchObject({ state: 'pending', dueAt: 1_800_000_120_000 });
    clock.advance(25 * 3_600_000);
    await idle(server);
    const [{ record: after } = {}] = await server.outbound.list(demoClient);
    expect(after?.state).toBe('exhausted');
    const minutes = after?.attempts.map(({ at }) => (at - 1_800_000_000_000) / 60_000);
    expect(minutes).toEqual([0, 2, 12, 22, 82, 202, 562, 1462]);
    expect(receiver.calls).toHaveLength(8);
    expect(server.journal.entries.map(({ outbound }) => outbound?.attempt)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(new Set(receiver.calls.map(({ headers }) => headers['request-time'])).size).toBe(8);
  });

  test('is held with the clock, moved with it, and ends at SUCCESS', async () => {
    const { receiver, server } = await start({
      answers: [{ httpStatus: 500 }, { result: ['BUSY', 'U'] }],
    });
    const { clock } = server.clients.controls(demoClient);
    clock.freeze();
    const { id } = await server.outbound.plan(demoClient, {
      ...{ call: 'bill-notify', fields: {}, afterMs: 2000 },
    });
    await idle(server);
    expect(receiver.calls).toHaveLength(0);
    clock.advance(1999);
    await idle(server);
    expect(receiver.calls).toHaveLength(0);
    for (const [step, sends] of [
      [1, 1],
      [119_999, 1],
      [1, 2],
      [600_000, 3],
      [90_000_000, 3],
    ] as const) {
      clock.advance(step);
      await idle(server);
      expect(receiver.calls).toHaveLength(sends);
    }
    expect(server.outbound.find(demoClient, id)?.state).toBe('acknowledged');
    expect([...receiver.effects.values()]).toEqual([1]);
  });

  test('a query is sent once; F ends a plan with unknownOnly, U does not', async () => {
    const failing: ReceiverFlaws = { answers: [{ result: ['NO', 'F'] }, { result: ['NO', 'U'] }] };
    const { server } = await start(failing, { 'outbound.retryOn': 'unknownOnly' });
    expect(await send(server, 'bill-notify')).toMatchObject({ state: 'exhausted' });
    expect(await send(server, 'bill-notify')).toMatchObject({ state: 'pending' });
    const other = await start({ answers: [{ httpStatus: 500 }] });
    expect(await send(other.server, 'query-account')).toMatchObject({ state: 'exhausted' });
  });

  test('cancel ends it; send now goes on with it', async () => {
    const { receiver, server } = await start({ answers: [{ httpStatus: 500 }] });
    const record = await send(server, 'bill-notify');
    const [{ id } = { id: '' }] = await server.outbound.list(demoClient);
    expect(record?.state).toBe('pending');
    expect(await server.outbound.cancel(demoClient, id)).toMatchObject({ state: 'cancelled' });
    server.clients.controls(demoClient).clock.advance(90_000_000);
    await idle(server);
    expect(receiver.calls).toHaveLength(1);
    expect(await server.outbound.sendNow(demoClient, id)).toMatchObject({ state: 'acknowledged' });
    expect(receiver.calls).toHaveLength(2);
  });
});

describe('nothing is sent to an address that the user has not named', () => {
  test('no target, no call', async () => {
    const server = await startServer();
    onTestFinished(() => server.close());
    await expect(
      server.outbound.plan(demoClient, { call: 'bill-notify', fields: {} }),
    ).rejects.toThrow('no address is configured for bill-notify');
  });

  test.each(['http://8.8.8.8/x', 'http://169.254.169.254/x', 'http://[::ffff:8.8.8.8]/x'])(
    '%s is refused at the start',
    async (url) => {
      const targets = { '*': { 'bill-notify': url } };
      await expect(startServer({ 'outbound.targets': targets })).rejects.toThrow(/--allow-host/);
    },
  );
});

test('a rule of a scenario has the merchant notified, with the fields of the stored order', async () => {
  const { receiver, server } = await start();
  const problems = await server.clients.queue(demoClient, {
    when: { operation: 'syncOrder' },
    then: {
      notify: {
        call: 'bill-notify',
        after: '2s',
        fields: { outBillNo: '{{held.merchantBizNo}}' },
      },
    },
    times: 2,
  });
  expect(problems).toEqual([]);
  const { clock } = server.clients.controls(demoClient);
  clock.freeze();
  const merchant = merchantAt(server);
  const body = merchant.sample('syncOrder', { merchantBizNo: 'N-1' });
  await merchant.send('syncOrder', body);
  await merchant.send('syncOrder', body);
  await idle(server);
  expect(receiver.calls).toHaveLength(0);
  clock.advance(2000);
  await idle(server);
  expect(receiver.calls.map(({ body: sent }) => JSON.parse(sent).outBillNo)).toEqual(['N-1']);
});
