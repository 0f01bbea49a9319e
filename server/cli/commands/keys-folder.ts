import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Added, addVersion } from '../../clients/key-folder/change-key-folder.ts';
import {
  algorithmNames,
  clientIdRule,
  isClientId,
  isNewFolder,
  type KeyOwner,
  type KeyRules,
  ownerIn,
  platformKeyComplaint,
  readKeyFolder,
} from '../../clients/key-folder/key-folder.ts';
import { durationMs, type Settings } from '../../domain/settings/settings-table.ts';
import { packageRoot } from '../../package-root.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { StartupError } from '../../problems/problem.ts';
import { makeFolder, writeFailure } from '../../problems/read-file.ts';
import {
  type ExportForm,
  type ExportFormRow,
  exportForms,
  openKey,
} from '../../protocol/keys/key-forms.ts';
import { checkKey, keyFingerprint, makeKeyPair } from '../../protocol/keys/key-objects.ts';
import {
  describeValidity,
  Keyring,
  type Keyrings,
  type KeyVersion,
} from '../../protocol/keys/keyring.ts';
import type { KeyProblem } from '../../protocol/keys/pem.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';
import { exitCodes, inputName, readInputFile, usageError } from '../input-output.ts';

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
const initialiseFolder = async (folder: string, bits = 2048): Promise<string | undefined> => {
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

export interface AddOptions extends OwnerOptions {
  readonly version?: string;
  readonly from?: string;
  readonly overlap?: string;
  readonly privateToo?: boolean;
  readonly password?: string;
}

/** Registers a key file of any supported format as the next version, stored as PEM. */
export const addKey = async (
  file: string,
  options: AddOptions,
  settings: Settings,
): Promise<number> => {
  const folder = requireOwnFolder(settings);
  const party = readOwner(folder, options);
  const given = await readGivenKey(file, options, settings);
  await initialise(folder);
  const parties = readFolderKeyrings(folder, settings);
  const held = loadKeyring(parties, options);
  requirePlatformKey(parties, options, given.family);
  const conflict = findKeyConflict(parties, options, held, given.publicKey);
  if (conflict !== undefined) throw new StartupError([{ where: inputName(file), ...conflict }]);
  const now = Date.now();
  const added = addVersion(party, held, {
    family: given.family,
    key: given,
    version: freeVersion(options, held, given.family),
    from: options.from === undefined ? undefined : readMoment('--from', options.from, now),
    overlapMs:
      options.overlap === undefined ? undefined : readDuration('--overlap', options.overlap),
    now,
  });
  process.stdout.write(`${inputName(file)}: ${given.description}\n`);
  printKeyChange(party, given.family, added);
  return exitCodes.ok;
};

interface GivenKey {
  readonly family: KeyFamily;
  readonly publicKey: KeyObject;
  readonly privateKey?: KeyObject;
  /** What the file holds. */
  readonly description: string;
}

const readGivenKey = async (
  file: string,
  options: AddOptions,
  settings: Settings,
): Promise<GivenKey> => {
  const read = await openKey(readInputFile(file), options.password);
  if ('message' in read) throw new StartupError([{ where: inputName(file), ...read }]);
  const wanted =
    options.client === undefined ? 'private' : options.privateToo === true ? 'either' : 'public';
  const checked = checkKey(read, wanted, importRules(settings));
  if ('message' in checked) throw new StartupError([{ where: inputName(file), ...checked }]);
  const halves =
    read.kind === 'private'
      ? { publicKey: createPublicKey(read.key), privateKey: read.key }
      : { publicKey: read.key };
  return {
    ...halves,
    family: checked.family,
    description: `a ${read.kind} ${checked.family} key (${read.form})`,
  };
};

const freeVersion = (
  { version }: AddOptions,
  held: Keyring,
  family: KeyFamily,
): number | undefined => {
  if (version === undefined) return undefined;
  const wanted = readVersion(version);
  if (held.find(family, wanted) === undefined) return wanted;
  throw usageError(
    '--version',
    `${algorithmNames[family]} version ${wanted} exists already`,
    'Leave --version out for the next one.',
  );
};

/** A key has one owner: mixing up the two sides' keys is the most frequent mistake. */
const findKeyConflict = (
  parties: Keyrings,
  { client }: OwnerOptions,
  held: Keyring,
  publicKey: KeyObject,
): KeyProblem | undefined => {
  const fingerprint = keyFingerprint(publicKey);
  const isHeldBy = (keyring: Keyring) =>
    keyring.versions.find((key) => key.fingerprint === fingerprint);
  const same = isHeldBy(held);
  if (same !== undefined)
    return {
      message: `is ${algorithmNames[same.family]} version ${same.version} already`,
      remedy: 'List the versions with "keys list".',
    };
  if (client !== undefined) return isHeldBy(parties.platform) && platformKeyComplaint;
  const owner = [...parties.clients].find(([, keyring]) => isHeldBy(keyring) !== undefined)?.[0];
  return owner === undefined
    ? undefined
    : {
        message: `is the key of client ${owner}, not the platform’s`,
        remedy: 'Give the platform a key of its own: keys rotate --platform.',
      };
};

export interface ExportKeyOptions extends OwnerOptions {
  readonly version?: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  readonly form: ExportForm;
  readonly private?: boolean;
  readonly password?: string;
  readonly out?: string;
}

/** Writes a key in the format of an SDK or a tool; a private key only with `--private`. */
export const exportKey = async (options: ExportKeyOptions, settings: Settings): Promise<number> => {
  const folder = keyFolder(settings);
  const { label } = readOwner(folder, options);
  const key = findExported(label, options, settings, folder);
  const row: ExportFormRow = exportForms[options.form];
  if (!row.families.includes(key.family))
    throw usageError(
      '--form',
      `${options.form} is not for ${algorithmNames[key.family]} keys`,
      `Choose one of ${listForms(key)}.`,
    );
  checkPassword(row, options);
  const [write, half] = chooseWriter(row, key, label, options);
  const written = await write(half, {
    commonName: options.client ?? 'platform',
    password: options.password,
    now: Date.now(),
  });
  if (options.out === undefined) process.stdout.write(written);
  else writeKey(options.out, written, options.private === true);
  return exitCodes.ok;
};

const findExported = (
  label: string,
  { version, algorithm, client }: ExportKeyOptions,
  settings: Settings,
  folder: string,
): KeyVersion => {
  const held = requireKeyring(readFolderKeyrings(folder, settings), omitUndefined({ client }));
  const family = keyFamilyFor(algorithm);
  const wanted = version === undefined ? undefined : readVersion(version);
  const key =
    (wanted === undefined ? held.find(family, undefined, Date.now()) : undefined) ??
    held.find(family, wanted);
  if (key !== undefined) return key;
  const known = held.versions.map((one) => `${algorithmNames[one.family]} version ${one.version}`);
  throw usageError(
    label,
    `has no ${algorithm} key${wanted === undefined ? '' : ` version ${wanted}`}`,
    suggest(`${algorithm} version ${wanted ?? ''}`, known),
  );
};

const chooseWriter = (
  row: ExportFormRow,
  { publicKey, privateKey }: KeyVersion,
  label: string,
  options: ExportKeyOptions,
): readonly [NonNullable<ExportFormRow['public']>, KeyObject] => {
  const isSecret = options.private === true;
  if (row.selfIssued === undefined && !isSecret && row.public !== undefined)
    return [row.public, publicKey];
  const write = isSecret ? row.private : row.selfIssued;
  if (write === undefined)
    throw isSecret
      ? usageError('--private', `${options.form} holds no private key`, 'Leave --private out.')
      : usageError(
          '--form',
          `${options.form} holds the private key too`,
          'Add --private to export it.',
        );
  if (privateKey === undefined)
    throw usageError(
      label,
      'has its public key only in the folder',
      'Choose a format of the public key.',
    );
  return [write, privateKey];
};

const checkPassword = (
  row: ExportFormRow,
  { form, password, private: isSecret }: ExportKeyOptions,
): void => {
  if (row.password === 'needed' && isSecret === true && (password ?? '') === '')
    throw usageError(
      '--password',
      `${form} is locked with a password`,
      'Add --password TEXT; Java’s keytool wants six characters or more.',
    );
  if (password !== undefined && (row.password === undefined || isSecret !== true))
    throw usageError(
      '--password',
      `${form}${isSecret === true ? '' : ' without --private'} is not locked with a password`,
      'Use pem, der or p12 with --private.',
    );
};

const listForms = ({ family }: KeyVersion): string =>
  Object.entries(exportForms)
    .filter(([, { families }]: readonly [string, ExportFormRow]) => families.includes(family))
    .map(([name]) => name)
    .join(', ');

const writeKey = (file: string, written: string | Buffer, isSecret: boolean): void => {
  try {
    writeFileSync(file, written, { flag: 'wx', mode: isSecret ? 0o600 : 0o666 });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw exists
      ? usageError('--out', `${file} exists already`, 'Name another file, or delete that one.')
      : usageError(
          '--out',
          `${file} cannot be written: ${writeFailure(error).message}`,
          'Name a file in a folder of yours.',
        );
  }
};
