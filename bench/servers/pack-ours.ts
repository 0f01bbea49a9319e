import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../process/type-script.ts';

export interface Packed {
  readonly folder: string;
  readonly version: string;
  readonly tarballBytes: number;
  readonly unpackedBytes: number;
}

/** Builds and packs the package, and unpacks the tarball: what is measured is what a user gets. */
export const packOurs = (runFolder: string): Packed => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: repository, stdio: 'inherit' });
  const report = execFileSync(
    'npm',
    ['pack', '--json', '--loglevel=error', '--pack-destination', runFolder],
    {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // The shape npm documents for `pack --json`.
  const [packed] = JSON.parse(report) as readonly {
    version: string;
    filename: string;
    size: number;
    unpackedSize: number;
  }[];
  if (packed === undefined) throw new Error('npm pack made no tarball');
  execFileSync('tar', ['-xzf', join(runFolder, packed.filename), '-C', runFolder]);
  return {
    folder: join(runFolder, 'package'),
    version: packed.version,
    tarballBytes: packed.size,
    unpackedBytes: packed.unpackedSize,
  };
};
