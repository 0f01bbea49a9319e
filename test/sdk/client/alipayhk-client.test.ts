import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  AlipayHKClient,
  type AlipayHKClientOptions,
  type Attempt,
} from '../../../sdk/client/alipayhk-client.ts';
import { defaultRetry, pauseAfter, type RequestOf } from '../../../sdk/client/calls.ts';
import {
  OperationFailedError,
  SetupError,
  UnknownOutcomeError,
} from '../../../sdk/client/client-errors.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { merchantAt } from '../../merchant.ts';
import { readWorld } from '../../read-world.ts';
import { demoClient, demoMerchant, startServer } from '../../start-server.ts';

let server: MockServer;
const attempts: Attempt[] = [];
const slept: number[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => {
  attempts.length = 0;
  slept.length = 0;
  server.clients.activate(demoClient, []);
});

const pem = (family: 'RSA' | 'EC', half: 'privateKey' | 'publicKey'): string => {
  const { keyring, platform } = demoMerchant();
  const key =
    half === 'privateKey' ? keyring.find(family)?.privateKey : platform.find(family)?.publicKey;
  return String(key?.export({ type: half === 'privateKey' ? 'pkcs8' : 'spki', format: 'pem' }));
};

const clientWith = (options: Partial<AlipayHKClientOptions> = {}): AlipayHKClient =>
  new AlipayHKClient({
    baseUrl: server.url,
    clientId: demoClient,
    privateKey: pem('RSA', 'privateKey'),
    platformKey: pem('RSA', 'publicKey'),
    onAttempt: (attempt) => attempts.push(attempt),
    sleep: async (milliseconds) => slept.push(milliseconds),
    ...options,
  });

let orders = 0;
const order = (): RequestOf<'syncOrder'> => ({
  merchantBizNo: `CLIENT-${++orders}`,
  orderStatus: 'TICKETED',
  openId: '2160120074526881',
  merchantBizType: 'MOVIE_TICKET',
  orderCreateTime: 1_747_893_741_000,
  orderModifyTime: Date.now(),
  amount: { value: '22000', currency: 'HKD' },
  extInfo: {},
});

const caught = async <E extends Error>(
  type: abstract new (...parts: never[]) => E,
  call: Promise<unknown>,
): Promise<E> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof type)) throw new Error(`expected ${type.name}, got ${String(error)}`);
  return error;
};

describe('the five calls', () => {
  const ways: [string, () => Partial<AlipayHKClientOptions>][] = [
    ['plain', () => ({})],
    ['sealed', () => ({ seal: true })],
    [
      'ECC224',
      () => ({
        algorithm: 'ECC224',
        privateKey: pem('EC', 'privateKey'),
        platformKey: pem('EC', 'publicKey'),
      }),
    ],
  ];
  test.each(ways)('%s: signed, verified, typed', async (_name, options) => {
    const client = clientWith(options());
    const samples = merchantAt(server);
    const account = samples.sample(
      'syncAdditionalInfo',
    ) as unknown as RequestOf<'syncAdditionalInfo'>;
    const linkage = samples.sample(
      'syncAccountLinkage',
    ) as unknown as RequestOf<'syncAccountLinkage'>;
    const payment = samples.sample('syncPaymentInfo') as unknown as RequestOf<'syncPaymentInfo'>;
    const card = samples.sample(
      'updateMembershipCard',
    ) as unknown as RequestOf<'updateMembershipCard'>;
    expect((await client.syncAdditionalInfo(account)).result.resultCode).toBe('SUCCESS');
    expect((await client.syncAccountLinkage(linkage)).result.resultCode).toBe('SUCCESS');
    expect((await client.syncPaymentInfo(payment)).result.resultCode).toBe('SUCCESS');
    expect((await client.updateMembershipCard(card)).resultInfo.resultCode).toBe('SUCCESS');
    expect(await client.syncOrder(order())).toMatchObject({
      result: { resultStatus: 'S' },
      orderStatus: 'TICKETED',
    });
    const sealed = 'seal' in options();
    expect(
      attempts.map(({ response: answer }) => answer?.headers['encrypt'] !== undefined),
    ).toEqual(attempts.map(() => sealed));
  });

  test('a requestId is made up, of at most 32 characters, or kept', async () => {
    const client = clientWith();
    const made = await client.call('syncOrder', order());
    expect(made.requestId).toMatch(/^[0-9a-f]{32}$/);
    const kept = await client.call('syncOrder', { ...order(), requestId: 'MINE' });
    expect(kept).toMatchObject({
      requestId: 'MINE',
      attempts: 1,
      tracerId: expect.stringMatching(/./),
    });
    expect(
      (await client.call('syncOrder', { ...order(), requestId: undefined } as never)).requestId,
    ).toMatch(/^[0-9a-f]{32}$/);
  });

  test('a path in the address goes in front of every operation, and is signed', async () => {
    const prefixed = await startServer({ basePath: '/gateway' });
    await clientWith({ baseUrl: `${prefixed.url}/gateway/` }).syncOrder(order());
    await prefixed.close();
  });
});

