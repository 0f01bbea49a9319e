import { expect, test } from 'vitest';
import { securityFaults } from '../../../server/domain/faults/catalogue.ts';
import { securityChoice, wireChoice } from '../../../server/domain/faults/choice.ts';
import { checkValue } from '../../../server/problems/schema-issues.ts';

/** As scenario files, queued rules and steering headers are checked. */
const messagesOf = (schema: typeof wireChoice | typeof securityChoice, value: unknown): string => {
  const checked = checkValue<unknown>(schema, value);
  const issues = 'issues' in checked ? checked.issues : [];
  return issues
    .map(({ path, message, remedy }) => [...path, `${message}. ${remedy ?? ''}`].join(': '))
    .join('\n');
};

test.each([
  [{ id: 'hang', forMs: 'x' }, 'forMs: must be a number (got "x")'],
  [{ id: 'hang', forMs: 0 }, 'forMs: must be at least 1 (got 0)'],
  [{ id: 'hang', forMS: 5 }, 'forMS: is not known here. Did you mean "forMs"?'],
  [{ id: 'hang', phase: 'after-comit' }, 'Did you mean "after-commit"?'],
  [{ id: 'hagn' }, 'Did you mean "hang"?'],
  [5, 'must be the id of a fault, or { id: …, … }'],
])('a fault that cannot be chosen so: %o', (value, sentence) => {
  const messages = messagesOf(wireChoice, value);
  expect(messages).toContain(sentence);
  expect(messages).not.toMatch(/Invalid|Unrecognized|Too (big|small)|expected/);
});

test('a security fault with a parameter that it does not have', () => {
  const [id] = Object.keys(securityFaults);
  expect(messagesOf(securityChoice, { id, nope: 1 })).toMatch(/^nope: is not known here/);
});
