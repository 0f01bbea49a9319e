import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { createTarpit } from '../../server/gateway/reply/deliver.ts';
import type { Verdict } from '../../server/journal/journal-entry.ts';
import { rawCall } from '../raw-call.ts';
import { demoMerchant, startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const verdictOf = async (
  headers: Record<string, string>,
  changeBody: (body: string) => string,
): Promise<Verdict> => {
  const operation = server.contract.operations.get('syncOrder') ?? expect.fail('no syncOrder');
  const sample = JSON.stringify(composeSample(operation, { fields: {}, time: Date.now() }));
  const request = signRequest(demoMerchant(), operation.path, Buffer.from(sample), {});
  await rawCall(server.url, {
    target: request.target,
    headers: { ...request.headers, ...headers },
    body: changeBody(sample),
  });
  return server.journal.entries.at(-1)?.verdict ?? expect.fail('nothing in the journal');
};

const refused = () => verdictOf({}, (body) => `${body} `);
const scripted = () => verdictOf({ 'x-mock-result': 'INVALID_SIGNATURE' }, (body) => body);

test('bad signatures in masses have to wait for their refusals; the first fifty in a second do not', async () => {
  let now = 0;
  const tarpit = createTarpit(() => now);
  const verdict = await refused();
  expect(verdict).toMatchObject({ code: 'INVALID_SIGNATURE', step: 'verify-signature' });
  expect(Array.from({ length: 60 }, () => tarpit(verdict, 'A'))).toEqual([
    ...Array(50).fill(0),
    ...Array(10).fill(200),
  ]);
  now = 1000;
  expect(tarpit(verdict, 'A')).toBe(0);
});

test('the flood of one client does not delay what another is told', async () => {
  const tarpit = createTarpit(() => 0);
  const verdict = await refused();
  expect(Array.from({ length: 500 }, () => tarpit(verdict, 'FLOOD')).at(-1)).toBe(200);
  expect(Array.from({ length: 51 }, () => tarpit(verdict, 'OTHER'))).toEqual([
    ...Array(50).fill(0),
    200,
  ]);
});

test('a scenario that answers with the same code is not slowed down, and does not use up what others have free', async () => {
  const tarpit = createTarpit(() => 0);
  const [answered, bad] = [await scripted(), await refused()];
  expect(answered).toMatchObject({ code: 'INVALID_SIGNATURE', step: 'decide' });
  expect(Array.from({ length: 60 }, () => tarpit(answered, 'A'))).toEqual(Array(60).fill(0));
  expect(Array.from({ length: 50 }, () => tarpit(bad, 'A'))).toEqual(Array(50).fill(0));
});

test('the gateway holds the answer of the fifty-first bad signature of a second back', async () => {
  // All in one second of the steady clock, however slow this machine is.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 10_000);
  try {
    const at = await startServer();
    const operation = at.contract.operations.get('syncOrder') ?? expect.fail('no syncOrder');
    const request = signRequest(demoMerchant(), operation.path, Buffer.from('{}'), {});
    const refuse = () =>
      rawCall(at.url, { target: request.target, headers: request.headers, body: '{ }' });
    for (let count = 0; count < 50; count++) await refuse();
    const began = Date.now();
    expect((await refuse()).json).toMatchObject({ result: { resultCode: 'INVALID_SIGNATURE' } });
    // Timers may fire a millisecond early.
    expect(Date.now() - began).toBeGreaterThanOrEqual(198);
    await at.close();
  } finally {
    clock.mockRestore();
  }
});
