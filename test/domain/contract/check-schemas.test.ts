import { expect, test } from 'vitest';
import { schemaProblems } from '../../../server/domain/contract/check-schemas.ts';
import { withoutLocation } from '../../../server/problems/located-yaml.ts';

const problemsOf = (schema: unknown): string[] => {
  const document = { components: { schemas: { Order: schema } } };
  return schemaProblems(withoutLocation('contract', document)).map(
    ({ message, remedy }) => `${message} ${remedy}`,
  );
};

test.each([
  [{ type: 'object', properties: { a: { type: ['string', 'null'] } }, required: ['a'] }],
  [true],
  [{ 'x-own': { anything: 1 }, allOf: [{ minLength: 1 }], if: { const: 1 } }],
  [{ $ref: '#/components/schemas/Order' }],
  [{ pattern: '^a+$', format: 'date', minimum: 1.5, uniqueItems: true, multipleOf: 0.1 }],
])('%j is a schema', (schema) => {
  expect(problemsOf(schema)).toEqual([]);
});

test.each([
  ['text', /must be a schema \(got "text"\)/],
  [{ typ: 'string' }, /is not a keyword of JSON Schema Did you mean "type"\?/],
  [{ nullable: true }, /OpenAPI 3\.1 writes type: \[string, "null"\]/],
  [{ qqqqqqqq: 1 }, /Delete it, or let its name begin with "x-"/],
  [{ type: 'strng' }, /must be one of string.*Did you mean "string"\?/],
  [{ type: ['string', 'nul'] }, /Did you mean "null"\?/],
  [{ type: 7 }, /must be one of string/],
  [{ format: 'dat' }, /a format of JSON Schema or OpenAPI.*Did you mean "date"\?/],
  [{ minLength: -1 }, /must be a whole number, 0 or more/],
  [{ minLength: 1.5 }, /must be a whole number, 0 or more/],
  [{ minimum: '1' }, /must be a number/],
  [{ multipleOf: 0 }, /must be a number above 0/],
  [{ uniqueItems: 'yes' }, /must be true or false/],
  [{ enum: 'A' }, /must be a list/],
  [{ required: ['a', 1] }, /must be a list of field names/],
  [{ required: 'a' }, /must be a list of field names/],
  [{ properties: [] }, /must be a mapping of names to values/],
  [{ properties: { a: 7 } }, /must be a schema/],
  [{ allOf: {} }, /must be a list/],
  [{ allOf: ['x'] }, /must be a schema/],
  [{ pattern: '(' }, /is not a regular expression: \(/],
  [{ pattern: 7 }, /must be text/],
  [{ $ref: 7 }, /must be text/],
  [{ $ref: 'https://example.com/x' }, /nothing is downloaded/],
  [{ $ref: '#/components/schemas/Nothing' }, /which is not in the document/],
])('%j is none', (schema, message) => {
  expect(problemsOf(schema).join('\n')).toMatch(message);
});

test('what is no mapping has no schemas', () => {
  expect(schemaProblems(withoutLocation('contract', []))).toEqual([]);
});
