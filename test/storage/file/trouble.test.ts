import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../../server/package-root.ts';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import type { Store } from '../../../server/storage/store.ts';
import { readWorld } from '../../read-world.ts';
import { FaultyDisk, failure } from './faulty-disk.ts';
import {
  asKilled,
  limits,
  newFolder,
  order,
  orders,
  put,
  reopened,
  request,
  requests,
} from './some-orders.ts';

const open = async (disk: FaultyDisk, durability: 'none' | 'os' | 'disk' = 'os') => {
  const folder = newFolder();
  return { folder, store: await openFileStore(folder, durability, limits, { disk }) };
};
const outcome = (store: Store, id: string): Promise<string> =>
  put(store, order(id, 1)).then(
    () => 'kept',
    (error: unknown) => String(error),
  );

describe('a disk that is full', () => {
  test.each(['none', 'os', 'disk'] as const)(
    'durability %s: a change that cannot be kept is refused, and the next one is kept once there is room',
    async (durability) => {
      const disk = new FaultyDisk();
      const { folder, store } = await open(disk, durability);
      expect(await outcome(store, 'before')).toBe('kept');
      disk.room = 30;
      for (const id of ['torn', 'refused'])
        expect(await outcome(store, id)).toMatch(
          /StoreError.*state\.log cannot be written: ENOSPC.*The disk is full: free some space\. Nothing was changed/,
        );
      expect((await orders(store)).map(([id]) => id)).toEqual(['before']);
      expect(await reopened(asKilled(folder), orders)).toEqual([['before', 1]]);
      disk.room = Number.POSITIVE_INFINITY;
      expect(await outcome(store, 'after')).toBe('kept');
      const expected = ['before', 'after'];
      expect((await reopened(asKilled(folder), orders)).map(([id]) => id)).toEqual(expected);
      await store.close();
      expect((await reopened(folder, orders)).map(([id]) => id)).toEqual(expected);
    },
  );

  test('a stop after a refused change has nothing to say: nothing was promised', async () => {
    const disk = new FaultyDisk();
    const { folder, store } = await open(disk);
    disk.room = 0;
    expect(await outcome(store, 'refused')).toMatch(/The disk is full/);
    await store.close();
    expect(await reopened(folder, orders)).toEqual([]);
  });

  test('a start says so', async () => {
    const disk = new FaultyDisk();
    disk.room = 10;
    await expect(openFileStore(newFolder(), 'os', limits, { disk })).rejects.toThrow(
      /cannot be used: ENOSPC.*on a disk with some space/s,
    );
  });

  test('a snapshot that finds no room leaves every change in place and is reported', async () => {
    const disk = new FaultyDisk();
    const troubles: string[] = [];
    const folder = newFolder();
    const store = await openFileStore(folder, 'os', limits, {
      disk,
      minChangeBytes: 500,
      onWarning: (sentence) => troubles.push(sentence),
    });
    disk.before = (operation, file) => {
      if (operation === 'write' && file.endsWith('.log.tmp')) throw failure('ENOSPC');
    };
    for (let number = 0; number < 40; number++)
      expect(await outcome(store, `o${number}`)).toBe('kept');
    // Snapshots are written beside the changes, and on a busy machine after them.
    await vi.waitFor(() => expect(troubles.length).toBeGreaterThan(0));
    expect(troubles[0]).toMatch(/no new snapshot could be written: ENOSPC.*Nothing is lost/);
    expect(await reopened(asKilled(folder), orders)).toHaveLength(40);
    disk.before = () => {};
    for (let number = 40; number < 80; number++) await put(store, order(`o${number}`, 1));
    await store.close();
    expect(readdirSync(folder)).toEqual(['state.end', 'state.log']);
    expect(readFileSync(join(folder, 'state.log'), 'utf8')).toMatch(/\{"records":[4-8]\d\}/);
    expect(await reopened(folder, orders)).toHaveLength(80);
  });

  test('a real one: a small file system, filled up', ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status !== 0)
      skip('mounting is not permitted here');
    try {
      const script = `
        import { openFileStore } from ${JSON.stringify(join(packageRoot, 'server/storage/file/file-store.ts'))};
        const store = await openFileStore(${JSON.stringify(join(folder, 'data'))}, 'os', { requests: 1000, bytes: 1e9 });
        const put = async (id) => store.commit('c', [], [{ collection: 'orders', id, value: { fields: { text: 'x'.repeat(900) }, eventTime: 1, updates: 1 } }]);
        let kept = 0, reported = '';
        for (; reported === ''; kept++) await put('o' + kept).catch((error) => { reported = error.message; });
        console.log(JSON.stringify({ kept: kept - 1, reported }));
        process.exit();`;
      const printed = execFileSync(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', script],
        {
          cwd: packageRoot,
          encoding: 'utf8',
        },
      );
      const { kept, reported } = JSON.parse(printed);
      expect(reported).toMatch(/ENOSPC.*The disk is full/);
      expect(kept).toBeGreaterThan(20);
      return reopened(asKilled(join(folder, 'data')), async (store) =>
        expect((await readWorld(store, 'c')).orders.size).toBe(kept),
      ).finally(() => spawnSync('umount', [folder]));
    } catch (error) {
      spawnSync('umount', [folder]);
      throw error;
    }
  });
});

