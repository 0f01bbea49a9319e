import { expect, onTestFinished, test } from 'vitest';
import { type Delay, mulberry32, sampleDelay } from '../../../server/domain/faults/fault.ts';
import { merchantAt } from '../../merchant.ts';
import { serverWith } from './faulty-server.ts';

const drawn = (delay: Delay, count: number, seed = 'seed'): number[] =>
  Array.from({ length: count }, (_, n) => sampleDelay(delay, `${seed} ${n}`));

test('mulberry32 gives its published sequence', () => {
  // Seed 1, computed with the reference implementation:
  // github.com/bryc/code/blob/master/jshash/PRNGs.md.
  const random = mulberry32(1);
  expect([random(), random(), random()].map((value) => Math.floor(value * 2 ** 32))).toEqual([
    2693262067, 11749833, 2265367787,
  ]);
});

test('a fixed delay is what it says', () => {
  expect(sampleDelay(250, 'anything')).toBe(250);
});

test('an even delay stays between its ends and reaches both', () => {
  const delays = drawn({ from: 10, to: 14 }, 500);
  expect(new Set(delays)).toEqual(new Set([10, 11, 12, 13, 14]));
  expect(drawn({ from: 7, to: 7 }, 3)).toEqual([7, 7, 7]);
});

test('a skewed delay has its median, a tail, and an end', () => {
  const delays = drawn({ median: 100, sigma: 0.5 }, 4001).sort((a, b) => a - b);
  expect(delays[2000]).toBeGreaterThan(95);
  expect(delays[2000]).toBeLessThan(105);
  expect(delays.at(-1)).toBeGreaterThan(300);
  expect(drawn({ median: 100, sigma: 0 }, 3)).toEqual([100, 100, 100]);
  expect(Math.max(...drawn({ median: 600_000, sigma: 3 }, 100))).toBe(600_000);
});

test('chance depends on the seed and the call alone', () => {
  expect(drawn({ from: 0, to: 1e6 }, 50)).toEqual(drawn({ from: 0, to: 1e6 }, 50));
  expect(drawn({ from: 0, to: 1e6 }, 50)).not.toEqual(drawn({ from: 0, to: 1e6 }, 50, 'other'));
});

const spread = '{ when: { operation: syncOrder }, then: { delayMs: { from: 0, to: 60 } } }';

/**
 * The delays that ten calls of one client get, with calls of another operation in between or not.
 */
const delaysOf = async (seed: number, disturbed: boolean): Promise<string> => {
  const server = await serverWith([spread], { seed });
  onTestFinished(() => server.close());
  const merchant = merchantAt(server);
  const tags: string[] = [];
  for (let call = 0; call < 10; call++) {
    if (disturbed) await merchant.call('syncPaymentInfo');
    tags.push(...(await merchant.call('syncOrder')).tags);
  }
  return tags.join(' ');
};

test('the same seed, the same delays, to the byte, whatever else goes on', async () => {
  const delays = await delaysOf(7, false);
  expect(delays).toMatch(/^(delay:\d+ ?){10}$/);
  expect(await delaysOf(7, true)).toBe(delays);
  expect(await delaysOf(8, false)).not.toBe(delays);
});

test('a delay really is waited for, and a client that leaves ends it', async () => {
  const server = await serverWith([
    '{ when: { operation: syncOrder }, then: { delayMs: { from: 300, to: 310 } } }',
  ]);
  onTestFinished(() => server.close());
  const began = performance.now();
  await merchantAt(server).call('syncOrder');
  expect(performance.now() - began).toBeGreaterThanOrEqual(295);
});
