import { formatProblem, StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { runProgram } from './program.ts';

/** Runs the command line and sets the exit code. What keeps a start from succeeding is told in words, not as a stack trace. */
export const run = async (argv: readonly string[]): Promise<void> => {
  process.stdout.on('error', endQuietly);
  try {
    process.exitCode = await runProgram(argv);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    const { problems } = error;
    process.stderr.write(
      `alipayhk-mock: ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}\n\n${problems.map(formatProblem).join('\n\n')}\n`,
    );
    process.exitCode = exitCodes.unusable;
  }
};

/** Whoever reads our output may have seen enough: `alipayhk-mock --help | head`. */
const endQuietly = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
};
