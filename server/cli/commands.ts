import { Argument, type Command, Option } from 'commander';
import { toolSets } from '../admin/mcp/mcp-tool.ts';
import { failLevels } from '../conformance/certify/result.ts';
import { reportFormats } from '../conformance/report/formats.ts';
import { addHealthCommand } from './admin.ts';
import { addCertifyCommand } from './commands/certify/certify.ts';
import type { ReportCommandOptions } from './commands/certify/run-output.ts';
import { addClientsCommands, addClockCommands, addStateCommands } from './commands/clients.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import type { ExecOptions } from './commands/exec.ts';
import type { EnvOptions, ExportOptions } from './commands/export.ts';
import { addCalibrateCommand, addCapsuleCommands, addCompareCommand } from './commands/fidelity.ts';
import type { InitOptions } from './commands/init.ts';
import { addCoverageCommand, addGateOptions, addLintCommand } from './commands/integration.ts';
import { addJournalCommands } from './commands/journal.ts';
import { addKeysCommands } from './commands/keys.ts';
import type { McpOptions } from './commands/mcp.ts';
import { addOutboundCommands } from './commands/outbound.ts';
import type { ProxyOptions } from './commands/proxy.ts';
import { addScenariosCommands } from './commands/scenarios.ts';
import type { SendCommandOptions, SignOptions, VerifyResponseOptions } from './commands/send.ts';
import {
  addBodyOptions,
  addMerchantOptions,
  addSettingFlags,
  addSettingOptions,
  type Finish,
  operationHelp,
  parseServerUrl,
  parseWholeNumber,
  resolveGivenSettings,
  resolveOptionSettings,
} from './options.ts';
import { addReportOption } from './reports.ts';

/** Adds every command except `serve`. */
export const addCommands = (program: Command, finish: Finish): void => {
  addMerchantCommands(program, finish);
  for (const addGroup of [
    addCertifyCommand,
    addDoctorCommand,
    addScenariosCommands,
    addClientsCommands,
    addClockCommands,
    addHealthCommand,
    addJournalCommands,
    addCapsuleCommands,
    addLintCommand,
    addCoverageCommand,
    addStateCommands,
    addKeysCommands,
    addMcpCommand,
    addOutboundCommands,
  ])
    addGroup(program, finish);
  for (const command of commandsBelow(program)) {
    if (!command.options.some(({ long }) => long === '--lang'))
      addSettingFlags(command, ['language']).hook('preAction', (one) => {
        resolveGivenSettings(one);
      });
  }
};

/** The commands that do something, not those that only group them. */
const commandsBelow = (command: Command): readonly Command[] => {
  const below = command.commands.flatMap(commandsBelow);
  return below.length === 0 || command.options.length > 0 ? [command, ...below] : below;
};

