import { join } from 'node:path';
import { AlipayHKClient } from '../../sdk/client/alipayhk-client.ts';
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
import { localUrl } from './admin.ts';
import { inputName, readInputFile, usageError } from './input-output.ts';
import { type MerchantOptions, shortNames } from './options.ts';

/** Loads the contract that the settings name. @throws StartupError with its errors */
export const loadContract = (settings: Settings): Contract => {
  const { value, problems } = readContract(
    settings.contract || shippedContract,
    settings,
    settings.contract === '',
  );
  if (value === undefined || problems.length > 0) throw new StartupError(problems);
  return value;
};

/** Finds an operation by short name, id or path. @throws StartupError with a suggestion */
export const findOperation = (name: string, { operations }: Contract): Operation => {
  const found = [...operations.values()].find(
    ({ id, paths }) => id === (shortNames[name] ?? name) || paths.includes(name),
  );
  if (found === undefined)
    throw usageError(name, `unknown operation "${name}"`, suggest(name, Object.keys(shortNames)));
  return found;
};

/** Builds the merchant's client from options and settings. @throws StartupError */
export const loadMerchant = (
  options: MerchantOptions,
  settings: Settings,
  contract: Contract,
): AlipayHKClient => {
  const paths = Object.fromEntries(
    [...contract.operations.values()].map(({ id, path }): [OperationId, string] => [id, path]),
  );
  return new AlipayHKClient({
    baseUrl: removeBasePath(gatewayUrl(options, settings), settings.basePath),
    clientId: options.client,
    ...merchantKeys(options, settings),
    algorithm: options.algorithm,
    paths,
    ecc224: settings.ecc224,
    scheme: sealingScheme(settings),
    retry: false,
    // Set by what runs the command inside a trace.
    traceparent: () => process.env['TRACEPARENT'],
  });
};

/** @throws StartupError for an address of the admin API or the console: operations are not there */
const gatewayUrl = ({ url }: Pick<MerchantOptions, 'url'>, settings: Settings): string => {
  const [address, other] = (url ?? '').split(/\/(?=__(?:admin|console)\b)/);
  if (other !== undefined)
    throw usageError('--url', `/${other} has no operations`, `Write --url ${address}.`);
  return url ?? localUrl(settings);
};

/** The contract's paths begin with the base path already; an address must not repeat it. */
const removeBasePath = (url: string, basePath: string): string => {
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
      message: `client "${options.client}" is not in the key folder`,
      remedy: suggest(options.client, [...value.clients.keys()]),
    });
  if (all.length > 0) throw new StartupError(all);
  const named =
    options.privateKey === undefined
      ? undefined
      : {
          version: options.keyVersion,
          key: loadKeyFile('--private-key', 'private', options.privateKey, weakKeys),
        };
  return {
    privateKey: named === undefined ? activePrivateKeys(keyring) : [named],
    platformKey:
      options.platformKey === undefined
        ? value.platform.versions.map(({ version, publicKey }) => ({ version, key: publicKey }))
        : loadKeyFile('--platform-key', 'public', options.platformKey, weakKeys),
    weakKeys,
  };
};

/** @throws StartupError with the file's name: no readable key, the wrong half, a weak key */
export const loadKeyFile = (
  flag: string,
  half: 'public' | 'private',
  file: string,
  weakKeys: boolean,
): Buffer => {
  const remedy =
    half === 'private'
      ? 'Name the file of the client’s private key.'
      : 'Name the file of the platform’s public key.';
  const bytes = readInputFile(file, remedy);
  try {
    toKeyProvider(flag, half, bytes, { weakKeys });
    return bytes;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw usageError(inputName(file), error.message, remedy);
  }
};

const activePrivateKeys = (keyring: Keyring | undefined): VersionedKey[] =>
  (keyring?.versions ?? []).flatMap(({ version, privateKey, validity }) =>
    privateKey === undefined || validityState(validity, Date.now()) !== 'active'
      ? []
      : [{ version, key: privateKey }],
  );
