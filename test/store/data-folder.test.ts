import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { StartupError } from '../../server/problems/problem.ts';
import { openDataFolder } from '../../server/store/open-data-folder.ts';
import type { Store } from '../../server/store/store.ts';
import type { Change } from '../../server/world/state.ts';

const limits = { requests: 1000 };
const newFolder = () => mkdtempSync(join(tmpdir(), 'data-folder-'));
const order = (id: string, updates: number): Change => ({
  collection: 'orders',
  id,
  value: { fields: { merchantBizNo: id }, eventTime: updates, updates },
});
const put = (store: Store, ...changes: Change[]) => store.transact('c', [], () => ({ changes }));
const orders = (store: Store) => [...store.world('c').orders].map(([id, { updates }]) => [id, updates]);

describe('a data folder', () => {
  test('keeps what was committed, through a clean stop and without one', async () => {
    const folder = newFolder();
    const first = await openDataFolder(folder, 'os', limits);
    await put(first, order('a', 1), order('b', 1));
    await put(first, order('a', 2), { collection: 'orders', id: 'b', value: null });
    await first.close();
    expect(readdirSync(folder)).toEqual(['state.json']);
    const second = await openDataFolder(folder, 'disk', limits);
    expect(orders(second)).toEqual([['a', 2]]);
    await put(second, order('c', 1), {
      collection: 'requests',
      id: 'syncOrder 1',
      value: { fingerprint: 'f', answer: { code: 'SUCCESS', status: 'S', message: 'Success', fields: {} } },
    });
    await second.close();
    const third = await openDataFolder(folder, 'none', limits);
    expect(orders(third)).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
    expect(third.world('c').requests.get('syncOrder 1')?.fingerprint).toBe('f');
    await third.close();
  });

  test('an answer without changes waits for the changes it may rest on', async () => {
    const store = await openDataFolder(newFolder(), 'disk', limits);
    const settled: string[] = [];
    const first = put(store, order('a', 1)).then(() => settled.push('first'));
    const duplicate = put(store).then(() => settled.push('duplicate'));
    await Promise.all([first, duplicate]);
    expect(settled).toEqual(['first', 'duplicate']);
    await store.close();
  });

  test('does not keep the counters of scenarios: a restart begins every story anew', async () => {
    const folder = newFolder();
    const first = await openDataFolder(folder, 'os', limits);
    await put(first, { collection: 'calls', id: 'rule', value: 3 }, order('a', 1));
    await first.close();
    const second = await openDataFolder(folder, 'os', limits);
    expect(second.world('c').calls.size).toBe(0);
    await second.close();
  });

  test('is refused to a second process, and free again after the first', async () => {
    const folder = newFolder();
    const first = await openDataFolder(folder, 'os', limits);
    await expect(openDataFolder(folder, 'os', limits)).rejects.toThrow(/is in use by process \d+/);
    await first.close();
    await (await openDataFolder(folder, 'os', limits)).close();
  });

  test('takes over the lock of a process that is gone', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname() }));
    await (await openDataFolder(folder, 'os', limits)).close();
  });

  test('leaves out a last line that was not finished', async () => {
    const folder = newFolder();
    const log = await unfinished(folder);
    appendFileSync(log, '12345678 {"clientId":"c","chan');
    const store = await openDataFolder(folder, 'os', limits);
    expect(orders(store)).toEqual([['a', 1]]);
    await store.close();
  });

  test.each([
    ['a flipped bit in the log', (folder: string) => flip(join(folder, 'changes-000001.log'))],
    ['a snapshot cut short', (folder: string) => writeFileSync(join(folder, 'state.json'), '{"schemaVersion":1,"cove')],
    ['an empty snapshot', (folder: string) => writeFileSync(join(folder, 'state.json'), '')],
    ['a snapshot of a later version', (folder: string) => writeFileSync(join(folder, 'state.json'), '{"schemaVersion":99}')],
  ])('refuses %s and sets it aside', async (_name, damage) => {
    const folder = newFolder();
    await unfinished(folder);
    damage(folder);
    const refusal = await openDataFolder(folder, 'os', limits).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartupError);
    expect(String(refusal)).toMatch(/is damaged.*moved to corrupt-/s);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^corrupt-/)]);
    const again = await openDataFolder(folder, 'os', limits);
    expect(orders(again)).toEqual([]);
    await again.close();
  });

  test('says what is wrong with a folder it cannot use', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(openDataFolder(join(file, 'below'), 'os', limits)).rejects.toThrow(/cannot be used/);
  });
});

/** A folder as a killed process leaves it: one change in the log, and a stale lock. */
const unfinished = async (folder: string): Promise<string> => {
  await (await openDataFolder(folder, 'os', limits)).close();
  const log = join(folder, 'changes-000002.log');
  const { ChangeLog } = await import('../../server/store/change-log.ts');
  const one = await ChangeLog.create(log, 'os');
  await one.append({ clientId: 'c', changes: [order('a', 1)] });
  await one.close();
  return log;
};

const flip = (file: string): void => {
  const path = file.replace('000001', '000002');
  const bytes = readFileSync(path);
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  writeFileSync(path, bytes);
};

test('a killed process loses no answered change', async () => {
  const script = `
    import { openDataFolder } from ${JSON.stringify(join(packageRoot, 'server/store/open-data-folder.ts'))};
    const store = await openDataFolder(process.argv[1], 'os', { requests: 1000 });
    for (let n = 1; ; n++) {
      await store.transact('c', [], () => ({ changes: [{ collection: 'orders', id: 'o' + n, value: { fields: {}, eventTime: n, updates: 1 } }] }));
      process.stdout.write(n + '\\n');
    }`;
  const folder = newFolder();
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, folder], {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.length > 2000 * (round + 1)) child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.on('close', resolve));
    const answered = Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));
    const store = await openDataFolder(folder, 'os', limits);
    expect(answered).toBeGreaterThan(100);
    expect(store.world('c').orders.has(`o${answered}`)).toBe(true);
    await store.close();
  }
});
