import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crashTest } from '../../../bench/crash/crash-test.ts';
import { packageRoot } from '../../../server/package-root.ts';

// `npm run bench:crash` does the same hundreds of times.
test('a process that is killed at random under load, a dozen times, has lost nothing that it answered and done nothing twice', async () => {
  const options = { rounds: 12, durability: 'os', seed: 20_261_120, longestMinutes: 4 };
  const tally = await crashTest(options, packageRoot, mkdtempSync(join(tmpdir(), 'crash-')));
  expect(tally.findings).toEqual([]);
  expect(tally.isClean).toBe(true);
  expect(tally.rounds).toBe(12);
  expect(tally.probed).toBeGreaterThan(50);
}, 300_000);
