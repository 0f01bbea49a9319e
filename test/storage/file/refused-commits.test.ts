import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import { describeRefusedCommits } from '../refused-commits.ts';
import { FaultyDisk, failure } from './faulty-disk.ts';
import { asKilled, limits, newFolder, order, orders, reopened } from './some-orders.ts';

// The long tests do the same two hundred times.
describeRefusedCommits(12);

test('a change that is refused while a snapshot is written is not in it', async () => {
  const disk = new FaultyDisk();
  const folder = newFolder();
  const options = { disk, minChangeBytes: 1, sliceLength: 1 };
  const store = await openFileStore(folder, 'os', limits, options);
  let end: (() => void) | undefined;
  disk.beforeSync = (file) =>
    file.endsWith('.log.tmp') ? new Promise((resolve) => (end = resolve)) : undefined;
  // The second one finds that the log has grown.
  for (const updates of [1, 2]) await store.commit('c', [], [order('a', updates)]);
  disk.before = (operation, file) => {
    if (operation === 'write' && file.endsWith('.log')) throw failure('ENOSPC');
  };
  await expect(store.commit('c', [], [order('b', 1)])).rejects.toThrow(/ENOSPC/);
  await expect.poll(() => end).toBeDefined();
  await expect(store.commit('c', [], [order('b', 2)])).rejects.toThrow(/ENOSPC/);
  const inode = readInode(folder);
  [disk.before, disk.beforeSync] = [() => {}, () => undefined];
  end?.();
  await expect.poll(() => readInode(folder)).not.toBe(inode);
  expect(await orders(store)).toEqual([['a', 2]]);
  expect(await reopened(asKilled(folder), orders)).toEqual([['a', 2]]);
  await store.close();
  expect(await reopened(folder, orders)).toEqual([['a', 2]]);
});

const readInode = (folder: string): number | undefined =>
  statSync(join(folder, 'state.log'), { throwIfNoEntry: false })?.ino;
