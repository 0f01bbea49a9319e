import { describe, expect, test } from 'vitest';
import { Journal, Queue } from '../../server/journal/journal.ts';
import { addTo } from './exchange-sample.ts';

const roomy = { entries: 1000, bytes: 2 ** 30 };
const numbersOf = (journal: Journal): number[] => journal.entries.map(({ number }) => number);

describe('bounds', () => {
  test('the oldest go first, are counted, and numbers go on', () => {
    const journal = new Journal({ ...roomy, entries: 3 });
    for (let count = 0; count < 5; count++) addTo(journal);
    expect(numbersOf(journal)).toEqual([3, 4, 5]);
    expect([journal.evicted, journal.newest, journal.size]).toEqual([2, 5, 3]);
  });

  test('bytes count too: big bodies push out more than one', () => {
    const journal = new Journal({ ...roomy, bytes: 100_000 });
    for (let count = 0; count < 10; count++) addTo(journal);
    const before = journal.size;
    addTo(journal, { body: 'x'.repeat(90_000) });
    expect(before).toBe(10);
    expect(journal.bytes).toBeLessThanOrEqual(100_000);
    expect(journal.entries.at(-1)?.number).toBe(11);
    expect(journal.evicted).toBeGreaterThan(1);
  });

  test('what is larger than all room is not kept, and no bytes stay behind', () => {
    const journal = new Journal({ ...roomy, bytes: 1000 });
    addTo(journal);
    expect([journal.size, journal.bytes, journal.evicted]).toEqual([0, 0, 1]);
  });

  test('bytes return to where they were when everything went in and out', () => {
    const journal = new Journal(roomy);
    addTo(journal, { clientId: 'A' });
    const one = journal.bytes;
    addTo(journal, { clientId: 'B', body: '{"a":1}' });
    journal.deleteEntries('B');
    expect([journal.size, journal.bytes]).toEqual([1, one]);
    journal.deleteEntries();
    expect([journal.size, journal.bytes]).toEqual([0, 0]);
  });
});

describe('whether something is missing', () => {
  const overflown = (): Journal => {
    const journal = new Journal({ ...roomy, entries: 2 });
    for (const clientId of ['A', 'A', 'B', 'A', 'B']) addTo(journal, { clientId });
    return journal;
  };

  test.each([
    [0, undefined, true],
    [2, undefined, true],
    [3, undefined, false],
    [1, 'A', true],
    [2, 'A', false],
    [2, 'B', true],
    [0, 'C', false],
  ])('after %s, of client %s: %s', (since, clientId, expected) => {
    expect(overflown().hasEvictedSince(since, clientId)).toBe(expected);
  });

  test('names of strangers are not remembered without end, and then nobody is told that nothing is missing', () => {
    const journal = new Journal({ ...roomy, entries: 0 });
    for (let count = 0; count < 10_001; count++) addTo(journal, { clientId: `STRANGER-${count}` });
    expect(journal.hasEvictedSince(0, 'STRANGER-10000')).toBe(true);
    expect(journal.hasEvictedSince(0, 'NEVER-SEEN')).toBe(true);
  });

  test('forgetting on purpose is not missing', () => {
    const journal = overflown();
    journal.deleteEntries();
    expect([journal.hasEvictedSince(0), journal.evicted, journal.newest]).toEqual([false, 0, 5]);
  });
});

test('an entry is found by its id or its number', () => {
  const journal = new Journal(roomy);
  addTo(journal, { id: 'aaaaaaa000000000000000000001' });
  addTo(journal, { id: 'aaaaaaa000000000000000000002' });
  expect(journal.find('aaaaaaa000000000000000000001')?.number).toBe(1);
  expect(journal.find('2')?.id).toBe('aaaaaaa000000000000000000002');
  expect(journal.find('3')).toBeUndefined();
});

test('a queue keeps order over many turns and lets go of what left it', () => {
  const queue = new Queue<number>();
  const left: number[] = [];
  for (let item = 0; item < 10_000; item++) {
    queue.push(item);
    if (queue.length > 100) left.push(queue.shift() ?? -1);
  }
  expect(left).toEqual(Array.from({ length: 9900 }, (_, item) => item));
  expect(queue.toArray()).toEqual(Array.from({ length: 100 }, (_, item) => 9900 + item));
  expect(new Queue().shift()).toBeUndefined();
});
