import { rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { installedFolder, packTarball } from './fresh-folder.ts';
import { readMarkdown } from './pages.ts';
import { type Block, readBlocks } from './read-page.ts';
import { runPage } from './run-page.ts';

/**
 * The page speaks to somebody in a clone with the simulator running: its folder gets the keys, and
 * `npm run send` of the package.
 */
test('the commands of README.md, beside a simulator', { timeout: 120_000 }, async () => {
  const tarball = await packTarball();
  const folder = await installedFolder(tarball);
  await symlink('node_modules/alipayhk-mock/keys', join(folder, 'keys'));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ scripts: { send: 'alipayhk-mock send' } }),
  );
  const started: Block = {
    page: 'README.md',
    line: 0,
    language: 'sh',
    words: ['background'],
    text: 'npx alipayhk-mock',
    notRun: undefined,
  };
  await runPage([started, ...readBlocks('README.md', readMarkdown('README.md'))], {
    folder,
    tarball,
    quick: true,
  });
  await Promise.all(
    [dirname(tarball), folder].map((path) => rm(path, { recursive: true, force: true })),
  );
});
