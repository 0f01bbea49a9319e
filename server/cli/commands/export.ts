import { join } from 'node:path';
import {
  brunoCollection,
  type CollectionVariables,
  postmanCollection,
  sampleRequests,
} from '../../../sdk/collections/collections.ts';

import { AdminApiError, AdminConnection } from '../../../sdk/testing/admin-connection.ts';
import { endpoints } from '../../domain/operations/index.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { StartupError } from '../../problems/problem.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeNamed } from '../input-output.ts';
import { loadContract } from '../load-merchant.ts';
import type { MerchantOptions } from '../options.ts';
import { merchantVariables } from './env.ts';
import { adminUrl } from './health.ts';

export interface ExportOptions extends MerchantOptions {
  readonly out?: string;
}

/** One file's text, or several files by their path in a folder. */
type Exported = string | ReadonlyMap<string, string>;

/** Writes the contract as it is served, a collection, or a running simulator's journal. */
export const exportAs = async (
  kind: string,
  options: ExportOptions,
  settings: Settings,
): Promise<number> => {
  const make = kinds[kind];
  if (make === undefined) throw new Error(`no export ${kind}`);
  const made = await make(options, settings);
  if (typeof made === 'string') writeOne(made, options.out);
  else writeFolder(made, options.out);
  return exitCodes.ok;
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const kinds: Readonly<
  Record<string, (options: ExportOptions, settings: Settings) => Exported | Promise<Exported>>
> = {
  openapi: (_options, settings) => json(loadContract(settings).document),
  postman: (options, settings) =>
    json(postmanCollection(buildRequests(settings), buildVariables(options, settings))),
  bruno: (options, settings) =>
    brunoCollection(buildRequests(settings), buildVariables(options, settings)),
  har: async ({ url }, settings) =>
    json(await fetchJournal(url ?? adminUrl(settings), settings.adminToken)),
};

/** The same as `journal export`. */
const fetchJournal = (url: string, token: string): Promise<unknown> =>
  new AdminConnection(url, token || undefined)
    .ask('GET', '/journal/har')
    .catch((error: unknown) => {
      throw error instanceof AdminApiError ? new StartupError(error.problems) : error;
    });

const buildRequests = (settings: Settings) =>
  sampleRequests(
    loadContract(settings),
    (id) => endpoints.find(({ operationId }) => operationId === id)?.eventTime ?? null,
  );

const buildVariables = (options: ExportOptions, settings: Settings): CollectionVariables => {
  if (options.algorithm === 'ECC224')
    throw new StartupError([
      {
        where: '--algorithm',
        message: 'collections sign RSA256 only',
        remedy: 'Leave --algorithm out.',
      },
    ]);
  const variables = merchantVariables(options, settings);
  return {
    baseUrl: variables['ALIPAYHK_BASE_URL'] ?? '',
    clientId: variables['ALIPAYHK_CLIENT_ID'] ?? '',
    keyVersion: variables['ALIPAYHK_KEY_VERSION'] ?? '',
    privateKey: variables['ALIPAYHK_PRIVATE_KEY'] ?? '',
    platformKey: variables['ALIPAYHK_PLATFORM_KEY'] ?? '',
  };
};

const writeOne = (text: string, out: string | undefined): void => {
  if (out === undefined) process.stdout.write(text);
  else writeInto(out, text);
};

const writeFolder = (files: ReadonlyMap<string, string>, out: string | undefined): void => {
  if (out === undefined)
    throw new StartupError([
      {
        where: '--out',
        message: 'bruno makes a folder',
        remedy: 'Name it: --out ./alipayhk-bruno.',
      },
    ]);
  for (const [path, text] of files) writeInto(join(out, path), text);
};

/** A collection may hold a private key. */
const writeInto = (file: string, text: string): void => {
  writeNamed(file, text, 0o600);
};
