import { expect, test, vi } from 'vitest';
import { Feed, maxRows } from '../../../console/stream/feed.ts';
import {
  computeVisibleRows,
  createRowFilter,
  readFilters,
  showsSameRows,
} from '../../../console/views/exchanges/list-rows.ts';
import { createEventParser } from '../../../sdk/admin/event-stream.ts';
import { exchangeRow as row } from './exchange-row.ts';

const numbers = (feed: Feed): readonly number[] => feed.state.rows.map(({ number }) => number);

test('events are read whole, however the stream cuts them', () => {
  const text =
    'event: hello\ndata: {}\n\n: heartbeat\n\nid: 7\nevent: exchange\ndata: {"a":\ndata: 1}\n\n';
  for (const size of [1, 3, 1000]) {
    const read = createEventParser();
    const events = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    ).flatMap((piece) => read(piece));
    expect(events).toEqual([
      { name: 'hello', id: undefined, data: '{}' },
      { name: 'exchange', id: '7', data: '{"a":\n1}' },
    ]);
  }
});

test('what the journal and the stream both tell stands in the list once', () => {
  const feed = new Feed();
  feed.add([row(3), row(4)]);
  feed.replace([row(1), row(2), row(3)], { held: 3, evicted: 0 });
  feed.add([row(4), row(5)]);
  expect(numbers(feed)).toEqual([1, 2, 3, 4, 5]);
});

test('while it is paused rows wait, and are counted', () => {
  const feed = new Feed();
  feed.add([row(1)]);
  feed.setPaused(true);
  feed.add([row(2), row(3)]);
  expect([numbers(feed), feed.state.waiting]).toEqual([[1], 2]);
  feed.setPaused(false);
  expect([numbers(feed), feed.state.waiting]).toEqual([[1, 2, 3], 0]);
});

test('it never holds more rows than it should, and keeps the newest', () => {
  const feed = new Feed();
  for (let first = 1; first <= 2 * maxRows; first += 500)
    feed.add(Array.from({ length: 500 }, (_, at) => row(first + at)));
  expect(feed.state.rows.length).toBeLessThanOrEqual(maxRows);
  expect(feed.state.rows.at(-1)?.number).toBe(2 * maxRows);
});

test('another run empties the list and says so; the same run does not', () => {
  const feed = new Feed();
  expect(feed.enterRun('a')).toBe(false);
  feed.add([row(1), row(2)]);
  expect([feed.enterRun('a'), numbers(feed)]).toEqual([false, [1, 2]]);
  expect(feed.enterRun('b')).toBe(true);
  expect([numbers(feed), feed.state.hasRestarted, feed.state.isRead]).toEqual([[], true, false]);
  feed.add([row(1)]);
  expect(numbers(feed)).toEqual([1]);
});

test('what the journal evicted leaves the list, but not a paused one', () => {
  const feed = new Feed();
  feed.replace([row(1), row(2), row(3)], { held: 3, evicted: 0 });
  feed.setPaused(true);
  feed.setCounts({ held: 2, evicted: 1, oldest: 2 });
  expect(numbers(feed)).toEqual([1, 2, 3]);
  feed.setPaused(false);
  expect(numbers(feed)).toEqual([2, 3]);
  feed.replace([row(3)], { held: 1, evicted: 2 }, 2);
  feed.add([row(4), row(5)]);
  expect(numbers(feed)).toEqual([4, 5]);
});

test('a row that comes again replaces what was known of the exchange', () => {
  const feed = new Feed();
  feed.add([row(1), row(2)]);
  const { epoch } = feed.state;
  feed.add([row(1, { findings: ['HASH_SHA1'] })]);
  expect(feed.state.rows.map(({ findings }) => findings)).toEqual([['HASH_SHA1'], []]);
  expect(feed.state.epoch).toBeGreaterThan(epoch);
});

test('a text is looked for in all that a row states, and in what the simulator found', () => {
  const scripted = row(7, {
    code: 'PARAM_ILLEGAL',
    operation: 'syncOrder',
    rule: 'order-fails-twice, rule 1',
    findings: ['HASH_SHA1'],
  });
  for (const text of ['PARAM_ILL', 'syncorder', 'fails-twice', 'sha1'])
    expect([text, createRowFilter({ text })(scripted)]).toEqual([text, true]);
  expect(createRowFilter({ text: 'REQ-1' })(scripted)).toBe(false);
  expect(createRowFilter({ text: 'REQ-1' }, new Set([7]))(scripted)).toBe(true);
  expect(
    createRowFilter({ text: 'REQ-1', status: 'S' }, new Set([7]))({ ...scripted, status: 'F' }),
  ).toBe(false);
});

test('a thousand changes are told as a few', () => {
  vi.useFakeTimers();
  const feed = new Feed();
  const listener = vi.fn();
  feed.subscribe(listener);
  for (let number = 1; number <= 1000; number++) feed.add([row(number)]);
  vi.advanceTimersByTime(150);
  expect(listener).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});

test('filters are read from the address and all have to fit', () => {
  const test = createRowFilter(
    readFilters(new URLSearchParams('status=FU&code=PARAM_ILLEGAL&text=NEW&other=1')),
  );
  expect(test(row(1, { code: 'PARAM_ILLEGAL', status: 'F' }))).toBe(true);
  expect(test(row(1, { code: 'PARAM_ILLEGAL', status: 'S' }))).toBe(false);
  expect(test(row(1, { code: 'PARAM_ILLEGAL', status: 'F', reason: 'old' }))).toBe(false);
});

test('only the rows in sight are drawn, and a few beyond', () => {
  const list = (count: number) => ({
    rows: Array.from({ length: count }, (_, number) => ({ number })),
    rowHeight: 36,
  });
  const view = { top: 3600, height: 360, newest: 9_999 };
  expect(computeVisibleRows(view, list(10_000))).toEqual({ first: 92, end: 120 });
  expect(computeVisibleRows({ ...view, top: 0, newest: 2 }, list(3))).toEqual({ first: 0, end: 3 });
  // Rows that arrive do not move a scrolled list, and are seen at once in one that is not.
  expect(computeVisibleRows(view, list(10_007))).toEqual({ first: 99, end: 127 });
  expect(computeVisibleRows({ ...view, top: 0 }, list(10_007))).toEqual({ first: 0, end: 19 });
  const steps = [3601, 3630, 3744].map((top) => ({ ...view, top }));
  expect(steps.map((next) => showsSameRows(view, next, list(10_000)))).toEqual([true, true, false]);
});