describe('an outcome that is unknown', () => {
  test('U is sent again, the same bytes under the same requestId, with pauses of 2 s, until it is settled', async () => {
    server.clients.activate(demoClient, ['order-fails-twice-then-succeeds']);
    const told = await clientWith().call('syncOrder', order());
    expect(told.attempts).toBe(3);
    expect(new Set(attempts.map(({ request }) => request.body.toString())).size).toBe(1);
    expect(
      attempts.map(({ outcome }) => ('settled' in outcome ? outcome.settled : outcome.unsettled)),
    ).toEqual(['result-u', 'result-u', 'S']);
    expect(slept).toHaveLength(2);
    expect(Math.min(...slept)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...slept)).toBeLessThanOrEqual(2500);
  });

  test('a lost answer is not a lost order: sent again, done once', async () => {
    server.clients.activate(demoClient, ['net-reset']);
    const one = order();
    const told = await clientWith().call('syncOrder', one);
    expect(told.attempts).toBe(2);
    expect(attempts[0]?.outcome).toMatchObject({ unsettled: 'no-response' });
    expect(
      (await readWorld(server.store, demoClient)).orders.get(JSON.stringify([one.merchantBizNo]))
        ?.updates,
    ).toBe(1);
  });

  test('ends in UnknownOutcomeError, and its body can be sent again later', async () => {
    server.clients.activate(demoClient, ['order-unknown-exception']);
    await server.clients.queue(demoClient, {
      times: 4,
      when: { operation: 'syncOrder' },
      then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
    });
    const error = await caught(UnknownOutcomeError, clientWith().call('syncOrder', order()));
    expect(error).toMatchObject({
      operation: 'syncOrder',
      attempts: 4,
      reason: 'result-u',
      requestId: expect.any(String),
    });
    expect(error.history).toHaveLength(4);
    expect(error.message).toContain('UNKNOWN_EXCEPTION');
    server.clients.activate(demoClient, []);
    expect((await clientWith().resend('syncOrder', error.body)).requestId).toBe(error.requestId);
  });

  test.each([
    ['sig-unsigned', 'unsigned'],
    ['sig-signature-without-time', 'signature-does-not-verify'],
    ['sig-time-without-signature', 'signature-does-not-verify'],
    ['sig-tampered-body', 'signature-does-not-verify'],
    ['sig-tampered-signature', 'signature-does-not-verify'],
    ['sig-wrong-key', 'signature-does-not-verify'],
    ['sig-unknown-version', 'signature-does-not-verify'],
    ['sig-foreign-client-id', 'signature-does-not-verify'],
    ['sig-raw-signature', 'signature-does-not-verify'],
    ['sig-stale-time', 'time-not-credible'],
    ['sig-future-time', 'time-not-credible'],
    ['net-duplicate-headers', 'signature-does-not-verify'],
    ['net-gateway-html', 'unsigned'],
    ['net-empty-200', 'unsigned'],
    ['net-huge-body', 'no-response'],
    ['net-cut-body', 'no-response'],
    ['net-close', 'no-response'],
  ])('%s: %s, whatever it says, S too; then the truth', async (scenario, why) => {
    server.clients.activate(demoClient, [scenario]);
    const told = await clientWith().call('syncOrder', order());
    const faulty = attempts.slice(0, -1);
    expect(faulty.length).toBeGreaterThan(0);
    expect(
      faulty.map(({ outcome }) => ('unsettled' in outcome ? outcome.unsettled : outcome.settled)),
    ).toEqual(faulty.map(() => why));
    expect(told.response.result.resultStatus).toBe('S');
  });

  test('sealed and answered in the clear: the S is not accepted, a signed F is', async () => {
    server.clients.activate(demoClient, ['enc-unsealed']);
    const client = clientWith({ seal: true });
    const { body } = await caught(
      OperationFailedError,
      client.call('syncOrder', { ...order(), requestId: 'CLEAR' }),
    ).then(() => ({
      body: Buffer.from(attempts[0]?.request.body ?? ''),
    }));
    expect(body.length).toBeGreaterThan(0);
    expect(
      attempts.map(({ outcome }) => ('settled' in outcome ? outcome.settled : outcome.unsettled)),
    ).toEqual(['result-u', 'F']);
    server.clients.activate(demoClient, ['enc-wrong-seal-key']);
    attempts.length = 0;
    await client.call('syncOrder', order());
    expect(
      attempts.slice(0, 3).map(({ outcome }) => 'unsettled' in outcome && outcome.unsettled),
    ).toEqual(['unreadable', 'unreadable', 'unreadable']);
  });

  test('an answer that takes too long is no answer', async () => {
    server.clients.activate(demoClient, ['net-hang']);
    const error = await caught(
      UnknownOutcomeError,
      clientWith({ timeoutMs: 100, retry: false }).call('syncOrder', order()),
    );
    expect(error.reason).toBe('no-response');
  });

  test('what was signed for one address is not carried to another', async () => {
    const elsewhere = createServer((_req, res) =>
      res.writeHead(307, { location: `${server.url}/anywhere` }).end(),
    );
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const error = await caught(
      UnknownOutcomeError,
      clientWith({ baseUrl, retry: false }).call('syncOrder', order()),
    );
    expect(error.message).toContain('HTTP 307 without a signature');
    elsewhere.close();
  });
});

