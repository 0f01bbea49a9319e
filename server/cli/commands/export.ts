import { join } from 'node:path';
import {
  brunoCollection,
  type CollectionVariables,
  postmanCollection,
  sampleRequests,
} from '../../../sdk/collections/collections.ts';
import { endpointFor } from '../../domain/operations/index.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { connectAdmin } from '../admin.ts';
import { exitCodes, formatJson, usageError, writeNamed } from '../input-output.ts';
import { loadContract, merchantVariables } from '../merchant.ts';
import type { MerchantOptions } from '../options.ts';

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

const kinds: Readonly<
  Record<string, (options: ExportOptions, settings: Settings) => Exported | Promise<Exported>>
> = {
  openapi: (_options, settings) => formatJson(loadContract(settings).document),
  postman: (options, settings) =>
    formatJson(postmanCollection(buildRequests(settings), buildVariables(options, settings))),
  bruno: (options, settings) =>
    brunoCollection(buildRequests(settings), buildVariables(options, settings)),
  // The same as `journal export`.
  har: async (options, settings) =>
    formatJson(await connectAdmin(options, settings).get('/journal/har')),
};

const buildRequests = (settings: Settings) =>
  sampleRequests(loadContract(settings), (id) => endpointFor(id).eventTime);

const buildVariables = (options: ExportOptions, settings: Settings): CollectionVariables => {
  if (options.algorithm === 'ECC224')
    throw usageError('--algorithm', 'collections sign with RSA256 only', 'Leave --algorithm out.');
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
    throw usageError(
      '--out',
      'is missing: a Bruno collection is a folder',
      'Name it: --out ./alipayhk-bruno.',
    );
  for (const [path, text] of files) writeInto(join(out, path), text);
};

/** A collection may hold a private key. */
const writeInto = (file: string, text: string): void => {
  writeNamed(file, text, 0o600);
};

export interface EnvOptions extends MerchantOptions {
  readonly format: 'dotenv' | 'shell' | 'json';
}

/**
 * Prints what a merchant's program needs: where to, as whom, and the keys as the bare base64 line
 * that SDKs take.
 */
export const printEnv = (options: EnvOptions, settings: Settings): number => {
  const variables = merchantVariables(options, settings);
  process.stdout.write(`${envFormats[options.format](variables)}\n`);
  return exitCodes.ok;
};

const envFormats: Readonly<
  Record<EnvOptions['format'], (variables: Readonly<Record<string, string>>) => string>
> = {
  dotenv: (variables) => formatAssignments(variables, ''),
  shell: (variables) => formatAssignments(variables, 'export '),
  json: (variables) => JSON.stringify(variables, null, 2),
};

const formatAssignments = (variables: Readonly<Record<string, string>>, before: string): string =>
  Object.entries(variables)
    .map(([name, value]) => `${before}${name}='${value}'`)
    .join('\n');
