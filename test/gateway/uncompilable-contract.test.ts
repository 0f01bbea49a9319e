import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadResources } from '../../server/app/bootstrap.ts';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import { schemaProblems } from '../../server/domain/contract/check-schemas.ts';
import { openApiProblems } from '../../server/gateway/openapi-problems.ts';
import { readLocatedYaml } from '../../server/problems/located-yaml.ts';
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
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const error = await loadResources(settingsWith({ contract: file }), Date.now).catch(
    (thrown: unknown) => thrown,
  );
  expect(printed.mock.calls).toEqual([]);
  printed.mockRestore();
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
])('and says so in words of its own: %s', async (from, to, message) => {
  const { problems } = await problemsOf(from, to);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(message);
  expect(problems[0]?.remedy).toMatch(/\.$/);
});

const schemas = 'components\\.(?:schemas|parameters)\\.\\S+';
test.each([
  [
    'maxLength: many',
    /maxLength: \d+/,
    `${schemas}: must be a whole number, 0 or more \\(got "many"\\)`,
  ],
  ['type: strng', /type: string/, `${schemas}: must be one of .* \\(got "strng"\\)`, 'string'],
  ['type: [string, nul]', /type: string/, `${schemas}type\\[2\\]: must be one of`, 'null'],
  [
    'format: date-tme',
    /contentEncoding: .*/,
    `${schemas}: must be a format .* "date-tme"`,
    'date-time',
  ],
  ['format: msisdn', /contentEncoding: .*/, `${schemas}: must be a format .* \\(got "msisdn"\\)`],
  ['maxLenght: 3', /maxLength: \d+/, `${schemas}: is not a keyword of JSON Schema`, 'maxLength'],
  ['nullable: true', /maxLength: \d+/, `${schemas}: is not a keyword of JSON Schema`],
  ['minimum: "1"', /minimum: \d+/, `${schemas}: must be a number \\(got "1"\\)`],
  ['enum: many', /enum: \[.*\]/, `${schemas}: must be a list`],
  ['required: [7]', /required: \[.*\]/, `${schemas}: must be a list of field names`],
  [
    "$ref: 'https://example.com/a.yaml'",
    /\$ref: '#\/components\/schemas\/\w+'/,
    'refers to the address "https://example.com/a.yaml": nothing is downloaded',
  ],
  ['      responses:\n        abc:', /^ {6}responses:/m, 'responses\\.abc is not known here'],
  ['      responces:', /^ {6}responses:/m, 'post\\.responces is not known here', 'responses'],
  ['in: heder', /in: header/, '\\.in: must be one of query, header, cookie'],
  ['servers: 7\nx-others:', /^servers:/m, 'servers: must be a list'],
])('%s is named with its path, its line and a remedy', async (to, from, message, meant = '') => {
  const { problems, lines } = await problemsOf(from, to);
  expect(problems).toHaveLength(1);
  const [{ message: found = '', line = 0, remedy = '' } = {}] = problems;
  expect(found).toMatch(new RegExp(message));
  expect(lines[line - 1]).toContain(
    to
      .replace(/\nx-.*/, '')
      .split('\n')
      .at(-1)
      ?.trim()
      .split(':')[0],
  );
  expect(remedy).toMatch(meant === '' ? /^[A-Z].*\.$/ : `Did you mean "${meant}"?`);
});

test('the package’s own contracts have no such problem', () => {
  for (const name of ['alipayhk.yaml', 'admin.yaml']) {
    const file = join(import.meta.dirname, '../../openapi', name);
    expect(schemaProblems(readLocatedYaml(file))).toEqual([]);
    expect(openApiProblems(file)).toEqual([]);
  }
});
