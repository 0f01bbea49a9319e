import {
  appendFileSync,
  cpSync,
  mkdirSync,
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

const first = 'changes-000001.log';
const second = 'changes-000002.log';
const firstLine = (text: string): string => `${chainChecksum('', text)} ${text}\n`;
const refusalOf = (folder: string) =>
  openFileStore(folder, 'os', limits).catch((error: unknown) => error);

describe('a line that was not finished', () => {
  test.each([
    ['half a line', '12345678 "c"\torders\t"o4'],
    ['zeros, as a power cut leaves them', '\0'.repeat(5000)],
  ])('%s is left out, and the log goes on behind it', async (_name, tail) => {
    const folder = await folderOf(3);
    appendFileSync(join(folder, first), tail);
    const warnings: string[] = [];
    const store = await openFileStore(folder, 'os', limits, {
      onWarning: (sentence) => warnings.push(sentence),
    });
    expect(warnings).toEqual([
      expect.stringMatching(
        /changes-000001\.log: 1 line that was not finished \(\d+ bytes\) was cut from its end/,
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

  test('wherever the last log is cut off, what is left is what was there a moment before', async () => {
    const whole = await folderOf(4);
    const bytes = readFileSync(join(whole, first));
    for (let length = 0; length < bytes.length; length += 5) {
      const folder = newFolder();
      writeFileSync(join(folder, first), bytes.subarray(0, length));
      cpSync(join(whole, 'newest-log'), join(folder, 'newest-log'));
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
    [
      'an empty snapshot',
      (folder: string) => writeFileSync(join(folder, 'state.snapshot'), ''),
      /it is cut short/,
    ],
    [
      'a snapshot that has gone',
      (folder: string) => rmSync(join(folder, 'state.snapshot')),
      /000001\.log: is damaged: it is missing/,
    ],
    [
      'a log that has gone',
      (folder: string) => rmSync(join(folder, second)),
      /000002\.log: is damaged: it is missing/,
    ],
    [
      'a log that lost its last line',
      loseLastLine,
      /000002\.log: is damaged: it was \d+ bytes long, and \d+ of them are left/,
    ],
    [
      'the newest log that has gone',
      (folder: string) => rmSync(join(folder, 'changes-000003.log')),
      /000003\.log: is damaged: it is missing, but .*newest-log names .*000003\.log/,
    ],
    [
      'newest-log that has gone',
      (folder: string) => rmSync(join(folder, 'newest-log')),
      /newest-log: is damaged: it is missing or older than .*000002\.log/,
    ],
    [
      'newest-log that is empty',
      (folder: string) => writeFileSync(join(folder, 'newest-log'), ''),
      /newest-log: is damaged/,
    ],
    [
      'all logs that have gone',
      (folder: string) => {
        for (const name of [second, 'changes-000003.log']) rmSync(join(folder, name));
      },
      /000002\.log: is damaged: it is missing/,
    ],
    [
      'a log of another folder',
      (folder: string) =>
        writeFileSync(
          join(folder, second),
          readFileSync(join(folder, second), 'utf8').replace(/"checksum":"./, '"checksum":"x'),
        ),
      /000002\.log: is damaged/,
    ],
    [
      'two logs that have changed places',
      (folder: string) => {
        const [one, two] = [second, 'changes-000003.log'].map((name) =>
          readFileSync(join(folder, name)),
        );
        writeFileSync(join(folder, second), two ?? '');
        writeFileSync(join(folder, 'changes-000003.log'), one ?? '');
      },
      /is damaged: it is not the one whose end/,
    ],
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
    expect(String(await refusalOf(folder))).toMatch(
      /moved to corrupt-2023-11-14T22-13-20\.000Z-2\//,
    );
    vi.useRealTimers();
  });

  describe('whichever line is', () => {
    const files = [
      { file: first, make: () => folderOf(6) },
      { file: 'state.snapshot', make: () => snapshotOf() },
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
      files.flatMap(({ file, make }) => edits.map(([what, edit]) => ({ file, make, what, edit }))),
    )('$what in $file: the start is refused', async ({ file, make, edit }) => {
      const whole = await make();
      const lines = readFileSync(join(whole, file), 'utf8').split('\n').slice(0, -1);
      expect(lines.length).toBeGreaterThan(6);
      // The last line of the last log may be one that was never written; every other one is missed.
      for (let at = 1; at < lines.length - 1; at++) {
        const copy = asKilled(whole);
        const changed = [...lines];
        edit(changed, at);
        writeFileSync(join(copy, file), `${changed.join('\n')}\n`);
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
      [first, '01234567 {"clientId":"c","changes":[]}\n', '1 of an unreleased version'],
      [
        first,
        firstLine(
          '{"format":"alipayhk-mock changes","schemaVersion":2,"after":{"log":0,"bytes":0}}',
        ),
        '2 of an unreleased version',
      ],
      [
        'state.snapshot',
        firstLine('{"format":"alipayhk-mock state","schemaVersion":2,"coversLog":1}'),
        '2 of an unreleased version',
      ],
      [first, firstLine('{"format":"alipayhk-mock changes","schemaVersion":99}'), '99'],
      [
        'state.snapshot',
        firstLine('{"format":"alipayhk-mock state","schemaVersion":99,"coversLog":1}'),
        '99',
      ],
    ] as const) {
      const folder = newFolder();
      writeFileSync(join(folder, file), text);
      expect(String(await refusalOf(folder))).toMatch(
        new RegExp(
          `has the format version ${version}, and this version of alipayhk-mock reads only 3.*state import`,
          's',
        ),
      );
      expect(readdirSync(folder)).toEqual([file]);
    }
  });

  test('that was set aside is reported by every start until the folder is removed', async () => {
    const folder = await folderOf(2);
    writeFileSync(join(folder, first), 'not a log\n');
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
    const [log = ''] = readdirSync(folder).filter((name) => name.startsWith('changes-'));
    expect(await reopened(asKilled(folder), orders)).toHaveLength(102);
    const bytes = readFileSync(join(folder, log));
    for (const lines of [1, 2, 3]) {
      const copy = asKilled(folder);
      const kept = bytes
        .toString()
        .split('\n')
        .slice(0, -1 - lines);
      writeFileSync(join(copy, log), kept.map((line) => `${line}\n`).join(''));
      expect(String(await refusalOf(copy))).toMatch(
        /it was \d+ bytes long, and \d+ of them are left/,
      );
    }
  });

  test('a log that was begun and never used, as a kill at that moment leaves it, is no gap', async () => {
    const folder = await folderOf(2);
    writeFileSync(
      join(folder, second),
      firstLine(
        '{"format":"alipayhk-mock changes","schemaVersion":3,"after":{"log":1,"bytes":3,"checksum":""}}',
      ),
    );
    expect(await reopened(folder, orders)).toHaveLength(2);
    expect(await reopened(folder, orders)).toHaveLength(2);
  });
});

/** A snapshot with an order, and two logs with one each. */
const threeParts = async (): Promise<string> => {
  const folder = newFolder();
  const one = await openFileStore(folder, 'os', limits);
  await put(one, ...Array.from({ length: 20 }, (_, index) => order(`long-before-${index}`, 1)));
  await one.close();
  const two = await openFileStore(folder, 'os', limits);
  await put(two, order('b', 1));
  await put(two, order('b', 2));
  const killed = asKilled(folder);
  await two.close();
  const three = await openFileStore(killed, 'os', limits);
  await put(three, order('c', 1));
  const parts = asKilled(killed);
  await three.close();
  expect(readdirSync(parts)).toEqual([
    second,
    'changes-000003.log',
    'newest-log',
    'state.snapshot',
  ]);
  return parts;
};

function loseLastLine(folder: string): void {
  const bytes = readFileSync(join(folder, second));
  truncateSync(join(folder, second), bytes.lastIndexOf('\n', bytes.length - 2) + 1);
}

/** A folder of a stopped process with orders in its snapshot. */
async function snapshotOf(count = 6): Promise<string> {
  const folder = await folderOf(count);
  await reopened(folder, orders);
  expect(readdirSync(folder)).toEqual(['state.snapshot']);
  return folder;
}

async function warningsOf(folder: string): Promise<string[]> {
  const warnings: string[] = [];
  await reopened(folder, orders, { onWarning: (sentence) => warnings.push(sentence) });
  return warnings;
}
