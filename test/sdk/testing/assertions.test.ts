import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AlipayHKClient, OperationFailedError } from '../../../sdk/client/client.ts';
import {
  createMockServer,
  LintError,
  type MockClient,
  type MockServer,
  UnexpectedExchangesError,
  VerificationError,
  WaitTimeoutError,
} from '../../../sdk/testing/index.ts';
import { finishRun, isLintStrict } from '../../../sdk/testing/run-end.ts';
import { order } from './order.ts';

let server: MockServer;
beforeAll(async () => {
  server = await createMockServer();
});
afterAll(() => server.close());

test('the journal tells what came, of one client or of all', async () => {
  const client = await server.clients.create();
  const merchant = new AlipayHKClient(client);
  const one = await merchant.call('syncOrder', order());
  await merchant.syncOrder(order());
  expect(
    (await client.journal.exchanges()).map(({ operation, code, clientId }) => [
      operation,
      code,
      clientId,
    ]),
  ).toEqual([
    ['syncOrder', 'SUCCESS', client.clientId],
    ['syncOrder', 'SUCCESS', client.clientId],
  ]);
  expect((await server.journal.exchanges({ clientId: 'NOBODY' })).length).toBe(0);
  expect(
    (await client.journal.exchange(one.tracerId ?? '')).steps.map(({ name }) => name),
  ).toContain('verify-signature');
  expect((await client.records('orders')).length).toBe(2);
});

test('verify: what should have come; a failure names what came near', async () => {
  const client = await server.clients.create();
  await new AlipayHKClient(client).syncOrder({ ...order(), merchantBizNo: 'V-1' });
  await client.verify({
    exchanges: [
      { exchange: { operation: 'syncOrder', body: { merchantBizNo: 'V-1' } }, exactly: 1 },
    ],
    nothingElse: true,
  });
  const error: unknown = await client
    .verify({
      exchanges: [{ exchange: { operation: 'syncOrder', body: { merchantBizNo: 'V-2' } } }],
    })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VerificationError);
  expect(String(error)).toMatch(
    /expected exactly 1[\s\S]*near miss: #\d+ syncOrder SUCCESS: body\.merchantBizNo was "V-1", not "V-2"/,
  );
  await server.verify({ exchanges: [{ exchange: { clientId: client.clientId } }] });
});

test('waitFor: settles when it comes, rejects when it does not', async () => {
  const client = await server.clients.create();
  const waiting = client.waitFor({
    exchange: { operation: 'syncOrder', code: 'SUCCESS' },
    withinMs: 9000,
  });
  await new AlipayHKClient(client).syncOrder(order());
  expect((await waiting).exchanges).toHaveLength(1);
  await expect(
    client.waitFor({ exchange: { operation: 'syncPaymentInfo' }, withinMs: 50 }),
  ).rejects.toBeInstanceOf(WaitTimeoutError);
  await expect(
    server.waitFor({ exchange: { operation: 'syncOrder', clientId: client.clientId } }),
  ).resolves.toMatchObject({ arrived: true });
});

test('reset: a client as it was made, or everything as freshly started', async () => {
  const client = await server.clients.create();
  const merchant = new AlipayHKClient(client);
  const same = { ...order(), requestId: 'SAME' };
  await merchant.syncOrder(same);
  await client.activate('order-param-illegal');
  await client.reset();
  expect((await merchant.syncOrder({ ...same, orderStatus: 'USED' })).orderStatus).toBe('USED');
  expect(await client.journal.exchanges()).toHaveLength(1);
  await using other = await createMockServer();
  const gone = await other.clients.create();
  await other.scenarios.activate('net-reset');
  await other.reset();
  expect((await other.scenarios.list()).active).toEqual([]);
  expect((await other.clients.list()).map(({ clientId }) => clientId)).not.toContain(gone.clientId);
});

test('an uploaded scenario can be activated', async () => {
  await server.scenarios.upload(
    'name: mine\ndescription: Every order fails.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: PARAM_ILLEGAL }\n',
  );
  const client = await server.clients.create();
  await client.activate('mine');
  await expect(new AlipayHKClient(client).syncOrder(order())).rejects.toBeInstanceOf(
    OperationFailedError,
  );
});