/** Adds what a merchant's developer needs in addition. Each is loaded only when it runs. */
const addMerchantCommands = (program: Command, finish: Finish): void => {
  const command = (name: string, description: string, ...examples: readonly string[]): Command =>
    addSettingOptions(
      program.command(name).description(description),
      undefined,
      settingHelp[name],
    ).addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);

  addSigningOptions(
    command(
      'send',
      'sign a sample as the demo merchant, send it, verify the response, print both',
      ...sendExamples,
    ),
  )
    .option('--repeat <n>', 'send the same body n times', parseWholeNumber(1, 10_000), 1)
    .option('--fail', 'exit code 1 unless every response is S')
    .option('--json', 'print JSON')
    .action(async (operation: string, options: SendCommandOptions, self: Command) =>
      finish(
        await (await import('./commands/send.ts')).sendOperation(
          operation,
          options,
          resolveOptionSettings(self),
        ),
      ),
    );

  addSigningOptions(
    command(
      'curl',
      'print a complete signed curl line; it expires with its Request-Time',
      ...curlExamples,
    ),
  ).action(async (operation: string, options: SignOptions, self: Command) =>
    finish(
      (await import('./commands/send.ts')).printCurl(
        operation,
        options,
        resolveOptionSettings(self),
      ),
    ),
  );

  addSigningOptions(
    command(
      'sign',
      'print the signed headers of a request, and the text that was signed',
      ...signExamples,
    ),
  )
    .option('--json', 'print JSON')
    .action(async (operation: string, options: SignOptions, self: Command) =>
      finish(
        (await import('./commands/send.ts')).sign(operation, options, resolveOptionSettings(self)),
      ),
    );

  addMerchantOptions(
    command('verify-response', 'verify a saved response, and decrypt it', ...verifyExamples),
  )
    .argument('<file>', 'the raw HTTP response, head and body; - for standard input')
    .requiredOption('--target <path>', 'path and query of its request, or the operation')
    .option('--json', 'print JSON')
    .action(async (file: string, options: VerifyResponseOptions, self: Command) =>
      finish(
        (await import('./commands/send.ts')).verifySavedResponse(
          file,
          options,
          resolveOptionSettings(self),
        ),
      ),
    );

  addGateOptions(
    addReportOption(
      command(
        'exec',
        'start a simulator on a free port, run a command with it, exit with the command’s exit code',
        ...execExamples,
      ),
    ),
  )
    .argument('<command...>', 'the command and its arguments')
    .passThroughOptions()
    .option('--client <id>', 'whose keys the command gets; default: a client created for this run')
    .option('--log <file>', "write the simulator's log to this file; default: no log")
    .option('--journal <file>', 'write every exchange to this file as JSON, once the command ended')
    .option('--har <file>', 'the same as an HTTP Archive')
    .option('--capsule <file>', 'the same as a capsule, which another machine replays')
    .option('--keep-data', 'with --capsule: keep the values that were sent')
    .option('--coverage <file>', 'write what the traffic has covered to this file as JSON')
    .action(async (words: string[], options: ExecOptions, self: Command) =>
      finish(
        await (await import('./commands/exec.ts')).exec(
          words,
          options,
          resolveOptionSettings(self),
        ),
      ),
    );

  addMerchantOptions(
    command('env', 'print the environment variables of a merchant’s program', ...envExamples),
  )
    .addOption(
      new Option('--format <name>', 'output format')
        .choices(['dotenv', 'shell', 'json'])
        .default('dotenv'),
    )
    .action(async (options: EnvOptions, self: Command) =>
      finish((await import('./commands/export.ts')).printEnv(options, resolveOptionSettings(self))),
    );

  program
    .command('init')
    .description(
      'write a config file, a scenario, a compose file and a GitHub workflow to start from',
    )
    .argument('[folder]', 'folder to write to', '.')
    .option('--force', 'overwrite existing files')
    .option('--agents', 'write what coding agents read: .mcp.json, a section of AGENTS.md, a skill')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  alipayhk-mock init\n  alipayhk-mock init ./payments --force\n' +
        '  alipayhk-mock init --agents',
    )
    .action(async (folder: string, options: InitOptions) =>
      finish((await import('./commands/init.ts')).init(folder, options)),
    );

  addMerchantOptions(
    command(
      'export',
      'write the contract, or a collection whose requests sign themselves',
      ...exportExamples,
    ),
  )
    .addArgument(exportKinds)
    .option('--out <path>', 'file, or folder for bruno; standard output when absent')
    .action(async (kind: string, options: ExportOptions, self: Command) =>
      finish(
        await (await import('./commands/export.ts')).exportAs(
          kind,
          options,
          resolveOptionSettings(self),
        ),
      ),
    );

  addMerchantOptions(
    command(
      'proxy',
      'take plain HTTP, forward it signed, verify and decrypt the responses',
      ...proxyExamples,
    ),
  )
    .requiredOption(
      '--target <url>',
      'where requests go: a simulator, or the gateway’s test environment',
      parseServerUrl,
    )
    .option(
      '--listen <port>',
      'port to take requests on; 0 takes a free one',
      parseWholeNumber(0, 65_535),
      8853,
    )
    .option('--encrypt', 'encrypt the bodies; encrypted responses are decrypted')
    .option('--timeout <ms>', 'timeout of a response', parseWholeNumber(1, 3_600_000), 10_000)
    .action(async (options: ProxyOptions, self: Command) =>
      finish(
        await (await import('./commands/proxy.ts')).proxy(options, resolveOptionSettings(self)),
      ),
    );

  addCalibrateCommand(program, finish);
  addCompareCommand(program, finish);
  addReportOption(
    program
      .command('report')
      .description('make reports of a saved result of certify')
      .argument('<file>', 'what certify wrote with --report json=FILE; - for standard input'),
    reportFormats,
  )
    .option('--sarif-location <path[:line]>', 'what results of SARIF point at')
    .addOption(
      new Option('--fail-on <level>', 'from which severity on the exit code is 1')
        .choices(failLevels)
        .default('major'),
    )
    .action(async (file: string, options: ReportCommandOptions) =>
      finish((await import('./commands/certify/run-output.ts')).reportSaved(file, options)),
    );

  program
    .command('completion')
    .description('print the completion script of a shell')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .addHelpText(
      'after',
      '\nExamples:\n  source <(alipayhk-mock completion bash)\n  alipayhk-mock completion fish | source\n' +
        '  alipayhk-mock completion powershell | Out-String | Invoke-Expression',
    )
    .action(async (shell: string) =>
      finish((await import('./completion.ts')).completion(shell, program)),
    );
};

