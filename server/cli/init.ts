import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { initFiles } from './init-files.ts';
import { writeNamed } from './write-out.ts';

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
  process.stdout.write(
    json
      ? `${JSON.stringify({ written }, null, 2)}\n`
      : `${written.map(({ file, purpose, overwritten }) => `wrote ${file}${overwritten ? ' (overwritten)' : ''}: ${purpose}`).join('\n')}\n\nNext: npx alipayhk-mock, then npx alipayhk-mock send order-sync\n`,
  );
  return exitCodes.ok;
};