test('nothing unexpected: what failed unscripted, unnamed and not allowed is told, and so is a queued rule that was never reached', async () => {
  const failing = { ...order(), orderStatus: 'NO_SUCH' };
  const call = (client: ConstructorParameters<typeof AlipayHKClient>[0]) =>
    new AlipayHKClient(client).syncOrder(failing).catch(() => {});

  await expect(server.withClient((client) => call(client))).rejects.toThrow(
    /unexpected: #\d+ syncOrder ORDER_STATUS_INVALID \(F\) at decide/,
  );
  await expect(
    server.withClient((client) =>
      client.next({ then: { result: 'PARAM_ILLEGAL' }, when: { operation: 'syncOrder' } }),
    ),
  ).rejects.toThrow('1 queued rule was not used by any call');
  await expect(server.withClient((client) => call(client))).rejects.toBeInstanceOf(
    UnexpectedExchangesError,
  );

  await server.withClient(async (client) => {
    client.allow('ORDER_STATUS_INVALID');
    await call(client);
  });
  await server.withClient(async (client) => {
    await call(client);
    await client.verify({ exchanges: [{ exchange: { code: 'ORDER_STATUS_INVALID' } }] });
  });
  await server.withClient(async (client) => {
    await client.next({
      when: { operation: 'syncOrder' },
      then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
    });
    await new AlipayHKClient(client).syncOrder(order());
  });
  await expect(server.withClient(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
});

const newId = (): string => randomUUID().replaceAll('-', '');

/** Reports one order under two requestIds, although the outcome of the first is unknown. */
const reportTwice = async (client: MockClient): Promise<void> => {
  await client.next({
    when: { operation: 'syncOrder' },
    then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
  });
  const merchant = new AlipayHKClient({ ...credentials(client), retry: false });
  await merchant
    .syncOrder({ ...order(), merchantBizNo: 'L-1', requestId: newId() })
    .catch(() => {});
  await merchant.syncOrder({ ...order(), merchantBizNo: 'L-1', requestId: newId() });
};

const credentials = ({ baseUrl, clientId, privateKey, platformKey }: MockClient) => ({
  baseUrl,
  clientId,
  privateKey,
  platformKey,
});

test('a test fails for an error of lint, unless it says that it expects it', async () => {
  const failed: unknown = await server.withClient(reportTwice).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(LintError);
  expect(failed).toMatchObject({ code: 'LINT_ERRORS', findings: [{ rule: 'L-RTY-01' }] });
  expect(String(failed)).toContain("client.allowLint('L-RTY-01', 'reason')");
  await server.withClient(async (client) => {
    await client.allowLint('L-RTY-01', 'the test is about lint');
    await reportTwice(client);
  });
  await expect(
    server.withClient((client) => client.allowLint('L-RTY-99', 'no such rule')),
  ).rejects.toThrow(/L-RTY-99/);
});

test('an allowance that silences nothing is noted', async () => {
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await server.withClient(async (client) => {
      await client.allowLint('L-RTY-04', 'no longer true');
    });
    expect(printed).toHaveBeenCalledWith(
      'note: L-RTY-04 is allowed (no longer true), and unused\n',
    );
  } finally {
    printed.mockRestore();
  }
});

test('what a test does with its client is not compared with another test', async () => {
  for (let run = 0; run < 2; run++)
    await server.withClient(async (client) => {
      await new AlipayHKClient(client).syncOrder({ ...order(), merchantBizNo: 'L-2' });
      expect(await client.lintFindings()).toEqual([]);
    });
});

test('the end of a run tells each rule once, without what a test expected, and fails it when strict', async () => {
  const run = await createMockServer();
  for (let count = 0; count < 2; count++) await run.withClient(reportTwice).catch(() => {});
  await run.withClient(async (client) => {
    await client.allowLint('L-RTY-01', 'the test is about lint');
    await reportTwice(client);
  });
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await expect(finishRun(run, { isStrict: true })).rejects.toThrow(LintError);
    const said = printed.mock.calls.map(([text]) => String(text)).join('');
    expect(said.match(/L-RTY-01 requestId/g)).toHaveLength(1);
    expect(said).toContain('2 times, 2 clients');
  } finally {
    printed.mockRestore();
  }
  expect([isLintStrict({ 'lint.mode': 'strict' }), isLintStrict()]).toEqual([true, false]);
});