const settingHelp: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  exec: {
    port: 'port to listen on; default: a free one, whatever variables and the config file say',
  },
};

const addSigningOptions = (command: Command): Command =>
  addBodyOptions(addMerchantOptions(command.argument('<operation>', operationHelp))).option(
    '--encrypt',
    'encrypt the body; the response is encrypted too',
  );

const sendExamples = [
  'alipayhk-mock send order-sync --example MOVIE_TICKET --encrypt',
  'alipayhk-mock send payment-info --set amount=100 --json',
];
const curlExamples = [
  'alipayhk-mock curl order-sync',
  'alipayhk-mock curl payment-info --set amount=100 | sh',
];
const signExamples = [
  'alipayhk-mock sign order-sync --body order.json',
  'alipayhk-mock sign order-sync --json | jq .headers',
];
const verifyExamples = [
  'curl -si … > answer.http; alipayhk-mock verify-response answer.http --target order-sync',
  'alipayhk-mock verify-response answer.http --target order-sync --platform-key platform.pem',
];
const execExamples = [
  'alipayhk-mock exec -- npm test',
  'alipayhk-mock exec --scenario net-reset --log simulator.log -- ./gradlew test',
  'alipayhk-mock exec --journal exchanges.json --report junit=exec.xml -- npm test',
];
const envExamples = ['alipayhk-mock env > .env', 'eval "$(alipayhk-mock env --format shell)"'];
const exportExamples = [
  'alipayhk-mock export openapi --out alipayhk.yaml',
  'alipayhk-mock export postman --out alipayhk.postman.json',
];
const proxyExamples = [
  'alipayhk-mock proxy --target http://127.0.0.1:8852',
  'alipayhk-mock proxy --target http://127.0.0.1:8852 --encrypt --listen 9000',
];
const exportKinds = new Argument('<kind>', 'what to write').choices([
  'openapi',
  'postman',
  'bruno',
  'har',
]);

/** `alipayhk-mock mcp`: the tools of a coding agent. */
const addMcpCommand = (program: Command, finish: Finish): void => {
  addSettingOptions(
    program
      .command('mcp')
      .description('serve the Model Context Protocol over standard input and output'),
  )
    .option('--url <url>', 'use the simulator that runs there', parseServerUrl)
    .option('--token <token>', 'the admin token of --url; the same as --admin-token')
    .addOption(
      new Option(
        '--tools <set>',
        'core; read-only: those that change nothing; all: also move_clock and add_client',
      )
        .choices(toolSets)
        .default('core'),
    )
    .addHelpText('after', mcpExamples)
    .action(async (options: McpOptions, command: Command) =>
      finish(
        await (await import('./commands/mcp.ts')).serveMcp(options, resolveOptionSettings(command)),
      ),
    );
};

const mcpExamples = `
A coding agent starts this command itself. On a terminal it prints the configuration for one.
Without --url it uses the simulator at host and port if one answers there; otherwise its tool
start_simulator starts one in this process, in memory, on a free port of the loopback address.

Examples:
  alipayhk-mock mcp                                     print a configuration for your agent
  alipayhk-mock mcp --url http://127.0.0.1:8852 --tools read-only

Exit codes: 0 the agent has ended it, 2 unusable settings.`;
