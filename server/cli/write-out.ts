import { writeFileSync } from 'node:fs';
import { StartupError } from '../problems/problem.ts';

/** Writes to a file, or to standard output when none is named. */
export const writeOut = (text: string, file: string | undefined): void => {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new StartupError([{ where: file, message, remedy: 'Name a file that this user may write.' }]);
  }
};

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
