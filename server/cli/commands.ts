import { type Command, Option } from 'commander';
import { languages } from '../doctor/remedies/remedy.ts';
import { type ClientsOptions, createClient, dropClient, listClients } from './clients.ts';
import { type DoctorOptions, doctor } from './doctor.ts';
import { type HealthOptions, health } from './health.ts';
import { addJournalCommands } from './journal.ts';
import { addKeysCommands } from './keys.ts';
import { keyVersionNumber, serverUrl } from './option-values.ts';
import { checkScenarios, listScenarios, runScenarios, showScenario } from './scenarios.ts';
import { addSettingOptions, resolveOptionSettings } from './setting-options.ts';
import { addStateCommands } from './state.ts';
import { addToolkitCommands } from './toolkit.ts';

/** Every command beside `serve`. */
export const addCommands = (program: Command, finish: (exitCode: number) => void): void => {
  addToolkitCommands(program, finish);

  addSettingOptions(
    program
      .command('doctor')
      .description(
        'say why a signature does not verify or an encrypted body does not open; offline',
      ),
  )
    .argument(
      '<file>',
      'a raw HTTP request or response, a curl command line, or a journal entry as JSON; - for standard input',
    )
    .option('--key <file>', "the merchant's key, public or private, in place of the key folder's")
    .option('--key-version <n>', 'the version under which --key is registered', keyVersionNumber, 1)
    .option('--platform-key <file>', "the platform's public key, in place of the key folder's")
    .option('--client-id <id>', 'where the message itself does not say it')
    .option('--target <path>', 'path and query of the request; needed for a response')
    .addOption(new Option('--language <name>', 'show the fix in one language').choices(languages))
    .option('--json', 'print JSON')
    .addHelpText('after', doctorExamples)
    .action((file: string, options: DoctorOptions, command: Command) => {
      finish(doctor(file, options, resolveOptionSettings(command)));
    });

  const scenarios = program
    .command('scenarios')
    .description('list, show, check and run scenario files');
  addSettingOptions(scenarios.command('list').description('the scenarios that can be activated'))
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }, command: Command) => {
      finish(listScenarios(resolveOptionSettings(command), options.json === true));
    });
  addSettingOptions(
    scenarios
      .command('show')
      .description("print a scenario's file")
      .argument('<name>', 'one that "scenarios list" names'),
  ).action((name: string, _options, command: Command) => {
    finish(showScenario(name, resolveOptionSettings(command)));
  });
  addSettingOptions(
    scenarios
      .command('check')
      .description('print problems with file, line and suggestion, and rules that can never answer')
      .argument('[path...]', 'files or folders'),
  )
    .option('--json', 'print JSON')
    .action((paths: string[], { json }: { json?: boolean }, command: Command) => {
      finish(checkScenarios(paths, resolveOptionSettings(command), json));
    });
  addSettingOptions(
    scenarios
      .command('run')
      .description("execute scenarios' expect against a private server")
      .argument('[name...]', 'these; all when absent'),
  )
    .option('--json', 'print JSON')
    .action(async (names: string[], { json }: { json?: boolean }, command: Command) => {
      finish(await runScenarios(names, resolveOptionSettings(command), json));
    });

  const clients = program
    .command('clients')
    .description(
      'make, list and drop clients of a running simulator, each with a world of its own',
    );
  const clientCommand = (name: string, what: string): Command =>
    addSettingOptions(clients.command(name).description(what))
      .option('--url <url>', 'where the simulator listens; default: from host and port', serverUrl)
      .option('--json', 'print JSON');
  clientCommand('create', 'make a client and print its Client-Id and private key')
    .argument('[clientId]', 'made up when absent')
    .action(async (clientId: string | undefined, options: ClientsOptions, command: Command) => {
      finish(await createClient(clientId, options, resolveOptionSettings(command)));
    });
  clientCommand('list', 'the clients there are').action(
    async (options: ClientsOptions, command: Command) => {
      finish(await listClients(options, resolveOptionSettings(command)));
    },
  );
  clientCommand('drop', 'forget a client that was made: keys, state, journal')
    .argument('<clientId>', 'one that "clients list" names')
    .action(async (clientId: string, options: ClientsOptions, command: Command) => {
      finish(await dropClient(clientId, options, resolveOptionSettings(command)));
    });

  addSettingOptions(
    program
      .command('health')
      .description('ask a running simulator whether it is ready; exit code 0 or 1'),
  )
    .option('--url <url>', 'where it listens; default: from host and port', serverUrl)
    .option('--json', 'print JSON')
    .action(async (options: HealthOptions, command: Command) => {
      finish(await health(options, resolveOptionSettings(command)));
    });

  for (const addGroup of [addJournalCommands, addStateCommands, addKeysCommands])
    addGroup(program, finish);
};

const doctorExamples = `
Examples:
  alipayhk-mock doctor request.http --key merchant-public.pem --language java
  alipayhk-mock journal show 17 --json | alipayhk-mock doctor -
  alipayhk-mock doctor answer.http --target /api/open/alipay/v1/merchant/order/sync`;
