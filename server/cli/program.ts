import { Command, CommanderError } from 'commander';
import { version } from '../app/version.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { addSettingOptions, type Finish, resolveOptionSettings } from './options.ts';

/** Runs one command and returns its exit code. */
export const runProgram = async (argv: readonly string[]): Promise<number> => {
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

/** Most starts name no command and ask for no help: they skip building the other commands. */
const mayNeedOtherCommands = (argv: readonly string[]): boolean =>
  argv.some((word) => /^(-h|--help$|[a-z])/i.test(word));

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
    .showHelpAfterError('(--help shows all commands and settings)')
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
    finish(await (await import('./commands/serve.ts')).serve(resolveOptionSettings(command)));
  });
  return program;
};

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
