import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageRoot } from '../server/package-root.ts';
import { useOwnTemporaryFolder } from './temporary-folder.ts';

/** Everything that the build reads. */
const sources = [
  'console',
  'openapi',
  'package-lock.json',
  'package.json',
  'scenarios',
  'scripts',
  'sdk',
  'server',
] as const;

/** Written last: it is there when the build has come to its end. */
const lastOutput = 'dist/sbom.cdx.json';

const modifiedMs = (path: string): number =>
  statSync(join(packageRoot, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** A folder's own time tells of removed files. */
const newestMs = (path: string): number => {
  const stat = statSync(join(packageRoot, path));
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(join(packageRoot, path), { recursive: true, encoding: 'utf8' });
  return Math.max(stat.mtimeMs, ...entries.map((entry) => modifiedMs(join(path, entry))));
};

const isBuildStale = (): boolean => {
  const builtMs = modifiedMs(lastOutput);
  return sources.some((source) => newestMs(source) > builtMs);
};

/**
 * Builds dist/ when it is missing or older than its sources: many tests start the bundled command
 * line. Synchronously, because the projects of one run are set up side by side.
 */
const buildWhenStale = (): void => {
  if (!isBuildStale()) return;
  const { status, error } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: packageRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw error ?? new Error('the build failed: run npm run build');
};

/** Called by vitest for each project of a run. */
export const setup = ({ tmpDir }: TestProject): void => {
  buildWhenStale();
  // Vitest leaves its own folder behind when it is interrupted.
  useOwnTemporaryFolder(tmpDir);
};
