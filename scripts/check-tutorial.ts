/**
 * Runs the tutorial from its first command to its last, without a network, in a new folder that
 * contains only the packed tarball: `npm run check:tutorial`. Needs dist/ (`npm run build`). Lint is
 * strict, and must find nothing in what the tutorial sends.
 */
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { emptyFolder, packTarball } from '../test/docs/fresh-folder.ts';
import { readMarkdown } from '../test/docs/pages.ts';
import { type Block, readBlocks } from '../test/docs/read-page.ts';
import { runPage } from '../test/docs/run-page.ts';
import { useOwnTemporaryFolder } from '../test/temporary-folder.ts';

useOwnTemporaryFolder();
const page = 'docs/tutorial.md';
const tarball = await packTarball();
const folder = await emptyFolder();
await copyFile(tarball, join(folder, basename(tarball)));
console.log(`in ${folder}, with only ${basename(tarball)}`);
/** Asked of the simulator that the tutorial has left running. */
const lintBlock: Block = {
  ...{ page: 'after the tutorial', line: 1, language: 'sh', words: [], notRun: undefined },
  text: 'npx alipayhk-mock lint --end --fail-on note',
};
await runPage([...readBlocks(page, readMarkdown(page)), lintBlock], {
  env: { ALIPAYHK_MOCK_LINT_MODE: 'strict' },
  folder,
  tarball: `./${basename(tarball)}`,
  report: console.log,
});
console.log('tutorial: all commands passed');
