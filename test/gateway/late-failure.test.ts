import { afterEach, expect, test, vi } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { rawCall } from '../raw-call.ts';
import { readWorld } from '../read-world.ts';
import { demoClient, demoMerchant, startServer } from '../start-server.ts';

let server: MockServer | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await server?.close();
});

/** A simulator whose errors are collected as the log would have them. */
const start = async () => {
  const errors: unknown[] = [];
  server = await startServer(
    {},
    { onExchange: (_entry, error) => error !== undefined && errors.push(error) },
  );
  return { at: server, errors };
};

const syncOrder = async (at: MockServer) => {
  const operation = at.contract.operations.get('syncOrder') ?? expect.fail('no syncOrder');
  const sample = Buffer.from(
    JSON.stringify(composeSample(operation, { fields: {}, time: Date.now() })),
  );
  const { target, headers, body } = signRequest(demoMerchant(), operation.path, sample, {});
  return rawCall(at.url, { target, headers, body });
};

const orders = async (at: MockServer): Promise<number> =>
  (await readWorld(at.store, demoClient)).orders.size;

test('an answer that fails once, after the decision: U although the page says F, logged and recorded with what has changed', async () => {
  const { at, errors } = await start();
  // The first answer is shown to this check after the decision; the answer in its place is not.
  const bug = new Error('no key to sign with');
  vi.spyOn(at.parties.platform, 'find').mockImplementationOnce(() => {
    throw bug;
  });
  const answer = await syncOrder(at);
  expect(answer.json['result']).toMatchObject({
    resultCode: 'UNKNOWN_EXCEPTION',
    resultStatus: 'U',
  });
  expect(answer.headers['signature']).toMatch(/^algorithm=RSA256/);
  expect(await orders(at)).toBe(1);
  expect(errors).toEqual([bug]);
  const entry = at.journal.entries.at(-1);
  expect(entry?.verdict).toMatchObject({
    step: 'reply',
    code: 'UNKNOWN_EXCEPTION',
    status: 'U',
    basis: ['G-28'],
  });
  expect(entry?.verdict.reason).toContain('what was decided stays (SUCCESS)');
  expect(entry?.changes.map(({ collection }) => collection)).toContain('orders');
});

test('an answer that cannot be made at all: the connection is closed, and the exchange is logged and recorded all the same', async () => {
  const { at, errors } = await start();
  const bug = new Error('no key to sign with');
  vi.spyOn(at.parties.platform, 'find').mockImplementation(() => {
    throw bug;
  });
  await expect(syncOrder(at)).rejects.toThrow(/hang up|ECONNRESET/);
  await expect.poll(() => errors).toEqual([bug]);
  expect(await orders(at)).toBe(1);
  expect(at.journal.entries.at(-1)).toMatchObject({
    verdict: { code: 'NO_ANSWER', status: 'U' },
    reply: { httpStatus: 0 },
  });
});

test('a refusal whose answer fails keeps the letter of the page: nothing was decided', async () => {
  const { at, errors } = await start();
  const operation = at.contract.operations.get('syncOrder') ?? expect.fail('no syncOrder');
  const { target, headers } = signRequest(demoMerchant(), operation.path, Buffer.from('{}'), {});
  vi.spyOn(at.parties.platform, 'find').mockImplementationOnce(() => {
    throw new Error('no key to sign with');
  });
  const answer = await rawCall(at.url, { target, headers, body: '{}' });
  expect(answer.json['result']).toMatchObject({
    resultCode: 'UNKNOWN_EXCEPTION',
    resultStatus: 'F',
  });
  expect(errors).toHaveLength(1);
});
