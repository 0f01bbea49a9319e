import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { StartupError } from '../../server/index.ts';
import { checkedLine } from '../../server/store/checked-line.ts';
import { openDataFolder } from '../../server/store/open-data-folder.ts';
import { asKilled, folderOf, limits, newFolder, order, orders, put, reopened } from './some-orders.ts';

const first = 'changes-000001.log';
const second = 'changes-000002.log';
const refusalOf = (folder: string) => openDataFolder(folder, 'os', limits).catch((error: unknown) => error);

describe('a line that was not finished', () => {
  test.each([
    ['half a line', '12345678 "c"\torders\t"o4'],
    ['zeros, as a power cut leaves them', '\0'.repeat(5000)],
  ])('%s is left out, and the log goes on behind it', async (_name, tail) => {
    const folder = await folderOf(3);
    appendFileSync(join(folder, first), tail);
    const store = await openDataFolder(folder, 'os', limits);
    await put(store, order('next', 1));
    const killed = asKilled(folder);
    await store.close();
    for (const one of [killed, folder]) expect((await reopened(one, orders)).map(([id]) => id)).toEqual(['o1', 'o2', 'o3', 'next']);
  });

  test('wherever the last log is cut off, what is left is what was there a moment before', async () => {
    const whole = await folderOf(4);
    const bytes = readFileSync(join(whole, first));
    for (let length = 0; length < bytes.length; length += 5) {
      const folder = newFolder();
      writeFileSync(join(folder, first), bytes.subarray(0, length));
      const lines = bytes.subarray(0, length).toString().split('\n').length - 1;
      expect([length, await reopened(folder, orders)]).toEqual([
        length,
        ['o1', 'o2', 'o3', 'o4'].slice(0, Math.max(0, lines - 1)).map((id) => [id, 1]),
      ]);
    }
  });
});

describe('damage', () => {
  test('whichever byte of a log or a snapshot is flipped, a start says so and puts nothing false to use', async () => {
    const folder = await folderOf(2);
    const intact = await reopened(asKilled(folder), orders);
    const snapshot = asKilled(folder);
    await reopened(snapshot, orders);
    for (const [whole, file] of [
      [folder, first],
      [snapshot, 'state.snapshot'],
    ] as const) {
      const bytes = readFileSync(join(whole, file));
      for (let at = 0; at < bytes.length; at += 3) {
        const copy = asKilled(whole);
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        writeFileSync(join(copy, file), flipped);
        const refusal = await refusalOf(copy);
        expect([file, at, refusal instanceof StartupError, String(refusal)]).toEqual([
          file,
          at,
          true,
          expect.stringMatching(/damaged|cut short/),
        ]);
        rmSync(copy, { recursive: true });
      }
    }
    expect(intact).toEqual([
      ['o1', 1],
      ['o2', 1],
    ]);
  }, 60_000);

  test.each([
    [
      'a snapshot cut short',
      (folder: string) => truncateSync(join(folder, 'state.snapshot'), 90),
      /state\.snapshot: is damaged: it is cut short/,
    ],
    ['an empty snapshot', (folder: string) => writeFileSync(join(folder, 'state.snapshot'), ''), /it is cut short/],
    ['a snapshot that has gone', (folder: string) => rmSync(join(folder, 'state.snapshot')), /000001\.log: is damaged: it is missing/],
    ['a log that has gone', (folder: string) => rmSync(join(folder, second)), /000002\.log: is damaged: it is missing/],
    ['a log that lost its last line', loseLastLine, /000002\.log: is damaged: it was \d+ bytes long, and \d+ of them are left/],
    ['a snapshot of format 1 cut short', (folder: string) => cutFirstFormat(folder), /state\.json: is damaged: it is not JSON/],
  ])('refuses %s and sets all state files aside', async (_name, damage, said) => {
    const folder = await threeParts();
    damage(folder);
    const refusal = await refusalOf(folder);
    expect(refusal).toBeInstanceOf(StartupError);
    expect(String(refusal)).toMatch(said);
    expect(String(refusal)).toMatch(/moved to corrupt-/);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^corrupt-/)]);
    expect(await reopened(folder, orders)).toEqual([]);
  });

  test('is set aside anew when the clock stands where it stood before', async () => {
    const folder = await folderOf(1);
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
    mkdirSync(join(folder, 'corrupt-2023-11-14T22-13-20.000Z'));
    writeFileSync(join(folder, first), 'not a log\n');
    expect(String(await refusalOf(folder))).toMatch(/moved to corrupt-2023-11-14T22-13-20\.000Z-2\//);
    vi.useRealTimers();
  });

  test('files of a later version are refused and left where they are', async () => {
    for (const [file, text] of [
      ['state.json', '{"schemaVersion":99}'],
      [first, checkedLine('{"format":"alipayhk-mock changes","schemaVersion":99}')],
      ['state.snapshot', checkedLine('{"format":"alipayhk-mock state","schemaVersion":99,"coversLog":1}')],
    ] as const) {
      const folder = newFolder();
      writeFileSync(join(folder, file), text);
      expect(String(await refusalOf(folder))).toMatch(/has the format version 99, and this version of alipayhk-mock reads up to 2/);
      expect(readdirSync(folder)).toEqual([file]);
    }
  });
});

/** A snapshot with an order, and two logs with one each. */
const threeParts = async (): Promise<string> => {
  const folder = newFolder();
  const one = await openDataFolder(folder, 'os', limits);
  await put(one, ...Array.from({ length: 20 }, (_, index) => order(`long-before-${index}`, 1)));
  await one.close();
  const two = await openDataFolder(folder, 'os', limits);
  await put(two, order('b', 1));
  await put(two, order('b', 2));
  const killed = asKilled(folder);
  await two.close();
  const three = await openDataFolder(killed, 'os', limits);
  await put(three, order('c', 1));
  const parts = asKilled(killed);
  await three.close();
  expect(readdirSync(parts)).toEqual([second, 'changes-000003.log', 'state.snapshot']);
  return parts;
};

function loseLastLine(folder: string): void {
  const bytes = readFileSync(join(folder, second));
  truncateSync(join(folder, second), bytes.lastIndexOf('\n', bytes.length - 2) + 1);
}

function cutFirstFormat(folder: string): void {
  rmSync(join(folder, 'state.snapshot'));
  writeFileSync(join(folder, 'state.json'), '{"schemaVersion":1,"cove');
}
