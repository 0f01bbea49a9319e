import { AdminApiError, type AdminErrorCode } from '../../sdk/admin/admin-client.ts';
import { SetupError } from '../../sdk/client/client-errors.ts';
import { formatProblem, ListenError, type Problem, StartupError } from '../problems/problem.ts';
import { StoreUnusableError } from '../storage/store.ts';
import { exitCodes } from './exit-codes.ts';
import { escapeOutput, printError } from './input-output.ts';
import { flagFor } from './options.ts';
import { runProgram } from './program.ts';

/** Runs the command line and sets the exit code. */
export const run = async (argv: readonly string[]): Promise<void> => {
  process.stdout.on('error', endWithReader);
  // Where errors are reported cannot be written to: there is nowhere left to report it.
  process.stderr.on('error', () => {});
  escapeOutput(process.stdout);
  escapeOutput(process.stderr);
  // Covers rejections that no caller awaits, too.
  process.on('uncaughtException', (error) => process.exit(reportFailure(error)));
  try {
    process.exitCode = await runProgram(argv);
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
};

/**
 * Prints why a command failed: `error:`, where, the problem, the remedy; never a stack.
 * @returns the exit code
 */
export const reportFailure = (error: unknown): number => {
  if (error instanceof ListenError) {
    printError(error.sentence(flagFor));
    return exitCodes.cannotListen;
  }
  if (error instanceof StoreUnusableError) {
    printError(error.message);
    return exitCodes.storeUnusable;
  }
  const problems = toProblems(error);
  if (problems === undefined) {
    printError(describeBug(error));
    return exitCodes.bug;
  }
  for (const problem of problems) printError(formatProblem(problem));
  if (problems.length > 1) process.stderr.write(`${problems.length} errors\n`);
  return exitCodes.unusable;
};

/** @returns undefined for a bug: the user can correct a file, an address or an option only */
const toProblems = (error: unknown): readonly Problem[] | undefined => {
  if (error instanceof StartupError) return error.problems;
  if (error instanceof AdminApiError) return toAdminProblems(error);
  if (error instanceof SetupError)
    return [
      { where: '--client, --private-key or --url', message: error.message, remedy: 'See --help.' },
    ];
  if (!(error instanceof Error && 'path' in error && 'syscall' in error)) return undefined;
  const message = `cannot be used: ${error.message}`;
  return [
    { where: String(error.path), message, remedy: 'Name one that this user may read and write.' },
  ];
};

/** What to do on a command line. */
const adminRemedies: Partial<Readonly<Record<AdminErrorCode, string>>> = {
  ADMIN_UNREACHABLE: 'Start the simulator, or name its address with --url.',
  ADMIN_NOT_FOUND: 'Name the address of a simulator with --url, and start it without --no-admin.',
};

const toAdminProblems = ({ code, problems }: AdminApiError): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, remedy: adminRemedies[code] ?? problem.remedy }));

const describeBug = (error: unknown): string => {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const isDebugging = /\balipayhk-mock\b/.test(process.env['NODE_DEBUG'] ?? '');
  const stack = isDebugging && error instanceof Error ? `\n${error.stack}` : '';
  return `unexpected error, a bug of alipayhk-mock: ${what}
    Report it, with what NODE_DEBUG=alipayhk-mock prints in addition.${stack}`;
};

/** A reader may close the pipe, as in `alipayhk-mock --help | head`. Anything else is an error. */
const endWithReader = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  printError(`standard output cannot be written: ${error.message}`);
  process.exit(exitCodes.failed);
};
