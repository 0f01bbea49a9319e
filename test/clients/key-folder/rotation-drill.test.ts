import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { MerchantIdentity } from '../../../sdk/client/signed-call.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { Keyring, type Keyrings } from '../../../server/protocol/keys/keyring.ts';
import { merchantAt } from '../../merchant.ts';
import { startServer } from '../../start-server.ts';
import { readWhole, rotate, shopFolder, writeAt } from './key-folder.ts';

const until = (what: string, isSo: () => boolean): Promise<void> =>
  expect.poll(isSo, { timeout: 10_000, message: what }).toBe(true);

/**
 * SHOP, signing with the key of one version only, as its backend does before and after its own
 * switch.
 */
const shopWith = ({ clients, platform }: Keyrings, version: number): MerchantIdentity => {
  const own = (clients.get('SHOP')?.versions ?? []).filter((key) => key.version === version);
  return {
    clientId: 'SHOP',
    keyring: new Keyring(own.map((key) => ({ ...key, validity: {} }))),
    platform,
  };
};

const lastKeys = (server: MockServer) => server.journal.entries.at(-1)?.keyVersions;

test('the merchant’s key, then the platform’s, are rotated while the client keeps calling; the journal shows which served', async () => {
  const folder = shopFolder();
  let clock = Date.parse('2026-08-01T12:00:00+08:00');
  const changes: string[] = [];
  const server = await startServer(
    { keys: folder },
    {
      now: () => clock,
      onKeysChange: (change) =>
        changes.push(...change.changes, ...change.problems.map(({ message }) => message)),
    },
  );
  const heard = (words: string) =>
    until(words, () => changes.some((change) => change.includes(words)));
  const call = async (version: number, seal = false) => {
    const reported = await merchantAt(server, shopWith(server.parties, version)).call(
      'updateMembershipCard',
      {},
      undefined,
      {
        seal,
        time: clock,
      },
    );
    return {
      code: reported.code,
      signature: reported.signature,
      reason: reported.entry?.verdict.reason,
      keys: lastKeys(server),
    };
  };

  expect(await call(1)).toMatchObject({
    code: 'SUCCESS',
    signature: 'verified',
    keys: { verified: 1, signed: 1 },
  });
  expect((await call(1, true)).keys).toEqual({ verified: 1, opened: 1, signed: 1, sealed: 1 });

  // A client that never pauses: no call of it may fail while both versions are active.
  let calling = true;
  const codes: string[] = [];
  const caller = (async () => {
    while (calling) codes.push((await call(1)).code);
  })();
  await rotate(folder, 'SHOP', { now: clock, from: clock, overlapMs: 60_000 });
  await heard('SHOP: RSA256 version 2 is new');
  calling = false;
  await caller;
  expect(new Set(codes)).toEqual(new Set(['SUCCESS']));

  expect(await call(1)).toMatchObject({ code: 'SUCCESS', keys: { verified: 1 } });
  expect(await call(2, true)).toMatchObject({
    code: 'SUCCESS',
    keys: { verified: 2, opened: 1, signed: 1, sealed: 2 },
  });
  clock += 60_000;
  expect(await call(1)).toMatchObject({
    code: 'KEY_NOT_FOUND',
    signature: 'unsigned',
    reason:
      'client SHOP has RSA256 key version 2, the request asks for version 1; version 1 was retired at 2026-08-01T12:01:00+08:00',
    keys: {},
  });
  expect(await call(2)).toMatchObject({ code: 'SUCCESS', keys: { verified: 2 } });

  await rotate(folder, undefined, { now: clock, from: clock + 60_000, overlapMs: 60_000 });
  await heard('platform: RSA256 version 2 is new');
  expect((await call(2)).keys).toEqual({ verified: 2, signed: 1 });
  clock += 60_000;
  expect(await call(2, true)).toMatchObject({
    signature: 'verified',
    keys: { verified: 2, opened: 2, signed: 2, sealed: 2 },
  });
  clock += 60_000;
  expect(await call(2)).toMatchObject({ signature: 'verified', keys: { signed: 2 } });

  writeAt(folder, 'clients/SHOP/v3.public.pem', 'not yet copied to the e');
  await heard('holds no key that can be read');
  expect(await call(2)).toMatchObject({ code: 'SUCCESS', keys: { verified: 2 } });
  await server.close();
});

test('keyVersion left out means the newest active one; a version before its time, and a retired platform key, say so', async () => {
  const folder = shopFolder();
  const clock = Date.parse('2026-08-01T12:00:00+08:00');
  await rotate(folder, 'SHOP', { now: clock, from: clock + 60_000 });
  await rotate(folder, undefined, { now: clock, from: clock - 120_000, overlapMs: 60_000 });
  const server = await startServer({ keys: folder }, { now: () => clock });
  const parties = readWhole(folder, clock);
  const only = (keyring: Keyring | undefined, version: number) =>
    new Keyring(
      (keyring?.versions ?? [])
        .filter((key) => key.version === version)
        .map((key) => ({ ...key, validity: {} })),
    );
  const shop = (own: number, platform: number): MerchantIdentity => ({
    clientId: 'SHOP',
    keyring: only(parties.clients.get('SHOP'), own),
    platform: only(parties.platform, platform),
  });
  const early = await merchantAt(server, shop(2, 2)).call('updateMembershipCard');
  expect(early.code).toBe('KEY_NOT_FOUND');
  expect(early.entry?.verdict.reason).toMatch(
    /has RSA256 key version 1, .* asks for version 2; version 2 is not active before 2026-08-01T12:01:00\+08:00/,
  );
  const retired = await merchantAt(server, shop(1, 1)).call('updateMembershipCard', {}, undefined, {
    seal: true,
  });
  expect(retired.code).toBe('KEY_NOT_FOUND');
  expect(retired.entry?.verdict.reason).toMatch(
    /no RSA key version 1 to open the body with: it was retired at 2026-08-01T11:59:00/,
  );
  expect(retired.entry?.keyVersions).toEqual({ verified: 1, signed: 2 });
  const shown = await fetch(`${server.url}/__admin/platform-key`);
  expect(shown.headers.get('key-version')).toBe('2');
  expect((await fetch(`${server.url}/__admin/platform-key?version=1`)).status).toBe(200);
  await server.close();
});

test('the demo keys are not watched, and the folder of a closed server neither', async () => {
  const server = await startServer();
  expect(server.parties.platform.versions.length).toBeGreaterThan(0);
  await server.close();
  const folder = shopFolder();
  const reported: unknown[] = [];
  const closed = await startServer(
    { keys: folder },
    { onKeysChange: (change) => reported.push(change) },
  );
  await closed.close();
  writeAt(folder, join('clients', 'SHOP', 'v2.public.pem'), 'x');
  await wait(1200);
  expect(reported).toEqual([]);
});
