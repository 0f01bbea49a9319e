import { join } from 'node:path';
import { AlipayHKClient, type AlipayHKClientOptions } from '../../sdk/client/alipayhk-client.ts';
import { SetupError } from '../../sdk/client/client-errors.ts';
import { type KeysInput, toKeyProvider, type VersionedKey } from '../../sdk/client/key-provider.ts';
import { readKeyFolder } from '../clients/key-folder/read-key-folder.ts';
import type { Contract, Operation, OperationId } from '../domain/contract/contract.ts';
import { readContract } from '../domain/contract/read-contract.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';
import { packageRoot, shippedContract } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import { type Keyring, validityState } from '../protocol/keys/keyring.ts';

import { localUrl } from './commands/health.ts';
import { inputName, readInput } from './input-output.ts';
import { type MerchantOptions, shortNames } from './options.ts';

/** The contract of the settings. @throws StartupError with what is wrong with it */
export const loadContract = (settings: Settings): Contract => {
  const { value, problems } = readContract(
    settings.contract || shippedContract,
    settings,
    settings.contract === '',
  );
  if (value === undefined || problems.length > 0) throw new StartupError(problems);
  return value;
};

/** An operation by its short name, its id or its path. @throws StartupError with a suggestion */
export const operationNamed = (name: string, { operations }: Contract): Operation => {
  const found = [...operations.values()].find(
    ({ id, paths }) => id === (shortNames[name] ?? name) || paths.includes(name),
  );
  if (found === undefined)
    throw new StartupError([
      {
        where: name,
        message: `there is no operation "${name}"`,
        remedy: suggest(name, Object.keys(shortNames)),
      },
    ]);
  return found;
};

/**
 * The merchant's client as the options and settings describe it. @throws StartupError with what is
 * wrong with them
 */
export const loadMerchant = (
  options: MerchantOptions,
  settings: Settings,
  contract: Contract,
  more: Partial<AlipayHKClientOptions> = {},
): AlipayHKClient => {
  const paths = Object.fromEntries(
    [...contract.operations.values()].map(({ id, path }): [OperationId, string] => [id, path]),
  );
  return new AlipayHKClient({
    baseUrl: withoutBasePath(options.url ?? localUrl(settings), settings.basePath),
    clientId: options.client,
    ...merchantKeys(options, settings),
    algorithm: options.algorithm,
    paths,
    ecc224: settings.ecc224,
    scheme: sealingScheme(settings),
    retry: false,
    ...more,
  });
};

/**
 * The paths of the contract begin with the base path already, so an address that ends with it would
 * double it.
 */
const withoutBasePath = (url: string, basePath: string): string => {
  const trimmed = url.replace(/\/+$/, '');
  return basePath !== '' && trimmed.endsWith(basePath) ? trimmed.slice(0, -basePath.length) : url;
};

/**
 * The private keys of the client and the public ones of the platform: those of files that are
 * named, else of the key folder.
 */
export const merchantKeys = (
  options: Pick<MerchantOptions, 'client' | 'privateKey' | 'platformKey' | 'keyVersion'>,
  settings: Settings,
): {
  readonly privateKey: readonly VersionedKey[];
  readonly platformKey: KeysInput;
  readonly weakKeys: boolean;
} => {
  const weakKeys = settings.lenient.includes('weakKeys');
  const { value, problems } = readKeyFolder(settings.keys || join(packageRoot, 'keys'), {
    weakKeys,
  });
  const keyring = value.clients.get(options.client);
  const all: Problem[] = [...problems];
  if (keyring === undefined && options.privateKey === undefined)
    all.push({
      where: '--client',
      message: `no client "${options.client}" stands in the key folder`,
      remedy: suggest(options.client, [...value.clients.keys()]),
    });
  if (all.length > 0) throw new StartupError(all);
  const named =
    options.privateKey === undefined
      ? undefined
      : {
          version: options.keyVersion,
          key: readKeyFile('--private-key', 'private', options.privateKey, weakKeys),
        };
  return {
    privateKey: named === undefined ? privateHalves(keyring) : [named],
    platformKey:
      options.platformKey === undefined
        ? value.platform.versions.map(({ version, publicKey }) => ({ version, key: publicKey }))
        : readKeyFile('--platform-key', 'public', options.platformKey, weakKeys),
    weakKeys,
  };
};

/**
 * @throws StartupError that names the file when it cannot be read, holds no key, the wrong half, or a weak key
 */
const readKeyFile = (
  flag: string,
  half: 'public' | 'private',
  file: string,
  weakKeys: boolean,
): Buffer => {
  const remedy =
    half === 'private'
      ? 'Name the file of the client’s private key.'
      : 'Name the file of the platform’s public key.';
  const bytes = readInput(file, remedy);
  try {
    toKeyProvider(flag, half, bytes, { weakKeys });
    return bytes;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new StartupError([{ where: inputName(file), message: error.message, remedy }]);
  }
};

const privateHalves = (keyring: Keyring | undefined): VersionedKey[] =>
  (keyring?.versions ?? []).flatMap(({ version, privateKey, validity }) =>
    privateKey === undefined || validityState(validity, Date.now()) !== 'active'
      ? []
      : [{ version, key: privateKey }],
  );
