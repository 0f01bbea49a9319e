import { expect, test, vi } from 'vitest';
import { eventReader } from '../../../server/console/page/api/event-stream.ts';
import type { ExchangeRow } from '../../../server/console/page/api/journal.ts';
import { Feed, mostRows } from '../../../server/console/page/live/feed.ts';
import { filterTest, readFilters } from '../../../server/console/page/live/filters.ts';
import { rowsInSight } from '../../../server/console/page/live/window.ts';

const row = (number: number, changes: Partial<ExchangeRow> = {}): ExchangeRow => ({
  number,
  id: `id${number}`,
  receivedAt: 0,
  method: 'POST',
  target: '/x',
  step: 'decide',
  code: 'SUCCESS',
  status: 'S',
  reason: 'a new order',
  marks: [],
  findings: [],
  sealed: false,
  signed: true,
  httpStatus: 200,
  milliseconds: 1,
  requestBytes: 1,
  replyBytes: 1,
  changed: 1,
  ...changes,
});
const numbers = (feed: Feed): readonly number[] => feed.state.rows.map(({ number }) => number);

test('events are read whole, however the stream cuts them', () => {
  const text = 'event: hello\ndata: {}\n\n: heartbeat\n\nid: 7\nevent: exchange\ndata: {"a":\ndata: 1}\n\n';
  for (const size of [1, 3, 1000]) {
    const read = eventReader();
    const events = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size)).flatMap(
      (piece) => read(piece),
    );
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
  feed.pause(true);
  feed.add([row(2), row(3)]);
  expect([numbers(feed), feed.state.waiting]).toEqual([[1], 2]);
  feed.pause(false);
  expect([numbers(feed), feed.state.waiting]).toEqual([[1, 2, 3], 0]);
});

test('it never holds more rows than it should, and keeps the newest', () => {
  const feed = new Feed();
  for (let first = 1; first <= 2 * mostRows; first += 500) feed.add(Array.from({ length: 500 }, (_, at) => row(first + at)));
  expect(feed.state.rows.length).toBeLessThanOrEqual(mostRows);
  expect(feed.state.rows.at(-1)?.number).toBe(2 * mostRows);
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
  const test = filterTest(readFilters(new URLSearchParams('status=FU&code=PARAM_ILLEGAL&text=NEW&other=1')));
  expect(test(row(1, { code: 'PARAM_ILLEGAL', status: 'F' }))).toBe(true);
  expect(test(row(1, { code: 'PARAM_ILLEGAL', status: 'S' }))).toBe(false);
  expect(test(row(1, { code: 'PARAM_ILLEGAL', status: 'F', reason: 'old' }))).toBe(false);
});

test('only the rows in sight are drawn, and a few beyond', () => {
  expect(rowsInSight(3600, 360, 36, 100_000)).toEqual({ first: 92, end: 118 });
  expect(rowsInSight(0, 360, 36, 3)).toEqual({ first: 0, end: 3 });
});
