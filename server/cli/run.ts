import { formatProblem, type Problem, StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { runProgram } from './program.ts';

/** Runs the command line and sets the exit code. What keeps a start from succeeding is told in words, not as a stack trace. */
export const run = async (argv: readonly string[]): Promise<void> => {
  process.stdout.on('error', endQuietly);
  try {
    process.exitCode = await runProgram(argv);
  } catch (error) {
    const problems = problemsOf(error);
    if (problems === undefined) throw error;
    process.stderr.write(
      `alipayhk-mock: ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}\n\n${problems.map(formatProblem).join('\n\n')}\n`,
    );
    process.exitCode = exitCodes.unusable;
  }
};

/** A file or folder that a command could not use is its user's to mend; anything else that nobody foresaw is a bug. */
const problemsOf = (error: unknown): readonly Problem[] | undefined => {
  if (error instanceof StartupError) return error.problems;
  if (!(error instanceof Error && 'path' in error && 'syscall' in error)) return undefined;
  return [
    { where: String(error.path), message: `cannot be used: ${error.message}`, remedy: 'Name one that this user may read and write.' },
  ];
};

/** Whoever reads our output may have seen enough: `alipayhk-mock --help | head`. */
const endQuietly = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
};
