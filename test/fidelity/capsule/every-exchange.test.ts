import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockServer, startPlayback } from '../../../server/app/create-server.ts';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import { headerValue } from '../../../server/fidelity/capsule/capsule-exchange.ts';
import {
  type Capsule,
  readCapsule,
  sealCapsule,
  writeCapsule,
} from '../../../server/fidelity/capsule/capsule-file.ts';
import {
  type CapsuleSource,
  type ExportCapsuleOptions,
  exportCapsule,
  minimizeCapsule,
} from '../../../server/fidelity/capsule/export-capsule.ts';
import { replayCapsule } from '../../../server/fidelity/capsule/replay-capsule.ts';
import { diagnosePending } from '../../../server/journal/diagnosis-queue.ts';
import type { JournalEntry } from '../../../server/journal/journal-entry.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { merchantAt } from '../../merchant.ts';
import { demoClient, startServer } from '../../start-server.ts';
import { privateKeyTexts } from '../secret-texts.ts';

const token = 'T0KEN-that-must-not-travel';
const overrides: Partial<Settings> = {
  'ordering.stale': 'refuse',
  clients: { [demoClient]: { agentToken: token } },
};
let server: MockServer;

beforeAll(async () => {
  server = await startServer({ 'ordering.stale': 'refuse' });
});
afterAll(() => server.close(0));

const source = (settings: Partial<Settings> = {}): CapsuleSource => ({
  version: '0.0.0',
  settings: settingsWith({ 'ordering.stale': 'refuse', ...settings }),
  contract: server.contract,
  scenarios: server.scenarios.known,
  packageScenarios: join(packageRoot, 'scenarios'),
  isTestClient: (id) => id === demoClient,
  start: startPlayback,
});

/** What a run adds to the journal, diagnosed. */
const record = async (run: () => Promise<unknown>, at = server): Promise<JournalEntry[]> => {
  const since = at.journal.newest;
  await run();
  const entries = at.journal.entries.filter(({ number }) => number > since);
  await diagnosePending(entries);
  return entries;
};

const pack = async (
  entries: readonly JournalEntry[],
  options: ExportCapsuleOptions = { keepData: true, open: true },
): Promise<Capsule> => exportCapsule(entries, source(), options);

const replay = async (capsule: Capsule) => {
  const read = readCapsule(Buffer.from(writeCapsule(capsule)), 'a.capsule.json');
  expect(read.isIntact).toBe(true);
  return replayCapsule(read, { start: startPlayback });
};

const allSame = (capsule: Capsule) =>
  capsule.exchanges.map(({ number, operation }) =>
    expect.objectContaining({ number, operation, result: 'same' }),
  );

test.each([
  ['plain', {}],
  ['encrypted', { seal: true }],
  ['ECC224', { algorithm: 'ECC224' as const }],
])('every example, %s, replays byte for byte from one file', async (_name, how) => {
  const merchant = merchantAt(server);
  const entries = await record(async () => {
    for (const { id, examples } of server.contract.operations.values())
      for (const example of examples.keys()) await merchant.call(id, {}, example, how);
  });
  expect(entries.length).toBeGreaterThan(20);
  const capsule = await pack(entries);
  expect(await replay(capsule)).toEqual(allSame(capsule));
});

const maxExchangeBytes = 4096;

test.each([
  ['plain', {}],
  ['encrypted', { seal: true }],
  ['ECC224', { algorithm: 'ECC224' as const }],
])(
  'every example, %s, is at most 4 kB alone',
  async (_name, how) => {
    const merchant = merchantAt(server);
    for (const { id, examples } of server.contract.operations.values())
      for (const example of examples.keys()) {
        await server.resets.state();
        const entries = await record(() => merchant.call(id, {}, example, how));
        for (const options of [{}, { keepData: true, open: true }, { keepData: true }]) {
          const capsule = await pack(entries, options);
          const [{ before: _found, ...exchange } = {}] = capsule.exchanges;
          // Settings, public keys and what a record holds are not part of it.
          expect(JSON.stringify(exchange).length, id).toBeLessThanOrEqual(maxExchangeBytes);
          if (capsule.redaction.level === 'pseudonyms')
            expect(Buffer.byteLength(writeCapsule(capsule)), id).toBeLessThanOrEqual(
              maxExchangeBytes,
            );
        }
      }
  },
  120_000,
);

