import { type Command, Option } from 'commander';
import type { components } from '../../admin/types.gen.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { StartupError } from '../../problems/problem.ts';
import { type AdminOptions, askAdmin, askJson, queryText, withAdmin } from '../ask-admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson, readInput, writeOut } from '../input-output.ts';
import { resolveOptionSettings } from '../options.ts';

/** `alipayhk-mock state …`: what a running simulator holds. */
export const addStateCommands = (program: Command, finish: (exitCode: number) => void): void => {
  const state = program
    .command('state')
    .description('list, show, export, import and reset what a running simulator holds')
    .addHelpText('after', stateExamples);

  withAdmin(state.command('list').description('whose worlds hold how much'))
    .option('--json', 'print JSON')
    .action(async (options: StateOptions, command: Command) =>
      finish(await listState(options, resolveOptionSettings(command))),
    );

  withAdmin(state.command('show').description('records of a client’s collection, or one of them'))
    .argument('<clientId>', 'whose world')
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
            { clientId, collection, identity },
            options,
            resolveOptionSettings(command),
          ),
        ),
    );

  withAdmin(
    state.command('export').description('write everything that is held, as "import" takes it'),
  )
    .option('--client <id>', 'only this client’s')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (options: TransferOptions, command: Command) =>
      finish(await exportState(options, resolveOptionSettings(command))),
    );

  withAdmin(
    state
      .command('import')
      .description('take up what was exported; worlds that it does not name stay'),
  )
    .argument('<file>', 'a file of "export"; - for standard input')
    .addOption(
      new Option(
        '--mode <mode>',
        'replace: its worlds become exactly that; merge: its records are put beside what is held',
      )
        .choices(['replace', 'merge'])
        .default('replace'),
    )
    .action(async (file: string, options: TransferOptions, command: Command) =>
      finish(await importState(file, options, resolveOptionSettings(command))),
    );

  withAdmin(state.command('reset').description('begin anew'))
    .addOption(
      new Option('--what <what>', 'exactly that and nothing else').choices(resets).default('state'),
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

Exit codes: 0 done, 2 nobody answers, or it refuses.`;

export interface StateOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface ResetOptions extends AdminOptions {
  readonly what: (typeof resets)[number];
  readonly client?: string;
}

export const resets = [
  'state',
  'request-ids',
  'journal',
  'scenarios',
  'client',
  'everything',
] as const;

type WorldOverview = components['schemas']['WorldOverview'];
type StoredRecord = components['schemas']['StoredRecord'];

/** Prints whose worlds hold how much. */
export const listState = async (options: StateOptions, settings: Settings): Promise<number> => {
  const { worlds } = await askJson<{ worlds: WorldOverview[] }>('/state', options, settings);
  const lines = worlds.map(({ clientId, collections }) => {
    const counts = Object.entries(collections).filter(([, count]) => count > 0);
    return `${clientId}  ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`;
  });
  process.stdout.write(
    options.json === true
      ? formatJson(worlds)
      : `${(lines.length === 0 ? ['nothing is held'] : lines).join('\n')}\n`,
  );
  return exitCodes.ok;
};

interface Place {
  readonly clientId: string;
  readonly collection: string;
  readonly identity: string | undefined;
}

/** Prints records, all of them page by page. */
export const showState = async (
  { clientId, collection, identity }: Place,
  options: StateOptions,
  settings: Settings,
): Promise<number> => {
  const path = `/clients/${encodeURIComponent(clientId)}/state/${encodeURIComponent(collection)}`;
  const records: StoredRecord[] = [];
  let after: string | undefined;
  do {
    const query = queryText({ identity, after, limit: '1000' });
    const page = await askJson<{ records: StoredRecord[]; next?: string }>(
      `${path}${query}`,
      options,
      settings,
    );
    records.push(...page.records);
    after = page.next;
  } while (after !== undefined);
  const lines = records.map(({ id, value }) => `${id}  ${JSON.stringify(value)}\n`);
  process.stdout.write(options.json === true ? formatJson(records) : lines.join(''));
  return records.length === 0 && identity !== undefined ? exitCodes.failed : exitCodes.ok;
};

/** Begins anew, as far as was asked. */
export const resetState = async (options: ResetOptions, settings: Settings): Promise<number> => {
  const { what, client } = options;
  if (what === 'client' && client === undefined)
    throw new StartupError([
      { where: '--what client', message: 'needs to know which one', remedy: 'Add --client <id>.' },
    ]);
  if (what === 'everything' && client !== undefined)
    throw new StartupError([
      {
        where: '--what everything',
        message: 'is for all clients',
        remedy: 'For everything of one client: --what client --client <id>.',
      },
    ]);
  const path =
    what === 'client'
      ? `/reset/clients/${encodeURIComponent(client ?? '')}`
      : `/reset/${what}${queryText({ clientId: client })}`;
  await askAdmin(path, options, settings, { method: 'POST' });
  process.stdout.write(`${what}${client === undefined ? '' : ` of ${client}`}: begun anew\n`);
  return exitCodes.ok;
};

export interface TransferOptions extends AdminOptions {
  readonly client?: string;
  readonly out?: string;
  readonly mode?: string;
}

/** Writes everything that is held. */
export const exportState = async (
  options: TransferOptions,
  settings: Settings,
): Promise<number> => {
  const { client, out } = options;
  writeOut(
    formatJson(
      await askJson<unknown>(`/state/export${queryText({ clientId: client })}`, options, settings),
    ),
    out,
  );
  return exitCodes.ok;
};

/** Takes up what was exported. */
export const importState = async (
  file: string,
  options: TransferOptions,
  settings: Settings,
): Promise<number> => {
  const query = queryText({ mode: options.mode });
  const body = readInput(file, 'Name a file of "state export", or - for standard input.').toString(
    'utf8',
  );
  const taken = await askJson<{ worlds: number; records: number }>(
    `/state/import${query}`,
    options,
    settings,
    { method: 'POST', body },
  );
  process.stdout.write(
    `${taken.records} records of ${taken.worlds} ${taken.worlds === 1 ? 'client' : 'clients'}\n`,
  );
  return exitCodes.ok;
};
