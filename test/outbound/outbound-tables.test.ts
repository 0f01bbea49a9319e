import { describe, expect, onTestFinished, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import type { OutboundCallId } from '../../server/domain/outbound/outbound-calls.ts';
import { outboundFaultIds } from '../../server/domain/outbound/outbound-faults.ts';
import type { Settings } from '../../server/domain/settings/settings-table.ts';
import type { JsonObject } from '../../server/domain/state/state.ts';
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

describe('a call to the merchant', () => {
  test.each(Object.keys(paths) as OutboundCallId[])(
    '%s is signed and acknowledged',
    async (call) => {
      const { receiver, server } = await start();
      expect(server.outbound.checkFields(call, {})).toEqual([]);
      const record = await send(server, call);
      expect(record?.attempts).toMatchObject([
        { acknowledged: true, code: 'SUCCESS', status: 'S' },
      ]);
      console.log(
        server.journal.entries[0]?.findings,
        server.journal.entries[0]?.reply.body.toString(),
        receiver.calls,
      );
      expect(receiver.calls).toMatchObject([{ target: paths[call], isVerified: true }]);
      const [entry] = server.journal.entries;
      expect(entry).toMatchObject({
        direction: 'outbound',
        outbound: { call, attempt: 1, acknowledged: true, nextAttemptAt: undefined },
        keyVersions: { signed: 1, verified: 1 },
        findings: [],
      });
    },
  );

  test('is encrypted on request', async () => {
    const { receiver, server } = await start();
    const record = await send(server, 'bill-notify', { encrypt: true });
    expect(record?.state).toBe('acknowledged');
    expect(receiver.calls[0]?.body).toMatch(/^[\w+/=]+$/);
    expect(receiver.effects.size).toBe(1);
  });

  const flawed: readonly [string, ReceiverFlaws, string][] = [
    ['unsigned', { unsigned: true }, 'OUT_UNSIGNED'],
    ['signed over another path', { signsOtherPath: true }, 'OUT_SIGNATURE'],
    ['from another client', { wrongClientId: true }, 'OUT_CLIENT_ID'],
    ['HTTP 500', { answers: [{ httpStatus: 500 }] }, 'OUT_HTTP_STATUS'],
    ['a redirect', { answers: [{ httpStatus: 302 }] }, 'OUT_HTTP_STATUS'],
    ['text', { answers: [{ text: 'ok' }] }, 'OUT_CLIENT_ID'],
    ['U', { answers: [{ result: ['BUSY', 'U'] }] }, 'OUT_NOT_SUCCESS'],
    ['F', { answers: [{ result: ['PARAM_ILLEGAL', 'F'] }] }, 'OUT_NOT_SUCCESS'],
    ['nothing', { answers: ['close'] }, 'OUT_BROKEN_OFF'],
    ['too late', { answers: ['hang'] }, 'OUT_TIMEOUT'],
  ];
  test.each(flawed)('is not acknowledged when the answer is %s', async (_what, flaws, finding) => {
    const { server } = await start(flaws, {
      'outbound.timeoutMs': finding === 'OUT_TIMEOUT' ? 100 : 0,
      'outbound.schedule': [],
    });
    const record = await send(server, 'bill-notify');
    expect(record?.state).toBe('exhausted');
    expect(server.journal.entries[0]?.findings.map(({ id }) => id)).toContain(finding);
  });

  test('a signature over another path is explained by the doctor', async () => {
    const { server } = await start({ signsOtherPath: true }, { 'outbound.schedule': [] });
    await send(server, 'bill-notify');
    expect(server.journal.entries[0]?.diagnosis).toMatchObject({ verdict: 'mistake' });
  });
});

describe('faults', () => {
  test.each(outboundFaultIds.filter((id) => id !== 'rotated-key'))('%s', async (fault) => {
    const { receiver, server } = await start({}, { 'outbound.schedule': [] });
    const record = await send(server, 'bill-notify', { fault });
    const isGood = ['duplicate', 'parallel-duplicates', 'out-of-order', 'slow', 'extra-fields'];
    expect(record?.attempts[0]?.acknowledged).toBe(isGood.includes(fault));
    const effects = [...receiver.effects.values()];
    expect(effects).toEqual(fault === 'out-of-order' ? [1, 1] : isGood.includes(fault) ? [1] : []);
  });
});
