import { afterAll, beforeAll, expect, test } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { maxClockTimeMs } from '../../server/clients/clock.ts';
import { rawCall } from '../raw-call.ts';
import { demoClient, demoMerchant, startServer } from '../start-server.ts';
import { adminCaller } from './admin-caller.ts';

let server: MockServer;
let admin: ReturnType<typeof adminCaller>;
beforeAll(async () => {
  server = await startServer();
  admin = adminCaller(server);
});
afterAll(() => server.close());

const syncOrder = async () => {
  const operation = server.contract.operations.get('syncOrder') ?? expect.fail('no syncOrder');
  const sample = Buffer.from(
    JSON.stringify(composeSample(operation, { fields: {}, time: 1_747_893_741_000 })),
  );
  const { target, headers, body } = signRequest(demoMerchant(), operation.path, sample, {});
  return rawCall(server.url, { target, headers, body });
};

test.each([
  { set: 8.64e15 },
  { freeze: 8.64e15 },
  { set: maxClockTimeMs + 1 },
  { set: -1 },
  { advanceMs: 8.64e15 },
  { advanceMs: maxClockTimeMs },
])('%j is refused, for all and for one client, and the clock stays', async (body) => {
  const before = server.clock.now();
  expect((await admin.call('moveClock', { body })).status).toBe(400);
  expect(
    (await admin.call('moveClientClock', { path: { clientId: demoClient }, body })).status,
  ).toBe(400);
  expect(Math.abs(server.clock.now() - before)).toBeLessThan(60_000);
});

test.each([0, maxClockTimeMs])(
  'at %s, the end of the range, calls are answered, signed and recorded',
  async (time) => {
    expect((await admin.call('moveClock', { body: { freeze: time } })).json).toEqual({
      now: time,
      rate: 0,
    });
    const answer = await syncOrder();
    expect(answer.headers['signature']).toMatch(/^algorithm=RSA256/);
    expect(server.journal.entries.at(-1)).toMatchObject({
      id: answer.headers['tracer-id'],
      receivedAt: time,
    });
    await admin.call('moveClock', { body: { reset: true } });
  },
);

test('a clock that runs fast stops at the end of the range, and calls are answered', async () => {
  await admin.call('moveClock', { body: { set: maxClockTimeMs - 5 } });
  const now = async () => (await admin.call('readClock')).json['now'];
  await expect.poll(now).toBe(maxClockTimeMs);
  expect((await syncOrder()).headers['signature']).toMatch(/^algorithm=RSA256/);
  await admin.call('moveClock', { body: { reset: true } });
});
