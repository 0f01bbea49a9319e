import type { Settings } from '../domain/settings/settings-table.ts';
import { type AdminOptions, askJson, queryText } from './ask-admin.ts';
import { exitCodes } from './exit-codes.ts';
import { readInput } from './read-input.ts';
import { asJson, writeOut } from './write-out.ts';

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
    asJson(
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
