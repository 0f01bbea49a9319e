import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../../../server/domain/state/state.ts';
import type { FileStoreOptions } from '../../../server/storage/file/file-store.ts';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import type { CommitResult, Store } from '../../../server/storage/store.ts';
import { readWorld } from '../../read-world.ts';

export const limits = { requests: 1000, bytes: 1e9 };
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'data-folder-'));

export const order = (id: string, updates: number): Change => ({
  collection: 'orders',
  id,
  value: { fields: { merchantBizNo: id }, eventTime: updates, updates },
});

export const request = (id: string): Change => ({
  collection: 'requests',
  id: `syncOrder ${id}`,
  value: {
    fingerprint: 'f',
    answer: { code: 'SUCCESS', status: 'S', message: 'Success', fields: {} },
  },
});

export const put = async (store: Store, ...changes: Change[]): Promise<CommitResult> =>
  store.commit('c', [], changes);

export const orders = async (store: Store): Promise<[string, number][]> =>
  [...(await readWorld(store, 'c')).orders].map(([id, { updates }]) => [id, updates]);

export const requests = async (store: Store): Promise<string[]> => [
  ...(await readWorld(store, 'c')).requests.keys(),
];

/**
 * The folder as a process leaves it that was killed at this moment: a copy in the midst of which no
 * file came or went.
 */
export const asKilled = (folder: string): string => {
  for (;;) {
    const copy = newFolder();
    const before = filesIn(folder);
    try {
      cpSync(folder, copy, { recursive: true });
    } catch {
      continue;
    }
    rmSync(join(copy, 'lock'), { force: true });
    if (filesIn(folder) === before) return copy;
  }
};

const filesIn = (folder: string): string =>
  readdirSync(folder)
    .map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.ino}`)
    .join('\n');

/** What a start finds in a folder. */
export const reopened = async <T>(
  folder: string,
  look: (store: Store) => T | Promise<T>,
  options: FileStoreOptions = {},
): Promise<T> => {
  const store = await openFileStore(folder, 'os', limits, options);
  const seen = await look(store);
  await store.close();
  return seen;
};

/** A folder of a killed process: orders `o1` to `oN`, a change each, all in the log. */
export const folderOf = async (count: number): Promise<string> => {
  const folder = newFolder();
  const store = await openFileStore(folder, 'os', limits);
  for (let number = 1; number <= count; number++) await put(store, order(`o${number}`, 1));
  const killed = asKilled(folder);
  await store.close();
  return killed;
};
