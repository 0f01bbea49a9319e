import { mkdtempSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileStamp, isLeftover } from '../../server/problems/read-file.ts';

describe('leftovers', () => {
  test.each([
    '.a.yaml.swp',
    '.DS_Store',
    '._v1.public.pem',
    '.#a.yaml',
    '#a.yaml#',
    'a.yaml~',
    'v1.public.pem.bak',
    'a.yaml.orig',
    'a.BAK',
  ])('%s is one', (name) => expect(isLeftover(name)).toBe(true));
  test.each([
    'a.yaml',
    'v1.public.pem',
    'key-validity.yaml',
    'my#story.yaml',
    'bak.yaml',
    'a~b.yaml',
    'SHOP-1',
  ])('%s is none', (name) => expect(isLeftover(name)).toBe(false));
});

describe('a file’s stamp changes with every edit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stamps-'));
  const file = join(folder, 'a.yaml');

  test('of the same size and with the same modification time', () => {
    writeFileSync(file, 'result: AAAA');
    const { atime, mtime } = statSync(file);
    utimesSync(file, atime, mtime);
    const before = fileStamp(file);
    const kept = statSync(file).mtimeMs;
    writeFileSync(file, 'result: BBBB');
    utimesSync(file, atime, mtime);
    expect(statSync(file).mtimeMs).toBe(kept);
    expect(fileStamp(file)).not.toBe(before);
  });

  test('by a rename over it', () => {
    const before = fileStamp(file);
    const { atime, mtime } = statSync(file);
    writeFileSync(join(folder, 'b'), 'result: CCCC');
    utimesSync(join(folder, 'b'), atime, mtime);
    renameSync(join(folder, 'b'), file);
    expect(fileStamp(file)).not.toBe(before);
  });

  test('of a file that does not exist is one, too', () => {
    expect(fileStamp(join(folder, 'gone'))).toBe(`${join(folder, 'gone')} -`);
  });
});
