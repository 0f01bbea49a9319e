import type { Problem } from './problem.ts';
import { readRegularFile } from './regular-file.ts';

/** Reads a file that must be UTF-8 text. */
export const readTextFile = (
  file: string,
): { readonly text: string } | { readonly problem: Problem } => {
  try {
    return decodeText(file, readRegularFile(file));
  } catch (error) {
    return { problem: { where: file, ...readFailure(error) } };
  }
};

/** Why a file could not be read, as message and remedy. */
export const readFailure = (error: unknown): Pick<Problem, 'message' | 'remedy'> => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = failures[code];
  if (known !== undefined) return known;
  return {
    message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'Check the path and its permissions.',
  };
};

const failures: Readonly<Record<string, Pick<Problem, 'message' | 'remedy'>>> = {
  ENOENT: { message: 'cannot be read: it does not exist', remedy: 'Check the path.' },
  EACCES: { message: 'cannot be read: permission denied', remedy: 'Check its permissions.' },
  EPERM: { message: 'cannot be read: permission denied', remedy: 'Check its permissions.' },
  ENOTDIR: { message: 'cannot be read: a part of its path is a file', remedy: 'Check the path.' },
  ELOOP: {
    message: 'cannot be read: its symbolic links go in a circle',
    remedy: 'Check the path.',
  },
};

const decodeText = (
  file: string,
  bytes: Buffer,
): { readonly text: string } | { readonly problem: Problem } => {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (hasMark || (bytes.length > 1 && (first === 0) !== (second === 0)))
    return {
      problem: {
        where: file,
        message: 'is written in UTF-16',
        remedy: 'Save it as UTF-8. In PowerShell: … | Out-File -Encoding utf8 FILE.',
      },
    };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: { where: file, message: 'is not UTF-8 text', remedy: 'Save it as UTF-8.' } };
  }
};
