/**
 * Runs the tutorial from its first command to its last, without a network, in a new folder that
 * contains only the packed tarball: `npm run check:tutorial`. Needs dist/ (`npm run build`).
 */
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { emptyFolder, packTarball } from '../test/docs/fresh-folder.ts';
import { readMarkdown } from '../test/docs/pages.ts';
import { readBlocks } from '../test/docs/read-page.ts';
import { runPage } from '../test/docs/run-page.ts';
import { useOwnTemporaryFolder } from '../test/temporary-folder.ts';

useOwnTemporaryFolder();
const page = 'docs/tutorial.md';
const tarball = await packTarball();
const folder = await emptyFolder();
await copyFile(tarball, join(folder, basename(tarball)));
console.log(`in ${folder}, with only ${basename(tarball)}`);
await runPage(readBlocks(page, readMarkdown(page)), {
  folder,
  tarball: `./${basename(tarball)}`,
  report: console.log,
});
console.log('tutorial: all commands passed');