test('headers that look like shortened ones replay as they were sent', async () => {
  const entries = await record(async () => {
    for (const signature of ['~', '~~', '~abc', '~~abc', 'algorithm=RSA256,signature=~abc'])
      await fetch(`${server.url}/api/open/alipay/v1/merchant/order/sync`, {
        method: 'POST',
        headers: { 'client-id': '~', 'request-time': new Date().toISOString(), signature },
        body: '{}',
      });
  });
  for (const options of [{}, { keepData: true }]) {
    const capsule = await pack(entries, options);
    expect(await replay(capsule)).toEqual(allSame(capsule));
  }
  const { capsule } = readCapsule(Buffer.from(writeCapsule(await pack(entries))), 'a');
  const sent = capsule.exchanges.map(({ request }) => headerValue(request.headers, 'signature'));
  expect(sent.at(-1)).toBe('algorithm=RSA256,signature=~abc');
});

test('a flipped byte of what an encrypted exchange follows from is reported', async () => {
  const entries = await record(() =>
    merchantAt(server).call('syncOrder', {}, undefined, { seal: true }),
  );
  const { integrity: _, ...capsule } = await pack(entries);
  const [exchange] = capsule.exchanges;
  if (exchange === undefined) throw new Error('no exchange');
  const { random, reply, request, opening } = exchange;
  expect([request.encrypted, reply?.encrypted]).toEqual([true, true]);
  expect(request.json).toMatchObject({ orderStatus: expect.any(String) });
  const flip = (text: string | undefined, at: number): string => {
    const bytes = Buffer.from(text ?? '', 'base64');
    // A padding byte of 0 counts as 1.
    bytes[at] = (bytes[at] ?? 0) ^ 2;
    return bytes.toString('base64');
  };
  const digest = reply?.headers?.map(([name, value]): [string, string] => [
    name,
    value.replace(/sha256-./, 'sha256-x'),
  ]);
  const flips: readonly (readonly [Partial<typeof exchange>, object])[] = [
    [{ random: { ...random, bytes: flip(random?.bytes, 0) } }, { part: 'head' }],
    [{ random: { ...random, bytes: flip(random?.bytes, 40) } }, { part: 'head' }],
    [{ reply: { ...reply, headers: digest } }, { part: 'head', offset: expect.any(Number) }],
    [{ reply: { ...reply, json: { other: 1 } } }, { offset: expect.any(Number) }],
    [{ opening: { key: flip(opening?.key, 3) } }, { part: expect.any(String) }],
    [{ request: { ...request, json: {} } }, { part: expect.any(String) }],
  ];
  for (const [changed, difference] of flips)
    expect(
      await replay(sealCapsule({ ...capsule, exchanges: [{ ...exchange, ...changed }] })),
    ).toMatchObject([{ result: 'differs', difference }]);
});

test('an exchange in the middle of a story replays alone, and so does any subset', async () => {
  const merchant = merchantAt(server);
  const order = { merchantBizNo: 'SUBSET-1', orderModifyTime: 1_800_000_000_000 };
  const body = merchant.sample('syncOrder', order);
  const entries = await record(async () => {
    await merchant.send('syncOrder', body);
    await merchant.send('syncOrder', body);
    await merchant.call('syncOrder', { ...order, orderModifyTime: 1_700_000_000_000 });
    await merchant.call('syncOrder', { ...order, orderModifyTime: 1_900_000_000_000 });
  });
  expect(entries.flatMap(({ tags }) => tags)).toEqual(['duplicate', 'stale']);
  for (const subset of [[1], [2], [3], [0, 3], [1, 2]]) {
    const chosen = subset.flatMap((at) => entries[at] ?? []);
    for (const options of [{ keepData: true }, {}]) {
      const capsule = await pack(chosen, options);
      expect(await replay(capsule)).toEqual(allSame(capsule));
    }
  }
});

