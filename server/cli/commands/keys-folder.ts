import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Added, addVersion } from '../../clients/key-folder/change-key-folder.ts';
import {
  algorithmNames,
  clientIdRule,
  isClientId,
  type KeyOwner,
  ownerIn,
} from '../../clients/key-folder/key-folder-layout.ts';
import {
  isNewFolder,
  type KeyRules,
  readKeyFolder,
} from '../../clients/key-folder/read-key-folder.ts';
import { durationMs, type Settings } from '../../domain/settings/settings-table.ts';
import { packageRoot } from '../../package-root.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { StartupError } from '../../problems/problem.ts';
import { makeFolder } from '../../problems/read-file.ts';
import type { KeyFamily } from '../../protocol/algorithms.ts';
import { makeKeyPair } from '../../protocol/keys/key-objects.ts';
import { describeValidity, Keyring, type Keyrings } from '../../protocol/keys/keyring.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';
import { usageError } from '../input-output.ts';

export interface OwnerOptions {
  readonly client?: string;
  readonly platform?: boolean;
}

const demoFolder = join(packageRoot, 'keys');

export const keyFolder = ({ keys }: Settings): string => keys || demoFolder;

/** The folder to change. @throws StartupError when none is named or it is the package's own. */
export const requireOwnFolder = ({ keys }: Settings): string => {
  const isDemo = keys !== '' && existsSync(keys) && realpathSync(keys) === realpathSync(demoFolder);
  if (keys !== '' && !isDemo) return keys;
  throw usageError(
    '--keys',
    'must name a folder of your own: the demo keys are not changed',
    'Add --keys ./my-keys; a new folder is filled by "keys create".',
  );
};

export const importRules = ({ lenient }: Settings): KeyRules => ({
  weakKeys: lenient.includes('weakKeys'),
});

/** Reads a key folder. @throws StartupError with all its errors */
export const readFolderKeyrings = (folder: string, settings: Settings): Keyrings => {
  const { value, problems } = readKeyFolder(folder, importRules(settings));
  if (problems.length > 0) throw new StartupError(problems);
  return value;
};

/** The owner that the options name. @throws StartupError unless they name exactly one */
export const readOwner = (folder: string, { client, platform }: OwnerOptions): KeyOwner => {
  if ((client === undefined) === (platform !== true))
    throw usageError('keys', 'needs to know whose key', 'Add either --client ID or --platform.');
  if (client !== undefined && !isClientId(client))
    throw usageError(
      '--client',
      `"${client}" is not a Client-Id: it ${clientIdRule}`,
      'Give the Client-Id that AlipayHK has assigned.',
    );
  return ownerIn(folder, client);
};

/** The owner's keys; none of a client that is not in the folder yet. */
export const loadKeyring = ({ platform, clients }: Keyrings, { client }: OwnerOptions): Keyring =>
  client === undefined ? platform : (clients.get(client) ?? new Keyring([]));

/** The owner's keys. @throws StartupError for a client that is not in the folder */
export const requireKeyring = (parties: Keyrings, { client }: OwnerOptions): Keyring => {
  if (client !== undefined && !parties.clients.has(client))
    throw usageError(
      '--client',
      `client "${client}" is not in the key folder`,
      suggest(client, [...parties.clients.keys()]),
    );
  return loadKeyring(parties, omitUndefined({ client }));
};

/**
 * Makes the platform's keys in a new folder, an RSA and a secp224r1 pair.
 * @returns a summary, or undefined when the folder was not new
 */
export const initialiseFolder = async (
  folder: string,
  bits = 2048,
): Promise<string | undefined> => {
  if (!isNewFolder(folder)) return undefined;
  makeFolder(join(folder, 'clients'));
  const platform = ownerIn(folder, undefined);
  for (const family of ['RSA', 'EC'] as const)
    addVersion(platform, new Keyring([]), {
      family,
      key: await makeKeyPair(family, bits),
      version: 1,
      now: Date.now(),
    });
  const keys = 'RSA256 version 1, ECC224 version 1';
  return `a new key folder; the platform's keys (${keys}) are in ${platform.dir}`;
};

/** An EC key needs one of the platform, which signs the responses. */
export const requirePlatformKey = (
  { platform }: Keyrings,
  { client }: OwnerOptions,
  family: KeyFamily,
): void => {
  if (client === undefined || family === 'RSA' || platform.find('EC')?.privateKey !== undefined)
    return;
  throw usageError(
    '--platform',
    'has no EC key to sign responses with',
    'Make one first: keys create --platform --type ec.',
  );
};

export const keyFamilyFor = (algorithm: 'RSA256' | 'ECC224'): KeyFamily =>
  algorithm === 'RSA256' ? 'RSA' : 'EC';

export const readVersion = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(
    '--version',
    `"${text}" is not a key version`,
    'Write a whole number; "keys list" shows the versions.',
  );
};

/** Ten years. */
const maxDurationMs = 3650 * 24 * 3_600_000;
/** The files have four-digit years, ten years later too. */
const maxTimeMs = Date.UTC(9900, 0, 1);

export const readDuration = (flag: string, text: string): number => {
  const ms = durationMs(text);
  if (ms !== undefined && ms <= maxDurationMs) return ms;
  if (ms !== undefined)
    throw usageError(flag, `${text} is too long`, 'Write at most 87600h, ten years.');
  throw usageError(flag, `"${text}" is not a duration`, 'Write e.g. 90s, 30m, 24h.');
};

/** ISO-8601 with an offset, or `+24h` from now. */
export const readMoment = (flag: string, text: string, now: number): number => {
  if (text.startsWith('+')) return now + readDuration(flag, text.slice(1));
  const epochMs = readTimestamp(text)?.epochMs;
  if (epochMs !== undefined && epochMs >= 0 && epochMs <= maxTimeMs) return epochMs;
  if (epochMs !== undefined)
    throw usageError(flag, `${text} is too far away`, 'Write a time in the years 1970 to 9899.');
  throw usageError(
    flag,
    `"${text}" is not a time`,
    'Write e.g. 2026-08-01T00:00:00+08:00, or +24h for a day from now.',
  );
};

/** Fills a new folder and prints what it got. @returns whether it was new */
export const initialise = async (folder: string, bits?: number): Promise<boolean> => {
  const summary = await initialiseFolder(folder, bits);
  if (summary !== undefined) process.stdout.write(`${folder}: ${summary}\n`);
  return summary !== undefined;
};

/** Prints the new version, its files, and the versions that retire. */
export const printKeyChange = (
  { label }: KeyOwner,
  family: KeyFamily,
  { version, fingerprint, validity, files, retiring }: Added,
): void => {
  const name = (one: number): string => `${algorithmNames[family]} version ${one}`;
  const lines = [
    `${label}: ${name(version)} ${describeValidity(validity, Date.now())}`,
    `  ${fingerprint}`,
    ...files.map((file) => `  ${file}`),
    ...retiring.map(
      (older) => `  ${name(older.version)} ${describeValidity(older.validity, Date.now())}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
