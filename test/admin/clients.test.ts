import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { ClientRegistry } from '../../server/clients/client-registry.ts';
import { demoClient, demoMerchant, startServer } from '../start-server.ts';
import { adminCaller } from './admin-caller.ts';

let server: MockServer;
let call: ReturnType<typeof adminCaller>['call'];
beforeAll(async () => {
  server = await startServer();
  ({ call } = adminCaller(server));
});
afterAll(() => server.close());
beforeEach(() => server.resets.everything());

describe('a Client-Id', () => {
  test.each([
    '..',
    '.',
    '.hidden',
    '-x',
    'a/b',
    'a\\b',
    'a b',
    '',
    'ä',
    'a%2e',
    '__proto__',
    'constructor',
    'x'.repeat(65),
    'a\n',
  ])('%j is refused when a client is made, and in an imported document', async (clientId) => {
    const made = await call('createClient', { body: { clientId } });
    expect([400, 409]).toContain(made.status);
    const worlds = [{ clientId, collections: { orders: {} } }];
    const imported = await call('importState', {
      body: { format: 'alipayhk-mock/state/v1', worlds },
    });
    expect(imported.status).toBe(400);
    expect(server.clients.has(clientId)).toBe(false);
  });

  test('may hold dots inside', async () => {
    expect((await call('createClient', { body: { clientId: 'a..b' } })).status).toBe(201);
    expect((await call('showClient', { path: { clientId: 'a..b' } })).status).toBe(200);
  });
});

describe('a key that is weak or damaged is refused, whichever way it comes', () => {
  const rsa = (bits: number, publicExponent = 65_537): KeyObject =>
    generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).publicKey;
  const altered = (change: (parts: { n: Buffer; e: Buffer }) => void): KeyObject => {
    const { n = '', e = '' } = rsa(2048).export({ format: 'jwk' });
    const parts = { n: Buffer.from(n, 'base64url'), e: Buffer.from(e, 'base64url') };
    change(parts);
    const key = { kty: 'RSA', n: parts.n.toString('base64url'), e: parts.e.toString('base64url') };
    return createPublicKey({ key, format: 'jwk' });
  };
  const rows: readonly (readonly [name: string, key: () => KeyObject, said: RegExp])[] = [
    ['512 bits', () => rsa(512), /RSA key of 512 bits/],
    ['1024 bits', () => rsa(1024), /RSA key of 1024 bits/],
    ['e = 1', () => altered((parts) => (parts.e = Buffer.of(1))), /the RSA exponent 1,/],
    ['e = 2', () => altered((parts) => (parts.e = Buffer.of(2))), /the RSA exponent 2,/],
    [
      'e of 80 bits',
      () => altered((parts) => (parts.e = Buffer.alloc(10, 0xff))),
      /the RSA exponent \d+,/,
    ],
    [
      'an even modulus',
      () => altered(({ n }) => n.writeUInt8((n.at(-1) ?? 0) & 0xfe, n.length - 1)),
      /modulus with a small factor/,
    ],
    [
      "the platform's own",
      () => demoMerchant().platform.find('RSA')?.publicKey as KeyObject,
      /is the platform’s own key/,
    ],
    [
      "the platform's own, EC",
      () => demoMerchant().platform.find('EC')?.publicKey as KeyObject,
      /is the platform’s own key/,
    ],
    [
      'another curve',
      () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
      /is a key of type ec/,
    ],
  ];
  test.each(rows)('%s', async (_name, keyOf, said) => {
    const publicKey = keyOf().export({ type: 'spki', format: 'pem' }).toString();
    const created = await call('createClient', { body: { publicKey } });
    expect([created.status, created.json.error]).toEqual([409, expect.stringMatching(said)]);
    const rotated = await call('rotateKeys', {
      path: { clientId: demoClient },
      body: { publicKey },
    });
    expect([rotated.status, rotated.json.error]).toEqual([422, expect.stringMatching(said)]);
  });

  test('a short one is accepted where weak keys are', async () => {
    const lenient = await startServer({ lenient: ['weakKeys'] });
    const publicKey = rsa(1024).export({ type: 'spki', format: 'pem' }).toString();
    expect((await adminCaller(lenient).call('createClient', { body: { publicKey } })).status).toBe(
      201,
    );
    await lenient.close();
  });
});

test('a client of the key folder cannot be dropped, and keeps everything it has', async () => {
  const path = { clientId: demoClient };
  await call('moveClientClock', { path, body: { freeze: 1_800_000_000_000 } });
  await call('queueOneShot', {
    path,
    body: { when: { operation: 'syncOrder' }, then: { result: 'PARAM_ILLEGAL' } },
  });
  await call('rotateKeys', { path, body: {} });
  const before = (await call('showClient', { path })).json;
  expect((await call('dropClient', { path })).status).toBe(404);
  expect((await call('showClient', { path })).json).toEqual(before);
  expect(before).toMatchObject({ oneShots: 1, clock: { now: 1_800_000_000_000, rate: 0 } });
  expect(before.keys.length).toBeGreaterThan(2);
});

test('looking at clients brings nothing into being', async () => {
  const { keyring } = demoMerchant();
  const book = new ClientRegistry(() => new Map([['A', keyring as never]]), server.clock);
  book.view('A');
  expect(book.existingControls('A')).toBeUndefined();
  expect(book.view('A')).toMatchObject({ clock: { rate: 1 }, oneShots: [], scenarios: [] });
  book.controls('A').clock.freeze(5);
  expect(book.view('A').clock).toEqual({ now: 5, rate: 0 });
});

describe('a retired key stays retired', () => {
  const statesOf = async (clientId: string): Promise<Record<string, string>> => {
    const { keys } = (await call('listKeys', { path: { clientId } })).json as {
      keys: { algorithm: string; version: number; state: string }[];
    };
    return Object.fromEntries(
      keys.map(({ algorithm, version, state }) => [`${algorithm} ${version}`, state]),
    );
  };

  test.each([undefined, 0, 60_000])(
    'when a version is added after it with an overlap of %s ms',
    async (overlapMs) => {
      await call('createClient', { body: { clientId: 'ROTATES' } });
      const path = { clientId: 'ROTATES' };
      await call('rotateKeys', { path, body: {} });
      await call('retireKey', { path: { ...path, algorithm: 'RSA256', version: 1 } });
      await call('rotateKeys', { path, body: overlapMs === undefined ? {} : { overlapMs } });
      expect(await statesOf('ROTATES')).toMatchObject({
        'RSA256 1': 'retired',
        'RSA256 3': 'active',
      });
      await call('rotateKeys', { path, body: { overlapMs: 3_600_000 } });
      expect(await statesOf('ROTATES')).toMatchObject({
        'RSA256 1': 'retired',
        'RSA256 4': 'active',
      });
    },
  );
});
