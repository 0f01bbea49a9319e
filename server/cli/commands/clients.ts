import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AdminClient, queryText } from '../../../sdk/admin/admin-client.ts';
import { ClockControl, OutboundTimeoutError, waitForCalls } from '../../../sdk/testing/steering.ts';
import type { components, paths } from '../../admin/types.gen.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import {
  exitCodes,
  formatJson,
  printError,
  readInputFile,
  translateOutput,
  usageError,
  writeOut,
} from '../input-output.ts';
import {
  addSettingOptions,
  type Finish,
  parseDuration,
  parseServerUrl,
  parseTime,
  resolveOptionSettings,
} from '../options.ts';

interface ClientsOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `alipayhk-mock clients …`: the clients of a running simulator. */
export const addClientsCommands = (program: Command, finish: Finish): void => {
  const clients = program
    .command('clients')
    .description(
      'create, list and drop clients of a running simulator, each with a world of its own',
    );
  const clientCommand = (name: string, description: string): Command =>
    addSettingOptions(clients.command(name).description(description))
      .option(
        '--url <url>',
        'where the simulator listens; default: from host and port',
        parseServerUrl,
      )
      .option('--json', 'print JSON');
  clientCommand('create', 'create a client and print its Client-Id and private key')
    .argument('[clientId]', 'generated when absent')
    .action(async (clientId: string | undefined, options: ClientsOptions, command: Command) => {
      finish(await createClient(clientId, options, resolveOptionSettings(command)));
    });
  clientCommand('list', 'list the known clients').action(
    async (options: ClientsOptions, command: Command) => {
      finish(await listClients(options, resolveOptionSettings(command)));
    },
  );
  clientCommand('drop', 'delete a created client: keys, state, journal')
    .argument('<clientId>', 'one that "clients list" names')
    .action(async (clientId: string, options: ClientsOptions, command: Command) => {
      finish(await dropClient(clientId, options, resolveOptionSettings(command)));
    });
};

const createClient = async (
  clientId: string | undefined,
  options: ClientsOptions,
  settings: Settings,
): Promise<number> => {
  const body = clientId === undefined ? {} : { clientId };
  const created = await connectAdmin(options, settings).post('/clients', { body });
  process.stdout.write(
    options.json === true
      ? formatJson(created)
      : `${created.clientId}\n${created.privateKey ?? ''}`,
  );
  return exitCodes.ok;
};

const listClients = async (options: ClientsOptions, settings: Settings): Promise<number> => {
  const { clients } = await connectAdmin(options, settings).get('/clients');
  const lines = clients.map(({ clientId, created, scenarios }) =>
    [
      clientId,
      ...(created ? [] : [translateOutput('(key folder)')]),
      ...(scenarios.length > 0 ? [translateOutput(`scenarios: ${scenarios.join(', ')}`)] : []),
    ].join('  '),
  );
  process.stdout.write(options.json === true ? formatJson(clients) : `${lines.join('\n')}\n`);
  return exitCodes.ok;
};

const dropClient = async (
  clientId: string,
  options: ClientsOptions,
  settings: Settings,
): Promise<number> => {
  await connectAdmin(options, settings).delete('/clients/{clientId}', { path: { clientId } });
  process.stdout.write(`${translateOutput(`${clientId} is dropped`)}\n`);
  return exitCodes.ok;
};

