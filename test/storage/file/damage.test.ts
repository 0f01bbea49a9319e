import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { StartupError } from '../../../sdk/testing/index.ts';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import { chainChecksum } from '../../../server/storage/file/line-file.ts';
import {
  asKilled,
  folderOf,
  limits,
  newFolder,
  order,
  orders,
  put,
  reopened,
} from './some-orders.ts';

const stateFile = 'state.log';
const mark = 'state.end';
const firstLine = (text: string): string => `${chainChecksum('', text)} ${text}\n`;
const refusalOf = (folder: string) =>
  openFileStore(folder, 'os', limits).catch((error: unknown) => error);

describe('a line that was not finished', () => {
  test.each([
    ['half a line', '12345678 "c"\torders\t"o4'],
    ['zeros, as a power cut leaves them', '\0'.repeat(5000)],
  ])('%s is left out, and the log goes on behind it', async (_name, tail) => {
    const folder = await folderOf(3);
    appendFileSync(join(folder, stateFile), tail);
    const warnings: string[] = [];
    const store = await openFileStore(folder, 'os', limits, {
      onWarning: (sentence) => warnings.push(sentence),
    });
    expect(warnings).toEqual([
      expect.stringMatching(
        /state\.log: 1 line that was not finished \(\d+ bytes\) was cut from its end/,
      ),
    ]);
    await put(store, order('next', 1));
    const killed = asKilled(folder);
    await store.close();
    for (const one of [killed, folder]) {
      const again: string[] = [];
      const ids = await reopened(one, async (kept) => (await orders(kept)).map(([id]) => id), {
        onWarning: (sentence) => again.push(sentence),
      });
      expect(ids).toEqual(['o1', 'o2', 'o3', 'next']);
      expect(again).toEqual([]);
    }
  });

  test('wherever the changes are cut off, what is left is what was there a moment before', async () => {
    const whole = await folderOf(4);
    const bytes = readFileSync(join(whole, stateFile));
    for (let length = snapshotLength(bytes); length < bytes.length; length += 5) {
      const folder = newFolder();
      writeFileSync(join(folder, stateFile), bytes.subarray(0, length));
      cpSync(join(whole, mark), join(folder, mark));
      const lines = bytes.subarray(0, length).toString().split('\n').length - 1;
      expect([length, await reopened(folder, orders)]).toEqual([
        length,
        ['o1', 'o2', 'o3', 'o4'].slice(0, Math.max(0, lines - 2)).map((id) => [id, 1]),
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
      [folder, stateFile],
      [snapshot, stateFile],
      [snapshot, mark],
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
      (folder: string) => truncateSync(join(folder, stateFile), 90),
      /state\.log: is damaged: it is cut short/,
    ],
    [
      'an empty file',
      (folder: string) => writeFileSync(join(folder, stateFile), ''),
      /it is cut short/,
    ],
    [
      'a file that has gone',
      (folder: string) => rmSync(join(folder, stateFile)),
      /state\.log: is damaged: it is missing, but .*state\.end exists/,
    ],
    [
      'a mark that has gone',
      (folder: string) => rmSync(join(folder, mark)),
      /state\.end: is damaged: it is missing, but .*state\.log holds state/,
    ],
    [
      'a mark that is empty',
      (folder: string) => writeFileSync(join(folder, mark), ''),
      /state\.end: is damaged/,
    ],
    [
      'the mark in the place of the file',
      (folder: string) => cpSync(join(folder, mark), join(folder, stateFile)),
      /state\.log: is damaged/,
    ],
    [
      'the file in the place of the mark',
      (folder: string) => cpSync(join(folder, stateFile), join(folder, mark)),
      /state\.end: is damaged/,
    ],
    [
      'a line from somewhere else',
      (folder: string) =>
        appendFileSync(join(folder, stateFile), firstLine('"c"\torders\t"x"\t{}')),
      /state\.log: is damaged: line \d+ is damaged/,
    ],
  ])('refuses %s and sets all state files aside', async (_name, damage, said) => {
    const folder = await snapshotAndChanges();
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
    for (const count of [1, 2]) {
      writeFileSync(join(folder, stateFile), 'not a log\n');
      expect(String(await refusalOf(folder))).toMatch(
        /moved to corrupt-2023-11-14T22-13-20\.000Z-\w+\//,
      );
      expect(readdirSync(folder)).toHaveLength(count);
    }
    vi.useRealTimers();
  });

  describe('whichever line is', () => {
    const files = [
      { part: 'the changes', make: () => folderOf(6) },
      { part: 'the snapshot', make: () => snapshotOf() },
    ];
    const edits: readonly [string, (lines: string[], at: number) => void][] = [
      ['removed', (lines, at) => lines.splice(at, 1)],
      [
        'exchanged with the next',
        (lines, at) => lines.splice(at, 2, lines[at + 1] ?? '', lines[at] ?? ''),
      ],
      ['written twice', (lines, at) => lines.splice(at, 0, lines[at] ?? '')],
      ['replaced by the one before it', (lines, at) => lines.splice(at, 1, lines[at - 1] ?? '')],
    ];
    test.each(
      files.flatMap(({ part, make }) => edits.map(([what, edit]) => ({ part, make, what, edit }))),
    )('$what in $part: the start is refused', async ({ make, edit }) => {
      const whole = await make();
      const lines = readFileSync(join(whole, stateFile), 'utf8').split('\n').slice(0, -1);
      expect(lines.length).toBeGreaterThan(6);
      // The last line of the last log may be one that was never written; every other one is missed.
      for (let at = 1; at < lines.length - 1; at++) {
        const copy = asKilled(whole);
        const changed = [...lines];
        edit(changed, at);
        writeFileSync(join(copy, stateFile), `${changed.join('\n')}\n`);
        expect([at, String(await refusalOf(copy))]).toEqual([
          at,
          expect.stringMatching(/is damaged/),
        ]);
        rmSync(copy, { recursive: true });
      }
    });
  });

  test('files of another version are refused by name, the unreleased ones too, and left where they are', async () => {
    for (const [file, text, version] of [
      ['state.json', '{"schemaVersion":1,"cove', '1 of an unreleased version'],
      [
        'changes-000001.log',
        '01234567 {"clientId":"c","changes":[]}\n',
        '1 of an unreleased version',
      ],
      [
        'changes-000001.log',
        firstLine('{"format":"alipayhk-mock changes","schemaVersion":2}'),
        '2 of an unreleased version',
      ],
      [
        'state.snapshot',
        firstLine('{"format":"alipayhk-mock state","schemaVersion":3}'),
        '3 of an unreleased version',
      ],
      [
        'newest-log',
        firstLine('{"format":"alipayhk-mock newest log","schemaVersion":3}'),
        '3 of an unreleased version',
      ],
      [stateFile, firstLine('{"format":"alipayhk-mock state","schemaVersion":99}'), '99'],
      [mark, firstLine('{"format":"alipayhk-mock end","schemaVersion":99}'), '99'],
    ] as const) {
      const folder = newFolder();
      writeFileSync(join(folder, file), text);
      expect(String(await refusalOf(folder))).toMatch(
        new RegExp(
          `has the format version ${version}, and this version of alipayhk-mock reads only 4.*state import`,
          's',
        ),
      );
      expect(readdirSync(folder)).toEqual([file]);
    }
  });

  test('that was set aside is reported by every start until the folder is removed', async () => {
    const folder = await folderOf(2);
    writeFileSync(join(folder, stateFile), 'not a log\n');
    expect(String(await refusalOf(folder))).toMatch(/is damaged/);
    const [aside = ''] = readdirSync(folder);
    for (let start = 0; start < 2; start++)
      expect(await warningsOf(folder)).toEqual([
        expect.stringMatching(
          new RegExp(`${aside} holds damaged state that an earlier start set aside`),
        ),
      ]);
    rmSync(join(folder, aside), { recursive: true });
    expect(await warningsOf(folder)).toEqual([]);
  });

  test('lines lost at the end of the last log after a stop are missed too', async () => {
    const folder = await snapshotOf(100);
    const store = await openFileStore(folder, 'os', limits);
    await put(store, order('a', 1));
    await put(store, order('b', 1));
    await store.close();
    expect(await reopened(asKilled(folder), orders)).toHaveLength(102);
    const bytes = readFileSync(join(folder, stateFile));
    for (const lines of [1, 2]) {
      const copy = asKilled(folder);
      const kept = bytes
        .toString()
        .split('\n')
        .slice(0, -1 - lines);
      writeFileSync(join(copy, stateFile), kept.map((line) => `${line}\n`).join(''));
      expect(String(await refusalOf(copy))).toMatch(
        /it was \d+ bytes long, and \d+ bytes of whole lines are found/,
      );
    }
  });

  test('lines of earlier runs that are lost after a kill are missed too', async () => {
    const folder = await snapshotOf(100);
    await reopened(folder, (store) => put(store, order('a', 1)));
    const store = await openFileStore(folder, 'os', limits);
    await put(store, order('b', 1));
    const killed = asKilled(folder);
    await store.close();
    const lines = readFileSync(join(killed, stateFile), 'utf8').split('\n').slice(0, -1);
    const cut = async (count: number): Promise<unknown> => {
      const copy = asKilled(killed);
      writeFileSync(join(copy, stateFile), `${lines.slice(0, -count).join('\n')}\n`);
      return reopened(copy, async (left) => (await orders(left)).length).catch(String);
    };
    // The last line may never have been written; the one before it was there at the last start.
    expect(await cut(1)).toBe(101);
    expect(await cut(2)).toMatch(/it was \d+ bytes long, and \d+ bytes of whole lines are found/);
  });

  test('a file without its mark is no gap while it is empty: a kill at the first start leaves it', async () => {
    const folder = newFolder();
    await reopened(folder, orders);
    rmSync(join(folder, mark));
    expect(await reopened(folder, orders)).toEqual([]);
  });

  test('a snapshot that was not finished is of no consequence', async () => {
    const folder = await folderOf(2);
    writeFileSync(join(folder, `${stateFile}.tmp`), 'half of it');
    expect(await reopened(folder, orders)).toHaveLength(2);
  });
});

/** A snapshot with twenty orders, and one that came afterwards. */
const snapshotAndChanges = async (): Promise<string> => {
  const folder = newFolder();
  const one = await openFileStore(folder, 'os', limits);
  await put(one, ...Array.from({ length: 20 }, (_, index) => order(`long-before-${index}`, 1)));
  await one.close();
  const two = await openFileStore(folder, 'os', limits);
  await put(two, order('b', 1));
  const killed = asKilled(folder);
  await two.close();
  expect(readdirSync(killed)).toEqual([mark, stateFile]);
  return killed;
};

const snapshotLength = (bytes: Buffer): number => bytes.indexOf('\n', bytes.indexOf('records')) + 1;

/** A folder of a stopped process with orders in its snapshot. */
async function snapshotOf(count = 6): Promise<string> {
  const folder = await folderOf(count);
  await reopened(folder, orders);
  expect(readFileSync(join(folder, stateFile), 'utf8')).toMatch(/\{"records":\d+\}\n$/);
  return folder;
}

async function warningsOf(folder: string): Promise<string[]> {
  const warnings: string[] = [];
  await reopened(folder, orders, { onWarning: (sentence) => warnings.push(sentence) });
  return warnings;
}
