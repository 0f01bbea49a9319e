import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KeyStore, type KeysChange } from '../../../server/clients/key-folder/key-store.ts';
import { readWhole, rotate, shopFolder, writeAt } from './key-folder.ts';

const now = Date.parse('2026-08-01T12:00:00+08:00');

const storeOf = (folder: string) => {
  const reported: KeysChange[] = [];
  const store = new KeyStore(readWhole(folder, now), {
    folder,
    rules: { weakKeys: false },
    now: () => now,
    onChange: (change) => reported.push(change),
  });
  const lookTwice = async () => {
    await store.look();
    await store.look();
    return reported.splice(0);
  };
  return {
    store,
    lookTwice,
    versions: () => store.clients.get('SHOP')?.versions.map(({ version }) => version),
  };
};

test('a change is taken up at the second look, and told', async () => {
  const folder = shopFolder();
  const { store, lookTwice, versions } = storeOf(folder);
  expect(await lookTwice()).toEqual([]);
  await rotate(folder, 'SHOP', { now, from: now, overlapMs: 60_000 });
  await store.look();
  expect(versions()).toEqual([1]);
  await store.look();
  expect(versions()).toEqual([1, 2]);
  const changes = (await lookTwice()).flatMap((change) => change.changes);
  expect(changes).toEqual([
    'client SHOP: RSA256 version 1 is active until 2026-08-01T12:01:00+08:00',
    expect.stringMatching(
      /^client SHOP: RSA256 version 2 is new: SHA256:[0-9a-f]{64}; it is active$/,
    ),
  ]);
});

test('new and gone clients, the platform’s keys', async () => {
  const folder = shopFolder();
  const { store, lookTwice } = storeOf(folder);
  await lookTwice();
  await rotate(folder, 'ACME', { now });
  await rotate(folder, undefined, { now, from: now + 60_000, overlapMs: 0 });
  const [change] = await lookTwice();
  expect(change?.problems).toEqual([]);
  expect(change?.changes.join('\n')).toMatch(
    /platform: RSA256 version 2 is new.*not active before[\s\S]*client ACME: RSA256 version 1 is new/,
  );
  expect([
    store.platform.find('RSA', undefined, now)?.version,
    store.platform.find('RSA', undefined, now + 60_000)?.version,
  ]).toEqual([1, 2]);
  rmSync(join(folder, 'clients', 'ACME'), { recursive: true });
  expect((await lookTwice())[0]?.changes).toEqual(['client ACME: RSA256 version 1 is gone']);
});

test('a broken change keeps the last good keys, says what is wrong once, and says when it is well again', async () => {
  const folder = shopFolder();
  const { lookTwice, versions } = storeOf(folder);
  await lookTwice();
  const file = writeAt(folder, 'clients/SHOP/v2.public.pem', 'half a k');
  const [broken] = await lookTwice();
  expect(broken?.changes).toEqual([]);
  expect(broken?.problems).toEqual([
    expect.objectContaining({ where: file, message: 'holds no key that can be read' }),
  ]);
  expect(await lookTwice()).toEqual([]);
  expect(versions()).toEqual([1]);
  rmSync(file);
  expect(await lookTwice()).toEqual([
    { changes: ['the key folder is in order again'], problems: [] },
  ]);
});

test('a folder that goes away, or is only touched, changes nothing', async () => {
  const folder = shopFolder();
  const { lookTwice, versions } = storeOf(folder);
  await lookTwice();
  utimesSync(join(folder, 'clients/SHOP/v1.public.pem'), 1, 1);
  expect(await lookTwice()).toEqual([]);
  rmSync(folder, { recursive: true });
  expect((await lookTwice())[0]?.problems.length).toBeGreaterThan(0);
  expect(versions()).toEqual([1]);
});
