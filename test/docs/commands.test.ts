import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyOf, emptyFolder, installedFolder, lendVitest, packTarball } from './fresh-folder.ts';
import { allPages, guidePages, readMarkdown } from './pages.ts';
import { isCommand, readBlocks } from './read-page.ts';
import { runPage } from './run-page.ts';

let tarball: string;
let template: string;
beforeAll(async () => {
  tarball = await packTarball();
  template = await installedFolder(tarball);
}, 120_000);
afterAll(() =>
  Promise.all(
    [dirname(tarball), template].map((folder) => rm(folder, { recursive: true, force: true })),
  ),
);

describe('what the guides say, done in a folder with nothing but the package', () => {
  const pages = guidePages()
    .map((page) => [page, readBlocks(page, readMarkdown(page))] as const)
    .filter(([, blocks]) => blocks.some((block) => isCommand(block) && block.notRun === undefined));

  test.each(pages)('%s', { timeout: 180_000 }, async (page, blocks) => {
    const folder = await copyOf(template);
    if (page === 'docs/how-to/run-tests-in-parallel.md') await lendVitest(folder);
    await runPage(blocks, { folder, tarball, quick: true });
    await rm(folder, { recursive: true, force: true });
  });
});

test('the tutorial, from an empty folder on', { timeout: 300_000 }, async () => {
  const folder = await emptyFolder();
  await runPage(readBlocks('docs/tutorial.md', readMarkdown('docs/tutorial.md')), {
    folder,
    tarball,
  });
  await rm(folder, { recursive: true, force: true });
});

test('a command that is not run says so to its readers', () => {
  const covered = new Set([...guidePages(), 'docs/tutorial.md', 'README.md']);
  const silent = allPages()
    .filter((page) => !page.startsWith('test/'))
    .filter((page) => !covered.has(page))
    // Their code is that of the page that they translate: translations.test.ts compares it.
    .filter((page) => !/zh-hant/i.test(page))
    .flatMap((page) => readBlocks(page, readMarkdown(page)))
    .filter((block) => isCommand(block) && block.notRun === undefined);
  expect(silent.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

test('commands stand in blocks called sh, and no block has a word that nobody knows', () => {
  const known = /^(background|fails|output|file=\S+)$/;
  const blocks = allPages().flatMap((page) =>
    page.startsWith('test/') ? [] : readBlocks(page, readMarkdown(page)),
  );
  expect(blocks.filter((block) => isCommand(block) && block.language !== 'sh')).toEqual([]);
  expect(blocks.filter(({ words }) => !words.every((word) => known.test(word)))).toEqual([]);
});
