import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadResources } from '../../server/app/bootstrap.ts';
import { settingsWith } from '../../server/app/settings/default-settings.ts';
import { StartupError } from '../../server/problems/problem.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../openapi/alipayhk.yaml'), 'utf8');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contract'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const problemsOf = async (from: string | RegExp, to: string) => {
  const file = join(folder, 'mine.yaml');
  const text = shipped.replace(from, to);
  expect(text).not.toBe(shipped);
  writeFileSync(file, text);
  // The library writes what it finds in the document to the console itself.
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const error = await loadResources(settingsWith({ contract: file }), Date.now).catch(
    (thrown: unknown) => thrown,
  );
  silent.mockRestore();
  if (!(error instanceof StartupError)) throw new Error('the contract was accepted');
  return { problems: error.problems, file, lines: text.split('\n') };
};

test.each([
  [
    /\$ref: '#\/components\/schemas\/\w+'/,
    "$ref: '#/components/schemas/Nope'",
    /refers to "#\/components\/schemas\/Nope"/,
    'Nope',
  ],
  [
    /pattern: .*$/m,
    "pattern: '(?<unclosed'",
    /has a pattern that is not a regular expression: \(\?<unclosed/,
    '(?<unclosed',
  ],
])('a contract that cannot be compiled: %s', async (from, to, message, part) => {
  const { problems, file, lines } = await problemsOf(from, to);
  expect(problems).toMatchObject([
    {
      where: file,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/^Correct the/),
    },
  ]);
  const line = problems[0]?.line ?? 0;
  expect(lines[line - 1]).toContain(part);
});

test.each([
  [
    /\$ref: '#\/components\/schemas\/\w+'/,
    "$ref: './nope.yaml'",
    /^refers to another file that cannot be read: \S*nope\.yaml$/,
  ],
  [/maxLength: \d+/, 'maxLength: many', /^has a value of the wrong type under maxLength$/],
  [
    '\n      responses:',
    '\n      answers:',
    /^is not an OpenAPI 3\.1 document that a validator can be built from$/,
  ],
])('and says so in words of its own: %s', async (from, to, message) => {
  const { problems } = await problemsOf(from, to);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(message);
  expect(problems[0]?.remedy).toMatch(/\.$/);
});
