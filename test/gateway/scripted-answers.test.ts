import { Agent } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkResponse, type MerchantIdentity, signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { Keyring } from '../../server/protocol/keys/keyring.ts';
import { type RawAnswer, rawCall } from '../raw-call.ts';
import { demoMerchant, startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  // Unlisted codes break the contract on purpose.
  server = await startServer({ validateAnswers: false });
});
afterAll(() => server.close());
beforeEach(() => server.resets.everything());

const operation = () =>
  server.contract.operations.get('syncOrder') ?? expect.fail('no such operation');

let orders = 0;
const sendOrder = async (
  merchant: MerchantIdentity,
  { agent, seal = false }: { readonly agent?: Agent; readonly seal?: boolean } = {},
): Promise<RawAnswer & { readonly checked: ReturnType<typeof checkResponse> }> => {
  const fields = { merchantBizNo: `LAYOUT${++orders}` };
  const body = composeSample(operation(), { fields, time: Date.now() });
  const request = signRequest(merchant, operation().path, Buffer.from(JSON.stringify(body)), {
    seal,
  });
  const answer = await rawCall(server.url, {
    target: request.target,
    headers: request.headers,
    body: request.body,
    ...(agent && { agent }),
  });
  const checked = checkResponse({ target: request.target, ...answer }, merchant, {});
  return { ...answer, checked };
};

const queue = async (clientId: string, then: unknown, when: object = {}): Promise<void> =>
  expect(
    await server.clients.queue(clientId, { when: { operation: 'syncOrder', ...when }, then }),
  ).toEqual([]);

describe('an unlisted result', () => {
  test.each(['S', 'F', 'U'])('has any code with the status %s', async (status) => {
    const merchant = demoMerchant();
    await queue(merchant.clientId, { result: 'SOMETHING_NEW', status, unlisted: true });
    const { checked } = await sendOrder(merchant);
    expect(checked).toMatchObject({
      signature: 'verified',
      json: { result: { resultCode: 'SOMETHING_NEW', resultStatus: status } },
    });
  });

  test('may pair a known code with another status, and keeps the table’s text', async () => {
    const merchant = demoMerchant();
    await queue(merchant.clientId, { result: 'SUCCESS', status: 'U', unlisted: true });
    const { json } = await sendOrder(merchant);
    expect(json['result']).toEqual({
      resultCode: 'SUCCESS',
      resultStatus: 'U',
      resultMessage: operation().results.get('SUCCESS')?.message,
    });
  });

  test.each([
    ['without its status', { result: 'NEW' }, 'NEW is in no table, so its status is not known'],
    ['that is no code', { result: 'a b', status: 'S' }, 'a result code has 1 to 64 letters'],
    ['without a result', { signed: true }, 'unlisted overrides a result, but none is given'],
  ])('%s is refused', async (_name, then, message) => {
    const [problem] = await server.clients.queue(demoMerchant().clientId, {
      when: { operation: 'syncOrder' },
      then: { ...then, unlisted: true },
    });
    expect(problem?.message).toContain(message);
  });
});

