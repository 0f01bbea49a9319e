import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMutation } from '../scripts/mutations/find-mutation.ts';
import { mutations } from '../scripts/mutations/mutations.ts';
import { packageRoot } from '../server/package-root.ts';

test('every mutation has its text in the sources exactly once, and tests that exist', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(30);
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  for (const mutation of mutations) {
    expect(findMutation(packageRoot, mutation).mutated).toContain(mutation.replace);
    for (const file of mutation.tests)
      expect([file, existsSync(join(packageRoot, file))]).toEqual([file, true]);
  }
});

test('a text that is not in the sources, or more than once, is an error', () => {
  const mutation = { name: 'm', breaks: '', replace: '', tests: [] };
  for (const find of ['no such text in any file', 'const '])
    expect(() => findMutation(packageRoot, { ...mutation, find })).toThrow('Correct "find"');
});
