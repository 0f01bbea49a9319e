import { type Command, Option } from 'commander';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import { reportFormats } from '../../conformance/report/formats.ts';
import { outboundFaultIds } from '../../domain/outbound/outbound-faults.ts';
import { addAdminOptions } from '../admin.ts';
import {
  addSettingOptions,
  type Finish,
  parseDuration,
  parseKeyVersion,
  parseServerUrl,
  parseWholeNumber,
  resolveOptionSettings,
} from '../options.ts';
import { addReportOption } from '../reports.ts';
import {
  appliedHelp,
  callHelp,
  collectCall,
  parseCaseId,
  receiverHelp,
} from './certify/certify.ts';
import type { CertifyOutboundOptions } from './certify/prepare-run.ts';
import {
  changeMessage,
  type ListMessagesOptions,
  listCalls,
  listMessages,
  type OutboundMessageOptions,
} from './outbound-messages.ts';

/** `notify`, `query` and `outbound …`: calls to the merchant's own server. */
export const addOutboundCommands = (program: Command, finish: Finish): void => {
  addCallCommand(program, 'notify', finish);
  addCallCommand(program, 'query', finish);
  const outbound = program
    .command('outbound')
    .description('list the calls to merchants of a running simulator, cancel them, send them now')
    .addHelpText('after', outboundExamples);

  addAdminOptions(outbound.command('list').description('list messages with their attempts'))
    .option('--client <id>', 'only this client’s')
    .addOption(
      new Option('--state <state>', 'only messages in this state').choices([
        'pending',
        'acknowledged',
        'exhausted',
        'cancelled',
      ]),
    )
    .option('--limit <n>', 'maximum number of messages', parseWholeNumber(1, 5000), 50)
    .option('--json', 'print JSON')
    .action(async (options: ListMessagesOptions, command: Command) =>
      finish(await listMessages(options, resolveOptionSettings(command))),
    );

  addAdminOptions(outbound.command('calls').description('list the calls that can be sent'))
    .option('--client <id>', 'show where they would go for this client')
    .option('--json', 'print JSON')
    .action(async (options: ListMessagesOptions, command: Command) =>
      finish(await listCalls(options, resolveOptionSettings(command))),
    );

  addReportOption(
    addSettingOptions(
      outbound
        .command('certify')
        .description('play the family OUT alone: the same as certify with --receiver'),
    ).requiredOption('--to <url>', receiverHelp, parseServerUrl),
    reportFormats,
  )
    .option('--client <id>', 'Client-Id that is called', demoClientId)
    .option('--case <id>', 'play this case only; repeatable', parseCaseId, [])
    .option('--call <id>', callHelp, collectCall, [])
    .option('--applied <url>', appliedHelp, parseServerUrl)
    .option('--json', 'print JSON')
    .action(async (options: CertifyOutboundOptions, command: Command) =>
      finish(
        await (await import('./certify/run-certify-command.ts')).certifyOutbound(
          options,
          resolveOptionSettings(command),
        ),
      ),
    );

  for (const [name, description] of [
    ['cancel', 'cancel a message: it is not sent again'],
    ['send', 'send a message now, whatever its plan says'],
  ] as const)
    addAdminOptions(outbound.command(name).description(description))
      .argument('<messageId>', 'id of the message, as "outbound list" prints it')
      .option('--json', 'print JSON')
      .action(async (id: string, options: ListMessagesOptions, command: Command) =>
        finish(await changeMessage(name, id, options, resolveOptionSettings(command))),
      );
};

const outboundExamples = `
Examples:
  alipayhk-mock outbound certify --to http://127.0.0.1:3000
  alipayhk-mock outbound list --state pending
  alipayhk-mock outbound send out-2f1c0a9b7d3e4f56
  alipayhk-mock outbound cancel out-2f1c0a9b7d3e4f56

Exit codes: 0 done, or with "send" acknowledged; 1 not acknowledged; 2 unknown message, no simulator.`;

const addCallCommand = (program: Command, name: 'notify' | 'query', finish: Finish): void => {
  const what =
    name === 'notify'
      ? 'send a notification to the merchant as AlipayHK, and judge the answer'
      : 'query the merchant as AlipayHK, and judge the answer';
  const command = addSettingOptions(program.command(name).description(what))
    .argument(
      '<call>',
      'e.g. bill-notify, query-unpaid-bills; docs/reference/outbound.md lists all',
    )
    .option(
      '--to <url>',
      'address of the merchant for this call; default: a running simulator sends to the address in ' +
        'its outbound.targets',
      parseServerUrl,
    )
    .option('--client <id>', 'Client-Id that is called', demoClientId)
    .option(
      '--set <field=value>',
      'set a field; the value is JSON or plain text; null deletes the field; repeatable',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--unchecked', 'send fields that contradict the contract too')
    .addOption(new Option('--fault <id>', 'what goes wrong').choices(outboundFaultIds))
    .option('--encrypt', 'encrypt the body for the client')
    .addOption(
      new Option('--algorithm <name>', 'signature algorithm; with --to').choices([
        'RSA256',
        'ECC224',
      ]),
    )
    .option('--key-version <n>', "the platform's version that signs; with --to", parseKeyVersion)
    .option(
      '--after <duration>',
      'how long to wait, by the client’s clock; without --to',
      parseDuration,
    )
    .option('--url <url>', 'where the admin API listens; without --to', parseServerUrl)
    .option('--token <token>', 'the admin token; the same as --admin-token')
    .option('--json', 'print JSON');
  addReportOption(command)
    .addHelpText('after', callExamples[name])
    .action(async (call: string, options: OutboundMessageOptions, self: Command) =>
      finish(
        await (await import('./send-outbound.ts')).sendOutbound(
          name,
          call,
          options,
          resolveOptionSettings(self),
        ),
      ),
    );
};

const exitText = `
Exit codes: 0 acknowledged (SUCCESS, signed, in time), 1 not, 2 unusable command line or files,
3 the merchant cannot be reached. Only an address that you name is called: on this machine and in
private networks, others with --allow-host.`;

const callExamples = {
  notify: `
Examples:
  alipayhk-mock notify bill-notify --to http://127.0.0.1:3000/points/bill/notify
  alipayhk-mock notify bill-notify --to http://127.0.0.1:3000/notify --fault duplicate
  alipayhk-mock notify payment-notify --after 2s
${exitText}`,
  query: `
Examples:
  alipayhk-mock query query-unpaid-bills --to http://127.0.0.1:3000/unpaid-bills
  alipayhk-mock query top-up --to http://127.0.0.1:3000/api/merchant/top_up --set amount=5000
${exitText}`,
};