test('a signed F is final: OperationFailedError after one attempt, with code and answer', async () => {
  const error = await caught(
    OperationFailedError,
    clientWith().syncOrder({ ...order(), orderStatus: 'NO_SUCH' }),
  );
  expect(error).toMatchObject({
    attempts: 1,
    result: { resultCode: 'ORDER_STATUS_INVALID', resultStatus: 'F' },
  });
  expect(slept).toEqual([]);
});

test('a refusal from before the signature check is unsigned, so it proves nothing; its claim is told', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const error = await caught(
    UnknownOutcomeError,
    clientWith({ privateKey, retry: { pausesMs: [1] } }).call('syncOrder', order()),
  );
  expect(error).toMatchObject({ attempts: 2, reason: 'unsigned' });
  expect(error.message).toContain('F INVALID_SIGNATURE');
  expect(error.history[0]?.claim).toMatchObject({ resultCode: 'INVALID_SIGNATURE' });
});

test('an aborted call ends at once, while waiting too', async () => {
  server.clients.activate(demoClient, ['order-fails-twice-then-succeeds']);
  const control = new AbortController();
  const impatient = clientWith({
    sleep: async () => {
      control.abort(new Error('enough'));
    },
  });
  await expect(impatient.call('syncOrder', order(), { signal: control.signal })).rejects.toThrow(
    'enough',
  );
  expect(attempts).toHaveLength(1);
});

test('a client that cannot work says so before anything is sent', () => {
  const wrong: [Partial<AlipayHKClientOptions>, RegExp][] = [
    [{ baseUrl: 'alipay' }, /baseUrl "alipay" is not an address/],
    [{ clientId: '' }, /clientId is empty/],
    [{ privateKey: 'rubbish' }, /privateKey holds no RSA or secp224r1 key that can be read/],
    [{ privateKey: pem('RSA', 'publicKey') }, /privateKey is a public key/],
    [{ platformKey: pem('RSA', 'privateKey') }, /platformKey is a private key/],
    [{ platformKey: [] }, /platformKey holds no key/],
    [{ algorithm: 'ECC224' }, /privateKey has no key for ECC224/],
  ];
  for (const [options, message] of wrong) {
    expect(() => clientWith(options)).toThrow(SetupError);
    expect(() => clientWith(options)).toThrow(message);
  }
});

test('keys are taken as SDK users hold them: bare base64, DER, several versions', async () => {
  const bare = (text: string) => text.replace(/-----[^-]+-----|\s/g, '');
  await clientWith({
    privateKey: bare(pem('RSA', 'privateKey')),
    platformKey: bare(pem('RSA', 'publicKey')),
  }).syncOrder(order());
  const der = Buffer.from(bare(pem('RSA', 'publicKey')), 'base64');
  await clientWith({
    platformKey: [
      { version: 1, key: der },
      { version: 2, key: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey },
    ],
  }).syncOrder(order());
});

test('pauses follow the documented plan, are spread, end, and shrink by the factor', () => {
  const pauses = (factor: number, random: number) =>
    [1, 2, 3, 4, 5, 6].map((attempt) => pauseAfter(attempt, { ...defaultRetry, factor }, random));
  expect(pauses(1, 0)).toEqual([2000, 2000, 2000, 600_000, 1_800_000, undefined]);
  expect(pauses(1, 1)).toEqual([2500, 2500, 2500, 750_000, 2_250_000, undefined]);
  expect(pauses(0.05, 0)).toEqual([100, 100, 100, 30_000, 90_000, undefined]);
});
