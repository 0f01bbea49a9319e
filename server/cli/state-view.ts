import type { components } from '../admin/types.gen.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { StartupError } from '../problems/problem.ts';
import { type AdminOptions, askAdmin, askJson, queryText } from './ask-admin.ts';
import { exitCodes } from './exit-codes.ts';
import { asJson } from './write-out.ts';

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
      ? asJson(worlds)
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
  process.stdout.write(options.json === true ? asJson(records) : lines.join(''));
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
