import { Command, CommanderError, Help } from 'commander';
import { AdminApiError, type AdminErrorCode } from '../../sdk/admin/admin-client.ts';
import { SetupError } from '../../sdk/client/client-errors.ts';
import { version } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { ListenError, type Problem, StartupError } from '../problems/problem.ts';
import { StoreError } from '../storage/store.ts';
import { serve } from './commands/serve.ts';
import {
  chooseOutputLanguage,
  escapeOutput,
  exitCodes,
  printError,
  printProblem,
  translateOutput,
} from './input-output.ts';
import {
  addSettingOptions,
  type Finish,
  flagFor,
  resolveOptionSettings,
  settingsHeading,
} from './options.ts';

/** Runs one command and returns its exit code. */
export const runProgram = async (argv: readonly string[]): Promise<number> => {
  await chooseOutputLanguage(argv);
  let exitCode: number = exitCodes.ok;
  const finish: Finish = (code) => {
    exitCode = code;
  };
  const program = mayNeedOtherCommands(argv)
    ? await createProgram(finish)
    : createServeProgram(finish);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.unusable;
  }
  return exitCode;
};

/**
 * Most starts name no other command and ask for no help: they skip loading the other commands. What
 * follows an option is its value.
 */
const mayNeedOtherCommands = ([first = '', ...rest]: readonly string[]): boolean =>
  first !== 'serve' &&
  (/^[^-]/.test(first) || [first, ...rest].some((word) => /^(-h|--help$)/.test(word)));

/**
 * Builds the command line: every command with its options. `docs/cli.md` is generated from it.
 * @param finish called with the exit code of the command that ran
 */
export const createProgram = async (finish: Finish): Promise<Command> => {
  const program = createServeProgram(finish);
  (await import('./commands.ts')).addCommands(program, finish);
  return program;
};

const createServeProgram = (finish: Finish): Command => {
  const program = new Command('alipayhk-mock')
    .description(
      'AlipayHK on your own machine: verifies signatures, decrypts bodies, keeps state, signs its ' +
        'responses.\n' +
        'Not affiliated with AlipayHK. Paths and behaviours that are inferred are marked as such.',
    )
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError(translateOutput('(--help shows all commands and settings)'))
    .configureOutput({ outputError: (text, write) => write(translateUsageError(text)) })
    .configureHelp(helpLayout)
    .exitOverride()
    // Otherwise `keys retire --version 1` would be the program's own --version.
    .enablePositionalOptions()
    .addHelpText('after', programExamples);

  addSettingOptions(
    program
      .command('serve', { isDefault: true })
      .description('start the simulator (the default command)')
      // A command that is mistyped arrives here as an argument.
      .allowExcessArguments(),
  ).action(async (_options, command: Command) => {
    await rejectUnknownCommand(command.args[0]);
    finish(await serve(resolveOptionSettings(command)));
  });
  return program;
};

/** A longer term has a line of its own: otherwise it would push all descriptions to the right. */
const widestTerm = 30;

const helpLayout: Partial<Help> = {
  padWidth: (command, helper) =>
    Math.min(widestTerm, Help.prototype.padWidth.call(helper, command, helper)),
  formatItem: (term, width, description, helper) => {
    const format = (name: string): string =>
      Help.prototype.formatItem.call(helper, name, width, description, helper);
    return helper.displayWidth(term) <= width ? format(term) : `  ${term}\n${format('')}`;
  },
  optionDescription: (option) =>
    new Help().optionDescription(option).replace(/ \(default: \[\]\)$/, ''),
  // A command has a few options of its own, and dozens of settings.
  groupItems: (all, visible, groupOf) => {
    const own = all.filter((item) => groupOf(item) !== settingsHeading);
    return new Help().groupItems([...own, ...all], visible, groupOf);
  },
};

/** The parser's sentences, a line each; a guess and the hint follow in lines of their own. */
const translateUsageError = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line.replace(/^(error: )?(.+)$/, (_, word = '', rest) => `${word}${translateOutput(rest)}`),
    )
    .join('\n');

const rejectUnknownCommand = async (word: string | undefined): Promise<void> => {
  if (word === undefined) return;
  const commands = (await createProgram(() => {})).commands.map((command) => command.name());
  throw new StartupError([
    { where: word, message: 'unknown command', remedy: suggest(word, commands) },
  ]);
};

const programExamples = `
Examples:
  alipayhk-mock                                   start on http://127.0.0.1:8852 with the demo keys
  alipayhk-mock --port 0 --data ./state           a free port, state that survives a restart
  alipayhk-mock --scenario order-fails-twice-then-succeeds
  alipayhk-mock send order-sync --example MOVIE_TICKET --encrypt
  alipayhk-mock doctor request.http               why the signature of a request is refused

Settings: flag, then variable (ALIPAYHK_MOCK_…), then alipayhk-mock.config.{yaml,yml,json}, then
default. "alipayhk-mock serve --help" lists them.
Exit codes: 0 done or stopped, 1 a check failed, 2 unusable settings or files, 3 the address cannot
be listened on. docs/cli.md lists all.`;

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
  if (error instanceof StoreError) {
    printError(error.message);
    return exitCodes.storeUnusable;
  }
  const problems = toProblems(error);
  if (problems === undefined) {
    printError(describeBug(error));
    return exitCodes.bug;
  }
  for (const problem of problems) printProblem(problem);
  if (problems.length > 1)
    process.stderr.write(`${translateOutput(`${problems.length} errors`)}\n`);
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
