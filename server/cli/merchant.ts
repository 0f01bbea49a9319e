import { join } from 'node:path';
import { AlipayHKClient } from '../../sdk/client/alipayhk-client.ts';
import { SetupError } from '../../sdk/client/client-errors.ts';
import { type KeysInput, toKeyProvider, type VersionedKey } from '../../sdk/client/key-provider.ts';
import { composeSample } from '../admin/loopback-client.ts';
import { readKeyFolder } from '../clients/key-folder/key-folder.ts';
import type { Contract, Operation, OperationId } from '../domain/contract/contract.ts';
import { readContract } from '../domain/contract/read-contract.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';
import type { Json, JsonObject } from '../domain/state/state.ts';
import { packageRoot, shippedContract } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import { toBareBase64 } from '../protocol/keys/key-objects.ts';
import { type Keyring, validityState } from '../protocol/keys/keyring.ts';
import { localUrl } from './admin.ts';
import { inputName, readInputFile, usageError } from './input-output.ts';
import { type BodyOptions, type MerchantOptions, shortNames } from './options.ts';

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

/** Where to, as whom, and the keys as the bare base64 line that SDKs take. */
export const merchantVariables = (
  options: MerchantOptions,
  settings: Settings,
): Readonly<Record<string, string>> => {
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const family = options.algorithm === 'ECC224' ? 'EC' : 'RSA';
  const own = toKeyProvider('--private-key', 'private', privateKey, { weakKeys }).find(family);
  const platform = toKeyProvider('--platform-key', 'public', platformKey, { weakKeys }).find(
    family,
  );
  if (own?.privateKey === undefined || platform === undefined)
    throw usageError(
      '--client',
      `${options.client} has no private key for ${options.algorithm}`,
      'Give --private-key, or another --keys folder.',
    );
  return {
    ALIPAYHK_BASE_URL: options.url ?? localUrl(settings),
    ALIPAYHK_CLIENT_ID: options.client,
    ALIPAYHK_KEY_VERSION: String(own.version),
    ALIPAYHK_PRIVATE_KEY: toBareBase64(own.privateKey),
    ALIPAYHK_PLATFORM_KEY: toBareBase64(platform.publicKey),
  };
};

/** Builds the body: the bytes of a file as they are, or a new sample of the contract. */
export const buildRequestBody = (
  operation: Operation,
  { example, set, body }: BodyOptions,
): Buffer => {
  if (body !== undefined) {
    if (example !== undefined || set.length > 0)
      throw usageError(
        '--body',
        'sends a file unchanged, so --example and --set have no effect',
        'Leave --body out, or the others.',
      );
    return readInputFile(body);
  }
  if (example !== undefined && !operation.examples.has(example))
    throw usageError(
      '--example',
      `${operation.id} has no example "${example}"`,
      suggest(example, [...operation.examples.keys()]),
    );
  const assignments = set.map(readAssignment);
  const sample = composeSample(operation, {
    example,
    fields: Object.fromEntries(
      assignments.flatMap(({ path: [field = '', ...deeper], value }) =>
        deeper.length === 0 ? [[field, value]] : [],
      ),
    ),
    time: Date.now(),
  });
  const nested = assignments.filter(({ path }) => path.length > 1);
  return Buffer.from(JSON.stringify(nested.reduce(assign, sample)));
};

/** The fields with those of `--set` laid over them; null deletes one. */
export const applyAssignments = (fields: JsonObject, set: readonly string[]): JsonObject =>
  set.map(readAssignment).reduce(assign, fields);

/** The top-level fields that `--set` changes: null where one is deleted. */
export const readChangedFields = (fields: JsonObject, set: readonly string[]): JsonObject => {
  const after = applyAssignments(fields, set);
  const names = set.map((text) => readAssignment(text).path[0] ?? '');
  return Object.fromEntries(names.map((name) => [name, after[name] ?? null]));
};

interface Assignment {
  readonly text: string;
  readonly path: readonly string[];
  readonly value: Json;
}

const readAssignment = (text: string): Assignment => {
  const cut = text.indexOf('=');
  const path = text.slice(0, Math.max(cut, 0)).split('.');
  if (path.includes(''))
    throw usageError(
      '--set',
      `"${text}" is not field=value`,
      'Write e.g. --set orderStatus=USED, --set amount=100 or --set merchant.segmentId=A.',
    );
  return { text, path, value: parseSetValue(text.slice(cut + 1)) };
};

/** A copy in which the field at the path has the value; null deletes the field. */
const assign = (sample: JsonObject, { text, path, value }: Assignment): JsonObject => {
  const copy = structuredClone(sample) as Record<string, Json>;
  let parent: Record<string, Json> = copy;
  for (const [depth, name] of path.slice(0, -1).entries()) {
    requireIndex(parent, name, text);
    const child = Object.hasOwn(parent, name) ? parent[name] : undefined;
    const next = child === undefined || child === null ? {} : child;
    if (typeof next !== 'object')
      throw usageError(
        '--set',
        `"${text}": ${path.slice(0, depth + 1).join('.')} is ${JSON.stringify(next)}, ` +
          'which has no fields',
        'Set the field itself, or leave out the part after it.',
      );
    setField(parent, name, next as Json);
    // Lists take the index as a name: goods.0.price.
    parent = next as Record<string, Json>;
  }
  const last = path.at(-1) ?? '';
  requireIndex(parent, last, text);
  if (value === null && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (value === null) delete parent[last];
  else setField(parent, last, value);
  return copy;
};

const requireIndex = (parent: unknown, name: string, text: string): void => {
  if (Array.isArray(parent) && !(/^\d{1,4}$/.test(name) && Number(name) <= parent.length))
    throw usageError(
      '--set',
      `"${text}": ${name} is not an index of a list with ${parent.length} entries`,
      'Count from 0: --set goods.0.price=100.',
    );
};

/** Plain assignment would change the prototype for `__proto__`. */
const setField = (object: Record<string, Json>, name: string, value: Json): void => {
  const descriptor = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(object, name, descriptor);
};

const parseSetValue = (text: string): Json => {
  try {
    const value: Json = JSON.parse(text);
    // An integer that would lose digits is an id.
    return typeof value === 'number' && /^-?\d+$/.test(text) && String(value) !== text
      ? text
      : value;
  } catch {
    return text;
  }
};
