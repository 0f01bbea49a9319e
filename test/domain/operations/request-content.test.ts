import { expect, test } from 'vitest';
import { differingFields, hashFields } from '../../../server/domain/operations/request-content.ts';

const request = {
  requestId: 'abc-1',
  name: 'é中"\\q',
  amount: 12.5,
  huge: 1e21,
  nested: { b: 1, a: [1, 'x "y" é', null, { z: true }] },
  no: false,
  nothing: null,
};

test('the hashes of a request are those that data folders hold', () => {
  expect(hashFields(request)).toBe('0JFUtgVexuUXCFb6ck_h6ytpz-HNL5WuV9oBxpqW6B');
});

test('what differs is named; another layout of a value does not differ', () => {
  const other = {
    ...request,
    nested: { a: [1, 'x "y" é', null, { z: true }], b: 1 },
    amount: 12,
    added: 1,
    nothing: undefined,
  };
  const { nothing: _, ...changed } = other;
  expect(differingFields(hashFields(request), changed, ['nothing'])).toEqual([
    'amount',
    'added',
    'nothing',
  ]);
});

test('a request of many fields is hashed whole', () => {
  const fields = Array.from({ length: 200 }, (_, at) => [`f${at}`, at]);
  const hashes = hashFields(Object.fromEntries(fields));
  expect(hashes).toHaveLength(1200);
  for (const few of [1, 64, 65])
    expect(hashes.startsWith(hashFields(Object.fromEntries(fields.slice(0, few))))).toBe(true);
});
