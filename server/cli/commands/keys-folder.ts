import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Added, addVersion } from '../../clients/key-folder/change-key-folder.ts';
import {
  algorithmOf,
  clientIdRule,
  isClientId,
  type KeyOwner,
  partyIn,
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

import { readTimestamp } from '../../protocol/timestamps.ts';

export interface PartyOptions {
  readonly client?: string;
  readonly platform?: boolean;
}

export const unusable = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);

const demoFolder = join(packageRoot, 'keys');

export const folderToRead = ({ keys }: Settings): string => keys || demoFolder;

/** The folder to change. @throws StartupError when none is named or it is the package's own. */
export const folderToChange = ({ keys }: Settings): string => {
  const isDemo = keys !== '' && existsSync(keys) && realpathSync(keys) === realpathSync(demoFolder);
  if (keys !== '' && !isDemo) return keys;
  throw unusable(
    '--keys',
    'must name a folder of your own: the demo keys are not changed',
    'Add --keys ./my-keys; a new folder is filled by "keys create".',
  );
};

export const keyRules = ({ lenient }: Settings): KeyRules => ({
  weakKeys: lenient.includes('weakKeys'),
});

/** Reads a key folder that must be in order. */
export const readKeyrings = (folder: string, settings: Settings): Keyrings => {
  const { value, problems } = readKeyFolder(folder, keyRules(settings));
  if (problems.length > 0) throw new StartupError(problems);
  return value;
};

/** Whose key a command is about. @throws StartupError unless exactly one is named. */
export const readOwner = (folder: string, { client, platform }: PartyOptions): KeyOwner => {
  if ((client === undefined) === (platform !== true))
    throw unusable(
      'keys',
      'it must be said whose key',
      'Add --client ID or --platform, one of them.',
    );
  if (client !== undefined && !isClientId(client))
    throw unusable(
      '--client',
      `"${client}" is not a Client-Id: it ${clientIdRule}`,
      'Give the Client-Id that AlipayHK has assigned.',
    );
  return partyIn(folder, client);
};

/** The keys that a party has; those of a client that is not known yet are none. */
export const loadKeyring = ({ platform, clients }: Keyrings, { client }: PartyOptions): Keyring =>
  client === undefined ? platform : (clients.get(client) ?? new Keyring([]));

/** @throws StartupError when the client is not known. */
export const knownKeyringOf = (parties: Keyrings, { client }: PartyOptions): Keyring => {
  if (client !== undefined && !parties.clients.has(client))
    throw unusable(
      '--client',
      `no client "${client}" stands in the key folder`,
      suggest(client, [...parties.clients.keys()]),
    );
  return loadKeyring(parties, { ...(client === undefined ? {} : { client }) });
};

/**
 * Gives a new folder the platform's keys, an RSA and a secp224r1 pair. @returns a sentence, or
 * undefined when the folder was not new.
 */
export const initialiseFolder = async (
  folder: string,
  bits = 2048,
): Promise<string | undefined> => {
  if (!isNewFolder(folder)) return undefined;
  makeFolder(join(folder, 'clients'));
  const platform = partyIn(folder, undefined);
  for (const family of ['RSA', 'EC'] as const)
    addVersion(platform, new Keyring([]), {
      family,
      key: await makeKeyPair(family, bits),
      version: 1,
      now: Date.now(),
    });
  return `a new key folder; the platform's keys (RSA256 version 1, ECC224 version 1) stand in ${platform.dir}`;
};

/** An EC key is of no use before the platform has one to answer with. */
export const requirePlatformKey = (
  { platform }: Keyrings,
  { client }: PartyOptions,
  family: KeyFamily,
): void => {
  if (client === undefined || family === 'RSA' || platform.find('EC')?.privateKey !== undefined)
    return;
  throw unusable(
    '--platform',
    'the platform has no EC key to answer with',
    'Make one first: keys create --platform --type ec.',
  );
};

export const familyOf = (algorithm: 'RSA256' | 'ECC224'): KeyFamily =>
  algorithm === 'RSA256' ? 'RSA' : 'EC';

export const readVersion = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw unusable(
    '--version',
    `"${text}" is not a key version`,
    'Give a whole number; "keys list" shows what there is.',
  );
};

/** Ten years. */
const longestDurationMs = 3650 * 24 * 3_600_000;
/** The files write years of four digits; ten years later they still do. */
const latestMomentMs = Date.UTC(9900, 0, 1);

export const readDuration = (flag: string, text: string): number => {
  const ms = durationMs(text);
  if (ms !== undefined && ms <= longestDurationMs) return ms;
  if (ms !== undefined)
    throw unusable(flag, `${text} is too long`, 'Write at most 87600h, ten years.');
  throw unusable(flag, `"${text}" is not a duration`, 'Write e.g. 90s, 30m, 24h.');
};

/** ISO-8601 with an offset, or `+24h` from now. */
export const readMoment = (flag: string, text: string, now: number): number => {
  if (text.startsWith('+')) return now + readDuration(flag, text.slice(1));
  const epochMs = readTimestamp(text)?.epochMs;
  if (epochMs !== undefined && epochMs >= 0 && epochMs <= latestMomentMs) return epochMs;
  if (epochMs !== undefined)
    throw unusable(flag, `${text} is too far away`, 'Write a time in the years 1970 to 9899.');
  throw unusable(
    flag,
    `"${text}" is not a time`,
    'Write e.g. 2026-08-01T00:00:00+08:00, or +24h for a day from now.',
  );
};

/** Fills a new folder, and says so. @returns whether it was new */
export const initialised = async (folder: string, bits?: number): Promise<boolean> => {
  const told = await initialiseFolder(folder, bits);
  if (told !== undefined) process.stdout.write(`${folder}: ${told}\n`);
  return told !== undefined;
};

/** Says what has been added, where it stands, and which versions now have an end. */
export const printKeyChange = (
  { label: title }: KeyOwner,
  family: KeyFamily,
  { version, fingerprint, life, files, retiring }: Added,
): void => {
  const name = (one: number): string => `${algorithmOf[family]} version ${one}`;
  const lines = [
    `${title}: ${name(version)} ${describeValidity(life, Date.now())}`,
    `  ${fingerprint}`,
    ...files.map((file) => `  ${file}`),
    ...retiring.map(
      (older) => `  ${name(older.version)} ${describeValidity(older.life, Date.now())}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
