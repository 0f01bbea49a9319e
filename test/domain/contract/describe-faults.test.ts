import { describe, expect, test } from 'vitest';
import {
  type ContractError,
  describeError,
  describeFaults,
} from '../../../server/domain/contract/describe-faults.ts';
import type { JsonObject } from '../../../server/domain/state/state.ts';

const known = { knownFields: new Map([['', new Set(['requestId', 'userId', 'openId'])]]) };
const faultsOf = (errors: readonly ContractError[], request: JsonObject = {}) =>
  describeFaults(errors, request, known as never);
const error = (keyword: string, message: string, path = '/body/field'): ContractError => ({
  path,
  message,
  errorCode: `${keyword}.openapi.validation`,
});

describe('one error of the validator', () => {
  test.each([
    ['required', 'must have required property', undefined, 'is required'],
    ['maxLength', 'must NOT have more than 4 characters', 'héllo', '5 characters, at most 4'],
    ['maxLength', 'must NOT have more than 4 characters', 7, '? characters, at most 4'],
    [
      'maxLength',
      'must NOT have more than 32 characters',
      '123e4567-e89b-12d3-a456-426614174000',
      '36 characters, at most 32; send the UUID without its hyphens',
    ],
    ['minLength', 'must NOT have fewer than 1 characters', '', 'must not be empty'],
    ['minLength', 'must NOT have fewer than 3 characters', 'a', 'at least 3 characters'],
    ['type', 'must be string', 1, 'must be of type string'],
    ['enum', 'must be equal to one of the allowed values: A, B', 'C', 'must be one of A, B'],
    ['const', 'must be equal to constant', 'x', 'must be the fixed value of the contract'],
    ['minimum', 'must be >= 10', 1, 'at least 10'],
    ['maximum', 'must be <= 10.5', 11, 'at most 10.5'],
    ['exclusiveMinimum', 'must be > 0', 0, 'more than 0'],
    ['exclusiveMaximum', 'must be < 1e21', 1e21, 'less than 1e21'],
    ['multipleOf', 'must be multiple of 5', 3, 'a multiple of 5'],
    ['minItems', 'must NOT have fewer than 1 items', [], 'at least 1 item'],
    ['maxItems', 'must NOT have more than 2 items', [1, 2, 3], 'at most 2 items'],
    ['minProperties', 'must NOT have fewer than 1 properties', {}, 'at least 1 field'],
    ['maxProperties', 'must NOT have more than 2 properties', {}, 'at most 2 fields'],
    ['uniqueItems', 'must NOT have duplicate items', [1, 1], 'must not have the same item twice'],
    ['additionalProperties', 'must NOT have additional', 1, 'is not known here'],
    ['unevaluatedProperties', 'must NOT have unevaluated', 1, 'is not known here'],
    [
      'dependentRequired',
      'must have properties',
      1,
      'is not complete: fields that belong together are missing',
    ],
    ['pattern', 'must match pattern "^[A-Z]{3}$"', 'hk', 'must be three upper-case letters'],
    ['pattern', 'must match pattern "^[0-9]+$"', 'x', 'must be digits only'],
    ['pattern', 'must match pattern "^a+$"', 'x', 'must have the form ^a+$'],
    ['format', 'must match format "date"', 'x', 'must be written as date'],
    ['format', 'must match', 'x', 'must be written as the contract says'],
    ['readOnly', 'is read-only', 'x', 'must not be sent'],
    ['somethingNew', 'is new', 'x', 'is not what the contract allows'],
  ])('%s %s (%j): %s', (keyword, message, value, expected) => {
    expect(describeError(error(keyword, message), value)).toBe(expected);
  });
});

describe('all errors of a request', () => {
  test('name the field and the value', () => {
    expect(faultsOf([error('maximum', 'must be <= 5', '/body/a/b')], { a: { b: 9 } })).toEqual([
      'a.b: at most 5 (got 9)',
    ]);
    expect(faultsOf([error('type', 'must be object', '/body')])).toEqual([
      expect.stringMatching(/^the body: must be of type object/),
    ]);
  });

  test('quote a number as it was written', () => {
    const written = new Map([['n', '1.0e3']]);
    const errors = [error('maximum', 'must be <= 5', '/body/n')];
    expect(describeFaults(errors, { n: 1000 }, known as never, written)).toEqual([
      'n: at most 5 (got 1.0e3)',
    ]);
  });

  test('a missing field names the unknown one that may be meant', () => {
    const missing = error('required', 'required', '/body/requestId');
    expect(faultsOf([missing], { requestID: 'x' })).toEqual([
      'requestId: is required; the request has "requestID"',
    ]);
    expect(faultsOf([missing], { other: 1 })).toEqual(['requestId: is required']);
    const nested = error('required', 'required', '/body/a/currency');
    expect(faultsOf([nested], { a: { curency: 'HKD' } })).toEqual([
      'a.currency: is required; the request has "curency"',
    ]);
    expect(faultsOf([nested], { a: 1 })).toEqual(['a.currency: is required']);
  });

  test('of two fields of which one is required, one sentence names both', () => {
    const both = ['userId', 'openId'].map((name) => error('required', 'r', `/body/${name}`));
    expect(faultsOf(both)).toEqual(['userId, openId: one of the two is required']);
  });

  test('leave out branches that did not fit, unless there is nothing else', () => {
    const branch = error('oneOf', 'must match exactly one schema in oneOf');
    expect(faultsOf([branch, error('minimum', 'must be >= 1')])).toHaveLength(1);
    expect(faultsOf([branch, { ...branch, errorCode: 'if' }])).toEqual([
      expect.stringContaining('is not what the contract allows'),
    ]);
  });

  test('money is in whole cents, as a number or as text', () => {
    const amount = (keyword: string, message: string, path: string) =>
      faultsOf([error(keyword, message, path)])[0];
    expect(amount('type', 'must be integer', '/body/amount')).toContain(
      'must be whole cents, e.g.',
    );
    expect(amount('minimum', 'must be >= 0', '/body/payAmount')).toContain('at least 0');
    expect(amount('type', 'must be string', '/body/amount/value')).toContain('as text');
    expect(amount('pattern', 'must match pattern "^x$"', '/body/amount/value')).toContain(
      'as text',
    );
    expect(amount('const', 'must be equal to constant', '/body/bizType')).toContain('BINDING_SYNC');
  });

  test('are at most ten, each once', () => {
    const many = Array.from({ length: 14 }, (_, at) => error('readOnly', 'x', `/body/f${at}`));
    expect(faultsOf([...many, ...many])).toHaveLength(11);
    expect(faultsOf([...many, ...many]).at(-1)).toBe('and 4 more');
  });
});