test('a minimal capsule has what its last exchange depends on, and nothing else', async () => {
  const merchant = merchantAt(server);
  const order = { merchantBizNo: 'MINIMAL-1', orderModifyTime: 1_800_000_000_000 };
  const body = merchant.sample('syncOrder', order);
  const entries = await record(async () => {
    await merchant.call('syncOrder', { merchantBizNo: 'MINIMAL-2' });
    await merchant.send('syncOrder', body);
    await merchant.call('syncPaymentInfo');
    await merchant.send('syncOrder', body);
  });
  for (const options of [{ keepData: true }, {}]) {
    const capsule = await minimizeCapsule(await pack(entries, options), startPlayback);
    expect(capsule.exchanges.map(({ verdict }) => verdict.tags)).toEqual([
      undefined,
      ['duplicate'],
    ]);
    expect(await replay(capsule)).toEqual(allSame(capsule));
  }
  const [last] = (await pack(entries.slice(-1))).exchanges;
  expect(last?.before).toHaveLength(2);
});

test('queued rules, a scenario of one client and a held clock come along', async () => {
  const client = await server.clients.create({});
  if (!('keyring' in client)) throw new Error('not created');
  const merchant = merchantAt(server, { ...client, platform: server.parties.platform });
  await server.clients.queue(client.clientId, {
    when: { operation: 'syncOrder' },
    then: { result: 'UNKNOWN_EXCEPTION' },
  });
  server.clients.activate(client.clientId, ['payment-info-process-fail']);
  server.clients.controls(client.clientId).clock.freeze(1_600_000_000_000);
  const entries = await record(async () => {
    await merchant.call('syncOrder');
    await merchant.call('syncOrder');
    await merchant.call('syncPaymentInfo');
  });
  expect(entries.map(({ verdict }) => verdict.code)).toEqual([
    'UNKNOWN_EXCEPTION',
    'SUCCESS',
    'PROCESS_FAIL',
  ]);
  await server.clients.drop(client.clientId);
  const capsule = await pack(entries);
  expect(await replay(capsule)).toEqual(allSame(capsule));
  const [, , last] = entries;
  expect(await replay(await pack(last === undefined ? [] : [last]))).toMatchObject([
    { result: 'same' },
  ]);
});

test('a flipped byte is reported at its offset, in whatever part of the exchange it is', async () => {
  const entries = await record(() => merchantAt(server).call('syncOrder'));
  const text = writeCapsule(await pack(entries));
  const { integrity: _, ...capsule } = readCapsule(Buffer.from(text), 'x').capsule;
  const [exchange] = capsule.exchanges;
  if (exchange === undefined) throw new Error('no exchange');
  const { reply, request } = exchange;
  const withExchange = (changed: Partial<typeof exchange>): Capsule =>
    sealCapsule({ ...capsule, exchanges: [{ ...exchange, ...changed }] });
  const header = (name: string, from: string | RegExp, to: string) =>
    reply?.headers?.map(([one, value]): [string, string] => [
      one,
      one === name ? value.replace(from, to) : value,
    ]) ?? [];
  const body = JSON.stringify(reply?.json);
  const headLength = [
    `HTTP/1.1 200`,
    ...(reply?.headers ?? []).map((pair) => pair.join(': ')),
  ].join('\r\n').length;
  const at = body.indexOf('SUCCESS') + 6;
  const flips: readonly (readonly [Capsule, object])[] = [
    [
      withExchange({ reply: { ...reply, json: JSON.parse(body.replace('SUCCESS', 'SUCCESR')) } }),
      { part: 'body', offset: headLength + 4 + at },
    ],
    [
      withExchange({ reply: { ...reply, headers: header('tracer-id', /^./, '0') } }),
      { part: 'head' },
    ],
    [
      withExchange({ reply: { ...reply, headers: header('signature', /=(\w)/, '=0') } }),
      { part: 'head' },
    ],
    [withExchange({ reply: { ...reply, status: 201 } }), { part: 'head', offset: 11 }],
    [
      withExchange({
        request: {
          ...request,
          json: { ...(request.json as object), orderStatus: 'TICKETEX' } as never,
        },
      }),
      { part: expect.stringMatching(/head|body/) },
    ],
    [withExchange({ request: { ...request, json: {} } }), { part: expect.any(String) }],
    [
      withExchange({ verdict: { ...exchange.verdict, changes: '0'.repeat(16) } }),
      { part: 'changes' },
    ],
  ];
  for (const [changed, difference] of flips)
    expect(await replay(changed)).toMatchObject([{ result: 'differs', difference }]);
  const damaged = text.replace('"status":200', '"status":300');
  expect(readCapsule(Buffer.from(damaged), 'x').isIntact).toBe(false);
});

