import { execFile } from 'node:child_process';
import { cp, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../server/package-root.ts';

const run = promisify(execFile);
const npm = (args: readonly string[], cwd: string): Promise<{ stdout: string }> =>
  run('npm', [...args, '--silent'], { cwd });

export const emptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'docs-'));

/** Packs what is built. @returns the tarball's path */
export const packTarball = async (): Promise<string> => {
  const folder = await emptyFolder();
  const { stdout } = await npm(
    ['pack', '--ignore-scripts', '--pack-destination', folder],
    packageRoot,
  );
  return join(folder, stdout.trim().split('\n').at(-1) ?? '');
};

/** A folder with the tarball installed and nothing else, made without a network. */
export const installedFolder = async (tarball: string): Promise<string> => {
  const folder = await emptyFolder();
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'shop', private: true, type: 'module' }),
  );
  await npm(['install', '--offline', '--no-audit', '--no-fund', tarball], folder);
  return folder;
};

export const copyOf = async (folder: string): Promise<string> => {
  const copy = await emptyFolder();
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
};

/** Lets a folder use the repository's vitest as if it were installed there. */
export const lendVitest = async (folder: string): Promise<void> => {
  const own = join(packageRoot, 'node_modules');
  await symlink(join(own, 'vitest'), join(folder, 'node_modules', 'vitest'));
  await symlink(join(own, 'vitest', 'vitest.mjs'), join(folder, 'node_modules', '.bin', 'vitest'));
};