describe('a disk that misbehaves', () => {
  test('takes a few bytes at a time: every line still arrives whole', async () => {
    const disk = new FaultyDisk();
    disk.bytesPerWrite = 7;
    const { folder, store } = await open(disk);
    await Promise.all(['a', 'b', 'c'].map((id) => put(store, order(id, 1))));
    expect(await reopened(asKilled(folder), orders)).toHaveLength(3);
    await store.close();
    expect(await reopened(folder, orders)).toHaveLength(3);
  });

  test('a write that fails half-way, and cannot be removed again, was never made: a restart skips it', async () => {
    const disk = new FaultyDisk();
    const { folder, store } = await open(disk);
    disk.bytesPerWrite = 20;
    let writes = 0;
    disk.before = (operation) => {
      if (operation === 'truncate' || (operation === 'write' && ++writes > 2)) throw failure('EIO');
    };
    for (const id of ['a', 'b'])
      expect(await outcome(store, id)).toMatch(/The disk reports an error.*Nothing was changed/);
    expect(await reopened(asKilled(folder), orders)).toEqual([]);
    disk.before = () => {};
    expect(await outcome(store, 'c')).toBe('kept');
    expect(await reopened(asKilled(folder), orders)).toEqual([['c', 1]]);
    await store.close();
  });

  test('a sync that fails is of unknown outcome for all that wait; nothing is decided until the file was replaced', async () => {
    const disk = new FaultyDisk();
    const { folder, store } = await open(disk, 'disk');
    disk.before = (operation) => {
      if (operation === 'sync') throw failure('EIO');
    };
    const unknown = await Promise.all(
      ['a', 'b'].map((id) => put(store, order(id, 1)).catch((error: unknown) => error)),
    );
    for (const one of unknown) {
      expect(one).toMatchObject({ name: 'StoreError', isOutcomeUnknown: true });
      expect(String(one)).toMatch(
        /The disk reports an error.*A restart may find the change all the same/,
      );
    }
    // What a start may find, and what a repeat is answered from.
    expect(await reopened(asKilled(folder), orders)).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    for (const id of ['c', 'd'])
      expect(await outcome(store, id)).toMatch(/The disk reports an error.*Nothing was changed/);
    const inode = statSync(join(folder, 'state.log')).ino;
    disk.before = () => {};
    await expect.poll(() => outcome(store, 'e')).toBe('kept');
    expect(statSync(join(folder, 'state.log')).ino).not.toBe(inode);
    const expected = ['a', 'b', 'e'];
    expect((await orders(store)).map(([id]) => id)).toEqual(expected);
    expect((await reopened(asKilled(folder), orders)).map(([id]) => id)).toEqual(expected);
    await store.close();
  });

  test('becomes read-only while it runs: reported, and it goes on when it is writable again', async () => {
    const disk = new FaultyDisk();
    const { folder, store } = await open(disk);
    disk.before = () => {
      throw failure('EROFS');
    };
    expect(await outcome(store, 'a')).toMatch(
      /The file system is read-only: mount it writable again/,
    );
    disk.before = () => {};
    expect(await outcome(store, 'b')).toBe('kept');
    await store.close();
    expect(await reopened(folder, orders)).toEqual([['b', 1]]);
  });
});

describe('a folder', () => {
  test('that may not be written to is refused at the start', () => {
    const folder = newFolder();
    chmodSync(folder, 0o555);
    const script = `
      import { openFileStore } from ${JSON.stringify(join(packageRoot, 'server/storage/file/file-store.ts'))};
      if (process.getuid() === 0) process.setuid(65534);
      await openFileStore(${JSON.stringify(folder)}, 'os', { requests: 1, bytes: 1 }).catch((error) => console.log(String(error)));`;
    const said = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      {
        cwd: packageRoot,
        encoding: 'utf8',
      },
    );
    expect(said).toMatch(
      /cannot be used: EACCES.*Name a folder that this user may read and write/s,
    );
  });

  test('that is moved away is noticed before the next answer, and written to again once it is back', async () => {
    const { folder, store } = await open(new FaultyDisk());
    await put(store, order('a', 1));
    renameSync(folder, `${folder}-elsewhere`);
    for (const id of ['b', 'c'])
      expect(await outcome(store, id)).toMatch(/it is no longer in its folder.*put it back/);
    renameSync(`${folder}-elsewhere`, folder);
    expect(await outcome(store, 'd')).toBe('kept');
    await store.close();
    expect((await reopened(folder, orders)).map(([id]) => id)).toEqual(['a', 'd']);
  });

  test('that is removed is noticed before the next answer, and a stop says that nothing was kept', async () => {
    const { folder, store } = await open(new FaultyDisk());
    rmSync(folder, { recursive: true });
    expect(await outcome(store, 'a')).toMatch(/it is no longer in its folder/);
    mkdirSync(folder);
    expect(await outcome(store, 'b')).toMatch(/moved, replaced or removed/);
    await expect(store.close()).rejects.toThrow(/cannot be written/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('state that has grown too large takes nothing new, says so, and goes on with what it holds', async () => {
  const store = await openFileStore(newFolder(), 'os', { requests: 1000, bytes: 2000 });
  let reported = '';
  for (let number = 0; reported === '' && number < 100; number++)
    reported = (await outcome(store, `o${number}`)).replace(/^kept$/, '');
  expect(reported).toMatch(
    /nothing new can be kept: what is held takes about 0\.0 MB, and limits\.stateBytes allows 0\.0 MB/,
  );
  const held = (await orders(store)).length;
  expect(held).toBeGreaterThan(5);
  // An update brings a new request id, which is no new thing.
  await put(store, order('o0', 2), request('of the update'));
  expect((await orders(store))[0]).toEqual(['o0', 2]);
  expect(await requests(store)).toEqual(['syncOrder of the update']);
  await store.clear('c');
  expect(await outcome(store, 'again')).toBe('kept');
  await store.close();
});
