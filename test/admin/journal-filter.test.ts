import { expect, test } from 'vitest';
import { readyFilter } from '../../server/admin/routes/journal-router.ts';
import { exchangeSample } from '../journal/exchange-sample.ts';

const isFound = (
  search: string,
  entry: Parameters<typeof exchangeSample>[0],
  plaintext = false,
): boolean => readyFilter({ search }, { plaintext }).fits(exchangeSample(entry));

const refused = {
  identity: undefined,
  verdict: {
    step: 'verify-signature',
    code: 'INVALID_SIGNATURE',
    status: 'F',
    basis: [],
    reason: 'does not verify',
  },
  body: '{"requestId":"REQ-17","merchantBizNo":"ORDER-9","title":"\\u661f\\u5149"}',
} as const;

test.each([
  ['a request id', 'req-17'],
  ['the order number of a call whose signature was refused', 'ORDER-9'],
  ['a code', 'INVALID_SIGNATURE'],
  ['the beginning of a code', 'invalid_sig'],
  ['a step', 'verify-sig'],
  ['an operation', 'syncorder'],
  ['a reason', 'not verify'],
  ['a client', 'shop'],
  ['a Tracer-Id', 'abcdefg1234'],
  ['text that the body writes with escapes', '星光'],
])('a search finds %s', (_what, search) => {
  expect(isFound(search, refused)).toBe(true);
});

test('a search finds what was noted, the scripted rule, tags and the ids of changed records', () => {
  const noted = { id: 'UNKNOWN_FIELD', sentence: 'x', register: 'G-01' } as const;
  expect(isFound('unknown_field', { findings: [noted] })).toBe(true);
  const delivery = { delayMs: 0 } as never;
  expect(
    isFound('fails-twice', { scripted: { rule: 'order-fails-twice, rule 1', delivery } }),
  ).toBe(true);
  expect(isFound('fault:reset', { tags: ['fault:reset'] })).toBe(true);
  const change = {
    collection: 'requests',
    id: 'syncOrder REQ-18',
    before: null,
    after: null,
  } as const;
  expect(isFound('req-18', { changes: [change] })).toBe(true);
});

test('a search finds nothing that is not there', () => {
  expect(isFound('ORDER-10', refused)).toBe(false);
});

test('the decrypted body is searched only where views show it', () => {
  const entry = exchangeSample({ sealed: true, body: 'b64' });
  const encrypted = {
    ...entry,
    request: { ...entry.request, plain: Buffer.from('{"phone":"SECRET-1"}') },
  };
  expect(readyFilter({ search: 'secret-1' }).fits(encrypted)).toBe(false);
  expect(readyFilter({ search: 'secret-1' }, { plaintext: true }).fits(encrypted)).toBe(true);
});

test('a large body is searched by its beginning', () => {
  const body = (at: number): string => `${'x'.repeat(at)}needle${'x'.repeat(200_000)}`;
  expect([
    isFound('needle', { body: body(1000) }),
    isFound('needle', { body: body(100_000) }),
  ]).toEqual([true, false]);
});
