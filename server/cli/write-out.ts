import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartupError } from '../problems/problem.ts';
import { makeFolder } from '../problems/regular-file.ts';

/** Writes to a file, or to standard output when none is named. */
export const writeOut = (text: string, file: string | undefined): void => {
  if (file === undefined) process.stdout.write(text);
  else writeNamed(file, text);
};

/** Writes a file and makes the folders above it. @throws StartupError that names the file */
export const writeNamed = (file: string, text: string, mode?: number): void => {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, text, mode === undefined ? {} : { mode });
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new StartupError([
      { where: file, message, remedy: 'Name a file that this user may write.' },
    ]);
  }
};

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
