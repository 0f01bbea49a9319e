import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBlocks } from './read-page.ts';
import { runPage } from './run-page.ts';

const fence = '```';
const page = (...lines: readonly string[]): string => lines.join('\n');
const block = (head: string, ...lines: readonly string[]): string =>
  page(`${fence}${head}`, ...lines, fence);
const doPage = async (markdown: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  return runPage(readBlocks('page.md', markdown), { folder, tarball: 'none' }).then(
    () => folder,
    (error: unknown) => String(error),
  );
};

test('files are written, commands run, outputs compared', async () => {
  const folder = await doPage(
    page(
      block('text file=in/greeting.txt', 'hello'),
      block('sh', 'cat in/greeting.txt > copy.txt; echo one; echo two'),
      block('text output', 'o…', 'two'),
    ),
  );
  expect(await readFile(join(folder, 'copy.txt'), 'utf8')).toBe('hello\n');
});

test.each([
  ['a command that fails', block('sh', 'exit 3'), 'page.md:1: ended with 3'],
  ['a failure in the middle', block('sh', 'false', 'true'), 'ended with 1'],
  ['a variable that is not set', block('sh', 'echo $no_such_variable'), 'ended with'],
  ['a command that should fail and does not', block('sh fails', 'true'), 'ended with 0'],
  ['a server that does not get ready', block('sh background', 'echo done'), 'before it was ready'],
  [
    'an output that did not come',
    page(block('sh', 'echo one'), block('text output', 'two')),
    'which did not come:\n  two',
  ],
  [
    'outputs in another order',
    page(block('sh', 'echo one; echo two'), block('text output', 'two', 'one')),
    'which did not come:\n  one',
  ],
  [
    'a line that is only the beginning',
    page(block('sh', 'echo one two'), block('text output', 'one')),
    'which did not come',
  ],
])('%s is found', async (_what, markdown, complaint) => {
  expect(await doPage(markdown)).toContain(complaint);
});

test('what is not run says why', () => {
  const [first, second] = readBlocks(
    'page.md',
    page(
      '*Not run: no daemon here.*',
      block('sh', 'docker ps'),
      '',
      'Text.',
      '',
      block('sh', 'ls'),
    ),
  );
  expect([first?.notRun, second?.notRun]).toEqual(['no daemon here.', undefined]);
});

test('a block without an end is an error', () => {
  expect(() => readBlocks('page.md', page(`${fence}sh`, 'ls'))).toThrow(
    'page.md:1: the block has no end',
  );
});
