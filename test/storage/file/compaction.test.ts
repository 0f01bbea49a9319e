import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import type { Store } from '../../../server/storage/store.ts';
import { readWorld } from '../../read-world.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { asKilled, newFolder, order, put, request } from './some-orders.ts';

const limits = { requests: 6, bytes: 1e9 };
const clients = ['c', 'd'];

type Step = readonly [
  'put' | 'delete' | 'request' | 'forget' | 'kill' | 'snapshot slice',
  client: number,
  id: number,
];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(
    'put',
    'put',
    'delete',
    'request',
    'request',
    'request',
    'forget',
    'kill',
    'snapshot slice',
    'snapshot slice',
  ),
  fc.nat(1),
  fc.nat(9),
);

const look = (store: Store) =>
  Promise.all(
    clients.map(async (clientId) => {
      const { orders, requests } = await readWorld(store, clientId);
      return [
        Object.fromEntries([...orders].sort().map(([id, { updates }]) => [id, updates])),
        [...requests.keys()],
      ];
    }),
  );

describe('a snapshot that is written while requests are answered', () => {
  test('whatever is answered meanwhile, and whenever the process is killed: a start finds exactly what was answered', async () => {
    let snapshots = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), async (steps) => {
        const disk = new FaultyDisk();
        // A snapshot takes a turn of the event loop for each record, and ends when it may.
        const syncs: (() => void)[] = [];
        const folder = newFolder();
        const store = await openFileStore(folder, 'os', limits, {
          disk,
          minChangeBytes: 200,
          sliceLength: 1,
        });
        disk.before = (operation, file) => {
          if (operation === 'rename' && file.endsWith('.log')) snapshots++;
        };
        disk.beforeSync = (file) =>
          file.endsWith('.log.tmp')
            ? new Promise<void>((resolve) => syncs.push(resolve))
            : undefined;
        let updates = 0;
        for (const [what, client, id] of steps) {
          const clientId = clients[client] ?? '';
          const change = (changes: Parameters<typeof put>[1][]) =>
            store.commit(clientId, [], changes);
          if (what === 'put') await change([order(`o${id}`, ++updates)]);
          if (what === 'delete')
            await change([{ collection: 'orders', id: `o${id}`, value: null }]);
          // A request id that is remembered is not remembered anew.
          if (
            what === 'request' &&
            !(await readWorld(store, clientId)).requests.has(`syncOrder r${id}`)
          )
            await change([request(`r${id}`)]);
          if (what === 'forget' && id > 6) await store.clear(clientId);
          for (let slice = 0; what === 'snapshot slice' && slice <= id; slice++) {
            await turn();
            if (slice > 5) syncs.shift()?.();
          }
          if (what === 'kill') await expectSame(folder, store);
        }
        await expectSame(folder, store);
        disk.beforeSync = () => undefined;
        for (const go of syncs) go();
        await store.close();
        await expectSame(folder, store);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 25, endOnFailure: true },
    );
    expect(snapshots).toBeGreaterThan(8);
  }, 120_000);

  test('is in the place of the changes it contains, and is not written again for a few changes', async () => {
    const folder = newFolder();
    const lines = (): string[] =>
      readFileSync(join(folder, 'state.log'), 'utf8').trimEnd().split('\n');
    const store = await openFileStore(folder, 'os', limits, {
      minChangeBytes: 2000,
    });
    for (let number = 0; number < 200; number++) await put(store, order('a', number));
    const changeOnce = async (): Promise<number> => {
      await put(store, order('a', 1));
      return lines().length;
    };
    await expect.poll(changeOnce, { timeout: 10_000 }).toBeLessThan(60);
    await store.close();
    const grown = await openFileStore(folder, 'os', limits);
    for (let number = 0; number < 200; number++) await put(grown, order(`p${number}`, 1));
    await grown.close();
    // A header, the orders, their number.
    expect(lines()).toHaveLength(203);
    const again = await openFileStore(folder, 'os', limits);
    await put(again, order('one more', 1));
    await again.close();
    expect(lines()).toHaveLength(204);
    expect(lines().at(-1)).toMatch(/one more/);
    expect(readdirSync(folder)).toEqual(['state.end', 'state.log']);
  });
});

const expectSame = async (folder: string, store: Store): Promise<void> => {
  const copy = asKilled(folder);
  const restarted = await openFileStore(copy, 'os', limits);
  expect(await look(restarted)).toEqual(await look(store));
  await restarted.close();
  rmSync(copy, { recursive: true });
};
