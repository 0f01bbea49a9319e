import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { initFiles, tarballName } from './init-files.ts';
import { formatJson, writeNamed } from './input-output.ts';

export interface InitOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Writes files to begin with; none of them when one is there already, unless forced. */
export const init = (folder: string, { force = false, json = false }: InitOptions): number => {
  const there = [...initFiles.keys()].filter((path) => existsSync(join(folder, path)));
  if (there.length > 0 && !force)
    throw new StartupError(
      there.map((path) => ({
        where: join(folder, path),
        message: 'exists, so nothing was written',
        remedy: 'Choose another folder, or overwrite with --force.',
      })),
    );
  for (const [path, { text }] of initFiles) {
    writeNamed(join(folder, path), text);
  }
  const written = [...initFiles].map(([path, { purpose }]) => ({
    file: join(folder, path),
    purpose,
    overwritten: there.includes(path),
  }));
  const lines = written.map(
    ({ file, purpose, overwritten }) =>
      `wrote ${file}${overwritten ? ' (overwritten)' : ''}: ${purpose}`,
  );
  process.stdout.write(
    json ? formatJson({ written, packCommand }) : `${lines.join('\n')}\n\n${nextSteps}\n`,
  );
  return exitCodes.ok;
};

/** Writes the tarball that the compose file and the workflow install. */
const packCommand = `npm pack "${packageRoot.replace(/[\\/]$/, '')}"`;

const nextSteps = `Next: npx alipayhk-mock, then npx alipayhk-mock send order-sync
For the compose file and the workflow put ${tarballName} next to them: ${packCommand}`;
