import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../server/package-root.ts';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import { readWorld } from '../../read-world.ts';
import { asKilled, limits, newFolder, order, orders, put, reopened } from './some-orders.ts';

describe('a data folder', () => {
  test('keeps what was committed, through a clean stop and without one', async () => {
    const folder = newFolder();
    const first = await openFileStore(folder, 'os', limits);
    await put(first, order('a', 1), order('b', 1));
    await put(first, order('a', 2), { collection: 'orders', id: 'b', value: null });
    await first.close();
    expect(readdirSync(folder)).toEqual(['state.end', 'state.log']);
    const second = await openFileStore(folder, 'disk', limits);
    expect(await orders(second)).toEqual([['a', 2]]);
    await put(second, order('c', 1), {
      collection: 'requests',
      id: 'syncOrder 1',
      value: {
        fingerprint: 'f',
        answer: { code: 'SUCCESS', status: 'S', message: 'Success', fields: {} },
      },
    });
    await second.close();
    const third = await openFileStore(folder, 'none', limits);
    expect(await orders(third)).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
    expect((await readWorld(third, 'c')).requests.get('syncOrder 1')?.fingerprint).toBe('f');
    await third.close();
  });

  test('an answer without changes waits for the changes it may rest on', async () => {
    const store = await openFileStore(newFolder(), 'disk', limits);
    const settled: string[] = [];
    const first = put(store, order('a', 1)).then(() => settled.push('first'));
    const duplicate = put(store).then(() => settled.push('duplicate'));
    await Promise.all([first, duplicate]);
    expect(settled).toEqual(['first', 'duplicate']);
    await store.close();
  });

  test('does not keep the counters of scenarios: a restart begins every story anew', async () => {
    const folder = newFolder();
    const first = await openFileStore(folder, 'os', limits);
    await put(first, { collection: 'calls', id: 'rule', value: 3 }, order('a', 1));
    await first.close();
    const second = await openFileStore(folder, 'os', limits);
    expect((await readWorld(second, 'c')).calls.size).toBe(0);
    await second.close();
  });

  test('does not list a client again whose state was deleted, known before or not', async () => {
    const folder = newFolder();
    const store = await openFileStore(folder, 'os', limits);
    await put(store, order('a', 1));
    await store.commit('d', [], [order('b', 1)]);
    for (const client of ['c', 'never seen']) await store.clear(client);
    const killed = asKilled(folder);
    await store.close();
    for (const one of [killed, folder])
      expect((await reopened(one, (kept) => kept.clientIds())).items).toEqual(['d']);
  });

  test('is refused to a second process, and free again after the first', async () => {
    const folder = newFolder();
    const first = await openFileStore(folder, 'os', limits);
    await expect(openFileStore(folder, 'os', limits)).rejects.toThrow(/is in use by process \d+/);
    await first.close();
    await (await openFileStore(folder, 'os', limits)).close();
  });

  test('takes over the lock of a process that is gone', async () => {
    const folder = newFolder();
    writeFileSync(
      join(folder, 'lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname() }),
    );
    await (await openFileStore(folder, 'os', limits)).close();
  });

  test('says what is wrong with a folder it cannot use', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(openFileStore(join(file, 'below'), 'os', limits)).rejects.toThrow(
      /cannot be used/,
    );
  });
});

test('a killed process loses no answered change', async () => {
  const script = `
    import { openFileStore } from ${JSON.stringify(join(packageRoot, 'server/storage/file/file-store.ts'))};
    const store = await openFileStore(process.argv[1], 'os', { requests: 1000, bytes: 1e9 });
    for (let n = 1; ; n++) {
      await store.commit('c', [], [{ collection: 'orders', id: 'o' + n, value: { fields: {}, eventTime: n, updates: 1 } }]);
      process.stdout.write(n + '\\n');
      await new Promise(setImmediate);
    }`;
  const folder = newFolder();
  for (let round = 0; round < 4; round++) {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script, folder],
      {
        cwd: packageRoot,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.length > 2000 * (round + 1)) child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.on('close', resolve));
    const answered = Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));
    const store = await openFileStore(folder, 'os', limits);
    expect(answered).toBeGreaterThan(100);
    expect((await readWorld(store, 'c')).orders.has(`o${answered}`)).toBe(true);
    await store.close();
  }
});
