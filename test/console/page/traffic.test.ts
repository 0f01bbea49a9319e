import { expect, test } from 'vitest';
import {
  findCollection,
  formatAmount,
  formatIdentity,
} from '../../../console/components/format.ts';
import type { Row } from '../../../console/stream/feed.ts';
import { compareMaps, flattenJson } from '../../../console/views/exchange/compare.tsx';
import { formatSearch, parseSearch } from '../../../console/views/exchanges/list-rows.ts';
import { groupStories } from '../../../console/views/exchanges/stories.tsx';
import { summarizeTraffic } from '../../../console/views/exchanges/traffic-strip.tsx';
import { completeAt, findYamlPlace } from '../../../console/views/scenarios/yaml-editor.ts';
import schema from '../../../scenarios/scenario.schema.json' with { type: 'json' };
import { endpoints } from '../../../server/domain/operations/index.ts';
import { exchangeRow } from './exchange-row.ts';

const row = (number: number, changes: Partial<Row> = {}): Row =>
  exchangeRow(number, {
    receivedAt: number * 1000,
    arrival: { order: number, atUs: number * 1_000_000 },
    clientId: 'C',
    operation: 'syncOrder',
    identity: '["A-1"]',
    requestId: 'R-1',
    contentDigest: 'same',
    milliseconds: number,
    requestBytes: 10,
    ...changes,
  });

test('the search box reads tokens, quotes and free text, and writes them again', () => {
  const filters = parseSearch('code:F_1 order:"Movie 1" at most unknown:x');
  expect(filters).toEqual({ code: 'F_1', order: 'Movie 1', text: 'at most unknown:x' });
  expect(parseSearch(formatSearch(filters))).toEqual(filters);
  expect(parseSearch('code:')).toEqual({});
});

test('a story says when each attempt came, whether its bytes are the same, and what is wrong', () => {
  const unknown = { status: 'U', code: 'UNKNOWN_EXCEPTION' } as const;
  const [right] = groupStories([row(1, unknown), row(3, unknown), row(7)], 'order');
  expect(right?.events.map(({ laterMs, relation }) => [laterMs, relation])).toEqual([
    [0, undefined],
    [2000, 'sameBytes'],
    [4000, 'sameBytes'],
  ]);
  const verdictOf = (...rows: Row[]) => groupStories(rows, 'order')[0]?.verdict;
  expect([
    right?.verdict,
    verdictOf(row(1, unknown)),
    verdictOf(row(1, unknown), row(2, { contentDigest: 'other' })),
    verdictOf(row(1), row(2)),
    verdictOf(row(1, unknown), row(2, { requestId: 'R-2', contentDigest: 'other' })),
  ]).toEqual(['settled', 'open', 'changedRetry', 'afterFinal', 'newId']);
  // A retry that was refused before it was read belongs to the order of its request id.
  const { identity: _identity, ...unread } = row(2, { status: 'F', contentDigest: 'other' });
  expect(verdictOf(unread, row(3))).toBe('changedRetry');
});

test('traffic is counted by time, code and duration', () => {
  const rows = Array.from({ length: 100 }, (_, at) =>
    row(at + 1, at % 10 === 0 ? { status: 'F', code: 'PARAM_ILLEGAL' } : {}),
  );
  const { bins, codes, p50, p95, total } = summarizeTraffic(rows);
  expect([total, p50, p95]).toEqual([100, 51, 96]);
  expect(codes.map(({ code, count }) => [code, count])).toEqual([
    ['SUCCESS', 90],
    ['PARAM_ILLEGAL', 10],
  ]);
  expect(bins.reduce((sum, { S, U, F }) => sum + S + U + F, 0)).toBe(100);
});

test('two bodies are compared by the paths of their values', () => {
  const [a, b] = [
    flattenJson({ id: '1', amount: { value: '5' }, items: [1, 2] }),
    flattenJson({ id: '1', amount: { value: '6' }, items: [1], more: {} }),
  ];
  expect(compareMaps(a, b)).toEqual([
    { field: 'amount.value', left: '"5"', right: '"6"' },
    { field: 'items[1]', left: '2', right: undefined },
    { field: 'more', left: undefined, right: '{}' },
  ]);
});

test('amounts and identities are labelled', () => {
  expect(formatAmount('12800', 'HKD')).toBe('HKD 128.00');
  expect(formatAmount(12_800, 'JPY')).toBe('JPY 12,800');
  expect(formatAmount('x', 'HKD')).toBeUndefined();
  expect(formatIdentity('["RIDE-1"]', 'syncOrder')).toBe('RIDE-1');
  expect(formatIdentity('["M1","P1"]', 'cards')).toBe('merchantId M1 · passId P1');
  for (const { operationId, collection } of endpoints)
    expect(findCollection(operationId)).toBe(collection);
});

test('the editor completes keys and values of the schema, in blocks and in braces', () => {
  const labels = (text: string) => completeAt(schema, text)?.options.map(({ label }) => label);
  expect(labels('na')).toEqual(['name']);
  expect(labels('rules:\n  - when:\n      oper')).toEqual(['operation']);
  expect(labels('rules:\n  - when:\n      operation: syncO')).toEqual(['syncOrder']);
  expect(labels('rules:\n  - when: { operation: syncOrder }\n    then: { fault: hea')).toEqual([
    'headers-only',
  ]);
  expect(labels('rules:\n  - when:\n      call: { per: ')).toEqual(['client', 'identity']);
  expect(
    findYamlPlace('rules:\n  - when:\n      operation: syncOrder\n    then:\n      res'),
  ).toEqual({
    path: ['rules', '-', 'then'],
    kind: 'key',
    typed: 'res',
  });
});
