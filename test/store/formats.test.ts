import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { schemaVersion } from '../../server/store/file-header.ts';
import { openDataFolder } from '../../server/store/open-data-folder.ts';
import type { Store } from '../../server/store/store.ts';
import { asKilled, limits, newFolder } from './some-orders.ts';

/** What the folders of all formats hold: each was written by the version that had it, with the same requests, and killed. */
const held = {
  ALPHA: {
    orders: [
      ['["A-1"]', 2],
      ['["A-3"]', 1],
    ],
    requests: ['syncOrder r1', 'syncOrder r2', 'syncOrder r3', 'syncOrder r5'],
    cards: 0,
  },
  BETA: { orders: [['["B-2"]', 1]], requests: ['syncOrder r4'], cards: 0 },
};

const look = (store: Store) =>
  Object.fromEntries(
    ['ALPHA', 'BETA'].map((clientId) => {
      const { orders, requests, cards } = store.world(clientId);
      return [
        clientId,
        { orders: [...orders].map(([id, { updates }]) => [id, updates]), requests: [...requests.keys()], cards: cards.size },
      ];
    }),
  );

test('there is a folder of every format', () => {
  const formats = readdirSync(join(packageRoot, 'test/store')).filter((name) => name.startsWith('format-'));
  expect(formats).toEqual(Array.from({ length: schemaVersion }, (_, index) => `format-${index + 1}`));
});

test.each(Array.from({ length: schemaVersion }, (_, index) => index + 1))(
  'a folder of format %i is read, and written anew as the newest',
  async (format) => {
    const folder = newFolder();
    cpSync(join(packageRoot, `test/store/format-${format}`), folder, { recursive: true });
    const store = await openDataFolder(folder, 'os', limits);
    expect(look(store)).toEqual(held);
    const order = store.world('ALPHA').orders.get('["A-1"]');
    expect(order).toEqual({ fields: { merchantBizNo: 'A-1', title: '海濱\t"樂園"\n' }, eventTime: 1_747_893_700_002, updates: 2 });
    expect(store.world('BETA').requests.get('syncOrder r4')).toEqual({
      fingerprint: 'print of r4',
      answer: { code: 'SUCCESS', status: 'S', message: 'Success', fields: { orderStatus: 'TICKETED' } },
    });
    const killed = asKilled(folder);
    await store.close();
    expect(readdirSync(folder)).toEqual(['state.snapshot']);
    for (const one of [folder, killed]) {
      const again = await openDataFolder(one, 'os', limits);
      expect(look(again)).toEqual(held);
      await again.close();
    }
  },
);
