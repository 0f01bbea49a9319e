import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import { readWorld } from '../../read-world.ts';
import { newFolder, order, put, request } from './some-orders.ts';

const limits = { requests: 20_000, bytes: 1e12 };
const clients = 500;
const count = 30_000;

// The benchmarks do this with a million; here it is about what is found again, not about how fast.
test('tens of thousands of orders of hundreds of clients are found again, oldest request ids are forgotten, and text becomes objects where it is asked for', async () => {
  const folder = newFolder();
  const first = await openFileStore(folder, 'os', limits);
  for (let from = 0; from < count; from += 1000)
    await put(
      first,
      ...Array.from({ length: 1000 }, (_, index) => [
        order(`o${from + index}`, 1),
        request(`r${from + index}`),
      ]).flat(),
    );
  for (let client = 0; client < clients; client++)
    await first.commit(`client ${client}`, [], [order(`of ${client}`, client)]);
  await first.close();
  const second = await openFileStore(folder, 'os', limits, {
    minChangeBytes: 1000,
    changeShare: 0,
  });
  for (let number = 0; number < 200; number++)
    await put(second, order(`o${number}`, 2), request(`again ${number}`));
  await second.close();
  const third = await openFileStore(folder, 'os', limits);
  const { orders, requests } = await readWorld(third, 'c');
  expect([orders.size, requests.size]).toEqual([count, limits.requests]);
  expect([...requests.keys()][0]).toBe(`syncOrder r${count - limits.requests + 200}`);
  expect([...requests.keys()].at(-1)).toBe('syncOrder again 199');
  expect([
    orders.get('o0')?.updates,
    orders.get('o199')?.updates,
    orders.get('o200')?.updates,
  ]).toEqual([2, 2, 1]);
  for (let client = 0; client < clients; client += 7)
    expect((await readWorld(third, `client ${client}`)).orders.get(`of ${client}`)?.updates).toBe(
      client,
    );
  await third.close();
  rmSync(folder, { recursive: true });
}, 60_000);
