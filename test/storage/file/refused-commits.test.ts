import { expect, test } from 'vitest';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import { describeRefusedCommits } from '../refused-commits.ts';
import { FaultyDisk, failure } from './faulty-disk.ts';
import { asKilled, limits, newFolder, order, orders, reopened } from './some-orders.ts';

// The long tests do the same two hundred times.
describeRefusedCommits(12);

test('a snapshot that has seen a change which was refused afterwards does not take the place of the last one', async () => {
  const disk = new FaultyDisk();
  const folder = newFolder();
  const warnings: string[] = [];
  const store = await openFileStore(folder, 'os', limits, {
    disk,
    snapshots: { minChangeBytes: 1, sliceLength: 1 },
    onWarning: (sentence) => warnings.push(sentence),
  });
  const slices: (() => void)[] = [];
  let log: (() => void) | undefined;
  let isWritten = false;
  disk.before = (operation, file) => {
    isWritten ||= operation === 'sync' && file.endsWith('.log.tmp');
    if (operation !== 'write') return undefined;
    if (file.endsWith('.log.tmp')) return new Promise<void>((resolve) => slices.push(resolve));
    if (slices.length === 0) return undefined;
    return new Promise<void>((_, reject) => {
      log = () => reject(failure('ENOSPC'));
    });
  };
  // The second one finds that the log has grown.
  for (const updates of [1, 2]) await store.commit('c', [], [order('a', updates)]);
  await expect.poll(() => slices.length).toBe(1);
  const refused = Promise.resolve(store.commit('c', [], [order('b', 1)])).catch(String);
  await expect.poll(() => log).toBeDefined();
  // All of the snapshot is written while the change is still on its way.
  const go = setInterval(() => {
    for (const write of slices.splice(0)) write();
  }, 1);
  await expect.poll(() => isWritten).toBe(true);
  log?.();
  expect(await refused).toMatch(/ENOSPC/);
  disk.before = () => {};
  await expect.poll(() => warnings).toEqual([expect.stringContaining('no new snapshot')]);
  clearInterval(go);
  expect(await orders(store)).toEqual([['a', 2]]);
  expect(await reopened(asKilled(folder), orders)).toEqual([['a', 2]]);
  await store.close();
  expect(await reopened(folder, orders)).toEqual([['a', 2]]);
});
