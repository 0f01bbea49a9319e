import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../problems/display-text.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import { makeFolder, readFailure, writeFailure } from '../problems/read-file.ts';
import { formatOutputProblem, translateOutput } from './output-language.ts';

/** Something of a command line that cannot be used: what it is, what is wrong, what to do. */
export const usageError = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);

/** Prints an error as compilers do; a user's scripts find it by its first word. */
export const printError = (text: string): void => {
  process.stderr.write(`error: ${translateOutput(text)}\n`);
};

/** Prints where something is wrong, what, and what to do. */
export const printProblem = (problem: Problem): void => {
  process.stderr.write(`error: ${formatOutputProblem(problem)}\n`);
};

/** Prints what does not keep a command from its work. */
export const printWarning = (text: string): void => {
  process.stderr.write(`warning: ${translateOutput(text)}\n`);
};

export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

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
    const message = `cannot be written: ${writeFailure(error).message}`;
    throw usageError(file, message, 'Name a file that this user may write.');
  }
};

export const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Reads a file that a command line names, or standard input for `-`.
 * @throws StartupError that names it
 */
export const readInputFile = (
  file: string,
  remedy = 'Name a file, or - for standard input.',
): Buffer => {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw usageError(inputName(file), readFailure(error).message, remedy);
  }
};

/** The file as messages name it. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : file);

type StreamWrite = NodeJS.WriteStream['write'];

const unescaped = new WeakMap<NodeJS.WriteStream, StreamWrite>();

/**
 * Escapes control characters in every text that is written to the stream from now on. What the
 * command line prints comes from callers, files and servers; none of it may control the terminal.
 * Bytes, such as a key as DER, pass as they are.
 */
export const escapeOutput = (stream: NodeJS.WriteStream): void => {
  const write: StreamWrite = stream.write.bind(stream);
  unescaped.set(stream, write);
  stream.write = ((chunk: string | Uint8Array, ...rest: []) =>
    write(typeof chunk === 'string' ? printable(chunk) : chunk, ...rest)) as StreamWrite;
};

/** Writes text with colour codes whose other parts are escaped already. */
export const writeStyled = (text: string, stream: NodeJS.WriteStream = process.stdout): void => {
  const write: StreamWrite = unescaped.get(stream) ?? stream.write.bind(stream);
  write(text);
};