test('no key, no token, and no value of a merchant is in a capsule', async () => {
  const at = await startServer({ ...overrides, 'journal.plaintext': true });
  try {
    const merchant = merchantAt(at);
    const secrets = { merchantBizNo: 'Planted-Order-77', userId: '2160998877665544' };
    const entries = await record(async () => {
      const body = JSON.stringify(merchant.sample('syncOrder', secrets));
      await fetch(`${at.url}/api/open/alipay/v1/merchant/order/sync?who=Planted-Query`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'client-id': demoClient,
          'request-time': new Date().toISOString(),
          signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA',
          'agent-token': token,
          authorization: 'Bearer planted-bearer',
          cookie: 'session=planted-cookie',
          'x-request-owner': 'Planted-Owner',
        },
        body,
      });
      await merchant.call('syncOrder', secrets, undefined, { seal: true });
    }, at);
    for (const keepData of [false, true]) {
      const capsule = await exportCapsule(
        entries,
        { ...source(overrides), contract: at.contract },
        { keepData, open: true },
      );
      const text = writeCapsule(capsule);
      const forbidden = [token, 'planted-bearer', 'planted-cookie', 'PRIVATE KEY'];
      forbidden.push(...privateKeyTexts([at.parties.platform, ...at.parties.clients.values()]));
      if (!keepData) forbidden.push(...Object.values(secrets), 'Planted', '998877665544');
      for (const word of forbidden) expect(text.includes(word), word).toBe(false);
      for (const word of forbidden)
        expect(text.includes(Buffer.from(word).toString('base64').slice(0, -4)), word).toBe(false);
      expect(capsule.redaction.level).toBe(keepData ? 'none' : 'pseudonyms');
      const results = await replayCapsule(readCapsule(Buffer.from(text), 'x'), {
        start: startPlayback,
      });
      expect(results.map(({ result }) => result)).toEqual(['same', 'same']);
    }
  } finally {
    await at.close(0);
  }
});

test('equal values get equal pseudonyms, of the same length and kind', async () => {
  const merchant = merchantAt(server);
  const entries = await record(async () => {
    await merchant.call('syncOrder', { merchantBizNo: 'Ab-12-海', userId: 'U-7' });
    await merchant.call('syncOrder', { merchantBizNo: 'Ab-12-海', userId: 'U-8' });
  });
  const { exchanges } = await pack(entries, {});
  const [one, other] = exchanges.map(({ request }) => request.json as Record<string, string>);
  expect(one?.['merchantBizNo']).toMatch(/^[A-Z][a-z]-\d\d-[\u4e00-\u9fff]$/);
  expect(one?.['merchantBizNo']).not.toBe('Ab-12-海');
  expect(other?.['merchantBizNo']).toBe(one?.['merchantBizNo']);
  expect(other?.['userId']).not.toBe(one?.['userId']);
});
