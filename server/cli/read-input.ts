import { readFileSync } from 'node:fs';
import { StartupError } from '../problems/problem.ts';

/**
 * Reads a file that a command line names, or standard input for `-`. @throws StartupError that
 * names it
 */
export const readInput = (
  file: string,
  remedy = 'Name a file, or - for standard input.',
): Buffer => {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new StartupError([{ where: inputName(file), message, remedy }]);
  }
};

/** What a message calls it. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : file);
