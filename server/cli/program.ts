import { Command, CommanderError, Option } from 'commander';
import { languages } from '../doctor/remedies/remedy.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { StartupError } from '../problems/problem.ts';
import { version } from '../version.ts';
import { type ClientsOptions, createClient, dropClient, listClients } from './clients.ts';
import { type DoctorOptions, doctor } from './doctor.ts';
import { exitCodes } from './exit-codes.ts';
import { type HealthOptions, health } from './health.ts';
import { addJournalCommands } from './journal.ts';
import { addKeysCommands } from './keys.ts';
import { checkScenarios, listScenarios, runScenarios, showScenario } from './scenarios.ts';
import { serve } from './serve.ts';
import { addSettingOptions, settingsOf } from './setting-options.ts';
import { addStateCommands } from './state.ts';
import { addToolkitCommands } from './toolkit.ts';

/** Runs one command and returns its exit code. */
export const runProgram = async (argv: readonly string[]): Promise<number> => {
  let exitCode: number = exitCodes.ok;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.unusable;
  }
  return exitCode;
};

/** The command line: every command with its options; `docs/cli.md` is made from it. @param finish told the exit code of the command that ran */
export const createProgram = (finish: (exitCode: number) => void): Command => {
  const program = new Command('alipayhk-mock')
    .description(
      'AlipayHK on your own machine: verifies signatures, opens bodies, keeps state, signs its answers.\nNot affiliated with AlipayHK. Paths and behaviours that are inferred are marked as such.',
    )
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(--help shows all commands and settings)')
    .exitOverride()
    // So that `keys retire --version 1` is not the program's own --version.
    .enablePositionalOptions()
    .addHelpText('after', examples);

  addSettingOptions(
    program
      .command('serve', { isDefault: true })
      .description('start the simulator (what happens when no command is named)')
      // A command that is mistyped arrives here as an argument.
      .allowExcessArguments(),
  ).action(async (_options, command: Command) => {
    rejectUnknownCommand(command.args[0], program);
    finish(await serve(settingsOf(command)));
  });

  addToolkitCommands(program, finish);

  addSettingOptions(
    program.command('doctor').description('say why a signature does not verify or an encrypted body does not open; offline'),
  )
    .argument('<file>', 'a raw HTTP request or response, a curl command line, or a journal entry as JSON; - for standard input')
    .option('--key <file>', "the merchant's key, public or private, in place of the key folder's")
    .option('--key-version <n>', 'the version under which --key is registered', '1')
    .option('--platform-key <file>', "the platform's public key, in place of the key folder's")
    .option('--client-id <id>', 'where the message itself does not say it')
    .option('--target <path>', 'path and query of the request; needed for a response')
    .addOption(new Option('--language <name>', 'show the fix in one language').choices(languages))
    .option('--json', 'print JSON')
    .addHelpText('after', doctorExamples)
    .action((file: string, options: DoctorOptions, command: Command) => {
      finish(doctor(file, options, settingsOf(command)));
    });

  const scenarios = program.command('scenarios').description('list, show, check and run scenario files');
  addSettingOptions(scenarios.command('list').description('the scenarios that can be activated'))
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }, command: Command) => {
      finish(listScenarios(settingsOf(command), options.json === true));
    });
  addSettingOptions(
    scenarios.command('show').description("print a scenario's file").argument('<name>', 'one that "scenarios list" names'),
  ).action((name: string, _options, command: Command) => {
    finish(showScenario(name, settingsOf(command)));
  });
  addSettingOptions(
    scenarios
      .command('check')
      .description('print problems with file, line and suggestion, and rules that can never answer')
      .argument('[path...]', 'files or folders'),
  )
    .option('--json', 'print JSON')
    .action((paths: string[], { json }: { json?: boolean }, command: Command) => {
      finish(checkScenarios(paths, settingsOf(command), json));
    });
  addSettingOptions(
    scenarios
      .command('run')
      .description("execute scenarios' expect against a private server")
      .argument('[name...]', 'these; all when absent'),
  )
    .option('--json', 'print JSON')
    .action(async (names: string[], { json }: { json?: boolean }, command: Command) => {
      finish(await runScenarios(names, settingsOf(command), json));
    });

  const clients = program
    .command('clients')
    .description('make, list and drop clients of a running simulator, each with a world of its own');
  const clientCommand = (name: string, what: string): Command =>
    addSettingOptions(clients.command(name).description(what))
      .option('--url <url>', 'where the simulator listens; default: from host and port')
      .option('--json', 'print JSON');
  clientCommand('create', 'make a client and print its Client-Id and private key')
    .argument('[clientId]', 'made up when absent')
    .action(async (clientId: string | undefined, options: ClientsOptions, command: Command) => {
      finish(await createClient(clientId, options, settingsOf(command)));
    });
  clientCommand('list', 'the clients there are').action(async (options: ClientsOptions, command: Command) => {
    finish(await listClients(options, settingsOf(command)));
  });
  clientCommand('drop', 'forget a client that was made: keys, state, journal')
    .argument('<clientId>', 'one that "clients list" names')
    .action(async (clientId: string, options: ClientsOptions, command: Command) => {
      finish(await dropClient(clientId, options, settingsOf(command)));
    });

  addSettingOptions(program.command('health').description('ask a running simulator whether it is ready; exit code 0 or 1'))
    .option('--url <url>', 'where it listens; default: from host and port')
    .option('--json', 'print JSON')
    .action(async (options: HealthOptions, command: Command) => {
      finish(await health(options, settingsOf(command)));
    });

  for (const addCommands of [addJournalCommands, addStateCommands, addKeysCommands]) addCommands(program, finish);
  return program;
};

const rejectUnknownCommand = (word: string | undefined, program: Command): void => {
  if (word === undefined) return;
  const commands = program.commands.map((command) => command.name());
  throw new StartupError([{ where: word, message: 'there is no such command', remedy: suggest(word, commands) }]);
};

const doctorExamples = `
Examples:
  alipayhk-mock doctor request.http --key merchant-public.pem --language java
  alipayhk-mock journal show 17 --json | alipayhk-mock doctor -
  alipayhk-mock doctor answer.http --target /api/open/alipay/v1/merchant/order/sync`;

const examples = `
Examples:
  alipayhk-mock                                   start on http://127.0.0.1:8852 with the demo keys
  alipayhk-mock --port 0 --data ./state           a free port, state that survives a restart
  alipayhk-mock --scenario order-fails-twice-then-succeeds
  alipayhk-mock send order-sync --example MOVIE_TICKET --encrypt
  alipayhk-mock doctor request.http               why the signature of a request is refused

Settings: flag, then variable (ALIPAYHK_MOCK_…), then alipayhk-mock.config.{yaml,yml,json}, then default. "alipayhk-mock serve --help" lists them.
Exit codes: 0 done or stopped, 1 a check failed, 2 unusable settings or files, 3 the address cannot be listened on; docs/cli.md has all.`;
