import { type Command, Option } from 'commander';
import { queryText } from '../../../sdk/admin/admin-client.ts';
import type { components, paths } from '../../admin/types.gen.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson, readInputFile, usageError, writeOut } from '../input-output.ts';
import { type Finish, resolveOptionSettings } from '../options.ts';
import { translateOutput } from '../output-language.ts';

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
  process.stdout.write(`${what}${client === undefined ? '' : ` of ${client}`}: reset\n`);
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
  process.stdout.write(`${records} records of ${worlds} ${worlds === 1 ? 'client' : 'clients'}\n`);
  return exitCodes.ok;
};

type ImportedState =
  paths['/state/import']['post']['responses'][200]['content']['application/json'];