describe('a layout', () => {
  test('changes order, spaces and members of the body, which still verifies', async () => {
    const merchant = demoMerchant();
    const layout = { members: 'reversed', spaces: true, addToResult: { traceNote: '測試 ✓' } };
    await queue(merchant.clientId, { layout, message: '成功', result: 'SUCCESS' });
    const { checked, body } = await sendOrder(merchant);
    const text = body.toString('utf8');
    expect(checked.signature).toBe('verified');
    expect(text).toContain('{\n  "orderStatus"');
    expect(text.indexOf('traceNote')).toBeLessThan(text.indexOf('resultMessage'));
    expect(text.indexOf('resultStatus')).toBeLessThan(text.indexOf('resultCode'));
    expect(JSON.parse(text).result).toMatchObject({
      resultMessage: '成功',
      traceNote: '測試 ✓',
    });
  });

  test('sorts members, and applies inside an encrypted body', async () => {
    const merchant = demoMerchant();
    await queue(merchant.clientId, { layout: { members: 'sorted' } });
    const { checked, headers } = await sendOrder(merchant, { seal: true });
    expect(checked.signature).toBe('verified');
    const { result } = checked.json as { readonly result: object };
    expect(Object.keys(result)).toEqual(['resultCode', 'resultMessage', 'resultStatus']);
    expect(headers['encrypt']).toContain('RSA_AES');
  });

  test.each([
    ['capitalized', 'Response-Time'],
    ['upper', 'RESPONSE-TIME'],
  ])('spells header names %s and turns the pairs round', async (headerNames, time) => {
    const merchant = demoMerchant();
    await queue(merchant.clientId, { layout: { headerNames, headerPairs: 'reversed' } });
    const { checked, rawHeaders, headers } = await sendOrder(merchant);
    expect(checked.signature).toBe('verified');
    expect(rawHeaders).toContain(time);
    expect(headers['signature']).toMatch(/^signature=.*,keyVersion=1,algorithm=RSA256$/);
  });

  test('of the headers is refused next to a fault that writes the head itself', async () => {
    const [problem] = await server.clients.queue(demoMerchant().clientId, {
      when: { operation: 'syncOrder' },
      then: { fault: 'duplicate-headers', layout: { headerNames: 'upper' } },
    });
    expect(problem?.message).toBe(
      'headerNames contradicts the fault duplicate-headers, which writes the head itself',
    );
  });
});

test('a rule for reused connections lets the first request of a connection pass', async () => {
  const merchant = demoMerchant();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const busy = { result: 'REQUEST_TRAFFIC_EXCEED_LIMIT' };
  try {
    await queue(merchant.clientId, busy, { connection: 'reused' });
    const codes = [];
    for (let call = 0; call < 3; call++)
      codes.push((await sendOrder(merchant, { agent })).json['result']?.['resultCode']);
    expect(codes).toEqual(['SUCCESS', 'REQUEST_TRAFFIC_EXCEED_LIMIT', 'SUCCESS']);
    await queue(merchant.clientId, busy, { connection: 'first' });
    expect((await sendOrder(merchant, { agent })).json['result']?.['resultCode']).toBe('SUCCESS');
  } finally {
    agent.destroy();
  }
});

describe('a client with platform keys of its own', () => {
  const create = async (versions: readonly number[]): Promise<MerchantIdentity> => {
    const created = await server.clients.create({ platformKeyVersions: versions });
    if ('problem' in created) return expect.fail(created.problem.message);
    const { clientId, keyring, platform } = created;
    return { clientId, keyring, platform: platform ?? new Keyring([]) };
  };

  test('is answered with the newest, or with the version that a rule names', async () => {
    const merchant = await create([1, 2]);
    await queue(merchant.clientId, { keyVersion: 1 });
    const [named, newest] = [await sendOrder(merchant), await sendOrder(merchant)];
    expect([named, newest].map(({ checked }) => checked.signature)).toEqual([
      'verified',
      'verified',
    ]);
    expect([named, newest].map(({ headers }) => headers['signature']?.split(',')[1])).toEqual([
      'keyVersion=1',
      'keyVersion=2',
    ]);
  });

  test('has its encrypted requests opened with them, and others keep theirs', async () => {
    const [merchant, other] = [await create([3]), demoMerchant()];
    const [own, shared] = [
      await sendOrder(merchant, { seal: true }),
      await sendOrder(other, { seal: true }),
    ];
    expect([own.checked.signature, shared.checked.signature]).toEqual(['verified', 'verified']);
    const digests = server.journal.entries.map(({ symmetricKeyDigest }) => symmetricKeyDigest);
    expect(digests).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(new Set(digests).size).toBe(2);
    expect(server.journal.entries.map(({ keyVersions }) => keyVersions.opened)).toEqual([3, 1]);
  });
});