/** `alipayhk-mock state …`: the state of a running simulator. */
export const addStateCommands = (program: Command, finish: Finish): void => {
  const state = program
    .command('state')
    .description('list, show, export, import and reset the state of a running simulator')
    .addHelpText('after', stateExamples);

  addAdminOptions(state.command('list').description('list how many records each client has'))
    .option('--json', 'print JSON')
    .action(async (options: StateOptions, command: Command) =>
      finish(await listState(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    state.command('show').description('records of a client’s collection, or one of them'),
  )
    .argument('<clientId>', 'whose records')
    .argument(
      '<collection>',
      'accounts, linkages, payments, orders, cards, requests, calls, stories',
    )
    .argument('[identity]', 'the identity, or one of its values: T-1')
    .option('--json', 'print JSON')
    .action(
      async (
        clientId: string,
        collection: string,
        identity: string | undefined,
        options: StateOptions,
        command: Command,
      ) =>
        finish(
          await showState(
            // The admin API refuses an unknown collection, and names those that exist.
            { clientId, collection: collection as StateRoute['collection'] },
            identity,
            options,
            resolveOptionSettings(command),
          ),
        ),
    );

  addAdminOptions(state.command('export').description('write the state as JSON, for "import"'))
    .option('--client <id>', 'only this client’s')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (options: TransferOptions, command: Command) =>
      finish(await exportStateFile(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    state
      .command('import')
      .description('import an exported state; clients that it does not name keep theirs'),
  )
    .argument('<file>', 'a file of "export"; - for standard input')
    .addOption(
      new Option(
        '--mode <mode>',
        'replace: its clients get exactly its records; merge: its records are added or replaced',
      )
        .choices(['replace', 'merge'])
        .default('replace'),
    )
    .action(async (file: string, options: TransferOptions, command: Command) =>
      finish(await importStateFile(file, options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    state.command('reset').description('reset a running simulator, or one part of it'),
  )
    .addOption(
      new Option('--what <what>', 'what to reset; nothing else changes')
        .choices(resets)
        .default('state'),
    )
    .option('--client <id>', 'only this client’s')
    .action(async (options: ResetOptions, command: Command) =>
      finish(await resetState(options, resolveOptionSettings(command))),
    );
};

const stateExamples = `
Examples:
  alipayhk-mock state list
  alipayhk-mock state show 4Q5Y8W0WSG45P907917 orders T-1
  alipayhk-mock state export --out before.json && alipayhk-mock state import before.json
  alipayhk-mock state reset --what request-ids
  alipayhk-mock state reset --what everything

Exit codes: 0 done, 1 no such record, 2 no answer, or the simulator refuses.`;

interface StateOptions extends AdminOptions {
  readonly json?: boolean;
}

/** Prints how many records each client has. */
const listState = async (options: StateOptions, settings: Settings): Promise<number> => {
  const { worlds } = await connectAdmin(options, settings).get('/state');
  const lines = worlds.map(({ clientId, collections }) => {
    const counts = Object.entries(collections).filter(([, count]) => count > 0);
    return `${clientId}  ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`;
  });
  const shown = lines.length === 0 ? [translateOutput('no state')] : lines;
  process.stdout.write(options.json === true ? formatJson(worlds) : `${shown.join('\n')}\n`);
  return exitCodes.ok;
};

type StateRoute = paths['/clients/{clientId}/state/{collection}']['get']['parameters']['path'];

/** Prints records, all of them page by page. */
const showState = async (
  path: StateRoute,
  identity: string | undefined,
  options: StateOptions,
  settings: Settings,
): Promise<number> => {
  const admin = connectAdmin(options, settings);
  const records: components['schemas']['StoredRecord'][] = [];
  let after: string | undefined;
  do {
    const query = { identity, after, limit: 1000 };
    const page = await admin.get('/clients/{clientId}/state/{collection}', { path, query });
    records.push(...page.records);
    after = page.next;
  } while (after !== undefined);
  const lines = records.map(({ id, value }) => `${id}  ${JSON.stringify(value)}\n`);
  process.stdout.write(options.json === true ? formatJson(records) : lines.join(''));
  return records.length === 0 && identity !== undefined ? exitCodes.failed : exitCodes.ok;
};

const resets = ['state', 'request-ids', 'journal', 'scenarios', 'client', 'everything'] as const;

interface ResetOptions extends AdminOptions {
  readonly what: (typeof resets)[number];
  readonly client?: string;
}

/** Resets exactly what is named. */
const resetState = async (options: ResetOptions, settings: Settings): Promise<number> => {
  const { what, client } = options;
  if (what === 'everything' && client !== undefined)
    throw usageError(
      '--what everything',
      'resets all clients',
      'To reset everything of one client, write --what client --client <id>.',
    );
  const admin = connectAdmin(options, settings);
  if (what === 'client') {
    if (client === undefined)
      throw usageError('--what client', 'needs a Client-Id', 'Add --client <id>.');
    await admin.post('/reset/clients/{clientId}', { path: { clientId: client } });
  } else if (what === 'everything') await admin.post('/reset/everything');
  else await admin.post(`/reset/${what}`, { query: { clientId: client } });
  const done = client === undefined ? `${what}: reset` : `${what} of ${client}: reset`;
  process.stdout.write(`${translateOutput(done)}\n`);
  return exitCodes.ok;
};

interface TransferOptions extends AdminOptions {
  readonly client?: string;
  readonly out?: string;
  readonly mode?: string;
}

/** Writes the state of all clients, or of one. */
const exportStateFile = async (options: TransferOptions, settings: Settings): Promise<number> => {
  const query = { clientId: options.client };
  const document = await connectAdmin(options, settings).get('/state/export', { query });
  writeOut(formatJson(document), options.out);
  return exitCodes.ok;
};

/** Imports what was exported. */
const importStateFile = async (
  file: string,
  options: TransferOptions,
  settings: Settings,
): Promise<number> => {
  const text = readInputFile(file, 'Name a file of "state export", or - for standard input.');
  const imported = await connectAdmin(options, settings).request<ImportedState>(
    'POST',
    `/state/import${queryText({ mode: options.mode })}`,
    { text: { type: 'application/json', value: text.toString('utf8') } },
  );
  const { records, worlds } = imported;
  const done = `${records} records of ${worlds} ${worlds === 1 ? 'client' : 'clients'}`;
  process.stdout.write(`${translateOutput(done)}\n`);
  return exitCodes.ok;
};

type ImportedState =
  paths['/state/import']['post']['responses'][200]['content']['application/json'];

interface ClockOptions extends AdminOptions {
  readonly client?: string;
  readonly json?: boolean;
}

/** What the admin API says of a clock. */
type ClockReply = Awaited<ReturnType<ClockControl['read']>>;

/** `alipayhk-mock clock …`: the clocks of a running simulator. */
export const addClockCommands = (program: Command, finish: Finish): void => {
  const clock = program
    .command('clock')
    .description('show, hold, set and advance the clocks of a running simulator')
    .addHelpText('after', clockExamples);
  const subcommand = (name: string, description: string): Command =>
    addAdminOptions(clock.command(name).description(description))
      .option('--client <id>', 'this client’s own clock; default: the simulator’s')
      .option('--json', 'print JSON');
  const show = async (command: Command, change?: ChangeClock): Promise<void> =>
    finish(await changeClock(change, command.opts<ClockOptions>(), resolveOptionSettings(command)));

  subcommand('show', 'print what the clock shows').action((_options, self: Command) => show(self));
  subcommand('hold', 'hold the clock at a time')
    .argument('[time]', 'ISO 8601, or milliseconds since 1970; default: now', parseClockTime)
    .action((at: number | undefined, _options, self: Command) =>
      show(self, (control) => control.freeze(at)),
    );
  subcommand('set', 'set the clock to a time; its speed stays')
    .argument('<time>', 'ISO 8601, or milliseconds since 1970', parseClockTime)
    .action((at: number, _options, self: Command) => show(self, (control) => control.set(at)));
  subcommand('advance', 'advance the clock; what falls due meanwhile happens at once')
    .argument('<duration>', 'e.g. 90s, 30m, 25h', parseDuration)
    .action((milliseconds: number, _options, self: Command) =>
      show(self, (control) => control.advance(milliseconds)),
    );
  subcommand('run', 'let the clock run from what it shows')
    .argument('[speed]', '1: as fast as time; 60: a minute each second', parseSpeed, 1)
    .action((speed: number, _options, self: Command) =>
      show(self, (control) => control.run(speed)),
    );
  subcommand('reset', 'show the time of the machine again').action((_options, self: Command) =>
    show(self, (control) => control.reset()),
  );
};

const clockExamples = `
Examples:
  alipayhk-mock clock hold 2026-08-01T00:00:00+08:00
  alipayhk-mock clock advance 25h
  alipayhk-mock clock advance 5m --client TEST-7
  alipayhk-mock clock reset

Every time follows the clock: Response-Time, the window of Request-Time, validity of keys, expiry,
scripted delays, calls to merchants. A client's own clock follows the simulator's.
Exit codes: 0 done, 2 no simulator, unknown client, or a time that a clock cannot show.`;

const parseClockTime = (text: string): number => {
  const time = parseTime(text);
  return /^\d+$/.test(time) ? Number(time) : Date.parse(time);
};

const parseSpeed = (text: string): number => {
  if (/^\d{1,7}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a number, e.g. 60; 0 holds the clock.');
};

type ChangeClock = (control: ClockControl) => Promise<ClockReply>;

const changeClock = async (
  change: ChangeClock | undefined,
  { client, ...options }: ClockOptions,
  settings: Settings,
): Promise<number> => {
  const admin = connectAdmin(options, settings);
  const control = new ClockControl(admin, client);
  const before = await countSends(admin, client);
  const state = await (change === undefined ? control.read() : change(control));
  const sent = change === undefined ? 0 : (await settleSends(admin, client)) - before;
  process.stdout.write(
    options.json === true ? formatJson({ ...state, sent }) : `${describeClock(state, sent)}\n`,
  );
  return exitCodes.ok;
};

const describeClock = ({ now, rate }: ClockReply, sent: number): string => {
  const speed = rate === 1 ? '' : rate === 0 ? ', held' : `, runs ${rate} times as fast as time`;
  const calls = sent === 0 ? '' : `; ${sent} ${sent === 1 ? 'call' : 'calls'} to merchants made`;
  return `${writeTimestamp(now)}${translateOutput(speed)}${translateOutput(calls)}`;
};

const countSends = async (admin: AdminClient, clientId: string | undefined): Promise<number> => {
  const { messages } = await admin.get('/outbound', { query: { clientId, limit: 5000 } });
  return messages.reduce((sum, { attempts }) => sum + attempts.length, 0);
};

/** A merchant may take its time limit for each of the eight sends. */
const settleLimitMs = 60_000;

/** Waits until the calls that a moved clock has reached are made. @returns how many there are */
const settleSends = async (admin: AdminClient, clientId: string | undefined): Promise<number> => {
  try {
    await waitForCalls(admin, clientId, settleLimitMs);
  } catch (error) {
    if (!(error instanceof OutboundTimeoutError)) throw error;
    printError(`The clock is moved, but ${error.message}`);
  }
  return countSends(admin, clientId);
};
