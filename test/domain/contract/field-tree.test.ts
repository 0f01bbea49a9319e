import { expect, test } from 'vitest';
import type { Field } from '../../../server/domain/contract/contract.ts';
import { emptyTexts, withoutNulls } from '../../../server/domain/contract/inspect-request.ts';
import type { JsonObject } from '../../../server/domain/state/state.ts';

const field = (changes: Partial<Field> = {}): Field => ({
  isRequired: false,
  isNullable: false,
  isText: true,
  children: new Map(),
  ...changes,
});
const inner = new Map([
  ['optional', field()],
  ['required', field({ isRequired: true })],
]);
const tree = new Map([
  ['text', field()],
  ['required', field({ isRequired: true })],
  ['nullable', field({ isNullable: true })],
  ['number', field({ isText: false })],
  ['object', field({ isText: false, children: inner })],
  ['list', field({ isText: false, children: inner })],
]);

test.each<[JsonObject, JsonObject]>([
  [{ text: null, other: null }, { other: null }],
  [
    { required: null, nullable: null },
    { required: null, nullable: null },
  ],
  [{ object: { optional: null, required: 'x' } }, { object: { required: 'x' } }],
  [{ list: [{ optional: null }, 5, null, [{ optional: null }]] }, { list: [{}, 5, null, [{}]] }],
])('optional nulls are left out: %j becomes %j', (request, without) => {
  expect(withoutNulls([tree], request)).toEqual(without);
});

test.each<JsonObject>([
  { text: 'x' },
  { object: { optional: 'x' } },
  { list: [{ optional: 'x' }, 5] },
  { list: [] },
])('without such a null the request is the same object: %j', (request) => {
  expect(withoutNulls([tree], request)).toBe(request);
});

test.each<[JsonObject, string[]]>([
  [{ text: '', required: '', number: '', unknown: '' }, ['text']],
  [{ object: { optional: '' } }, ['object.optional']],
  [{ list: [{ optional: '' }, '', null, [], { required: '' }] }, ['list.optional']],
  [{ text: null, unknown: { optional: '' }, nullable: {} }, []],
])('empty optional texts of %j are %j', (request, paths) => {
  expect(emptyTexts([tree], request)).toEqual(paths);
});
