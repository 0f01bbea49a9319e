import { createPublicKey, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { addVersion } from '../../clients/key-folder/change-key-folder.ts';
import { algorithmNames } from '../../clients/key-folder/key-folder-layout.ts';
import { platformKeyComplaint } from '../../clients/key-folder/read-key-folder.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { StartupError } from '../../problems/problem.ts';
import { writeFailure } from '../../problems/read-file.ts';
import type { KeyFamily } from '../../protocol/algorithms.ts';
import { checkKey } from '../../protocol/keys/check-key.ts';
import {
  type ExportForm,
  type ExportFormRow,
  exportForms,
  openKey,
} from '../../protocol/keys/key-forms.ts';
import { keyFingerprint } from '../../protocol/keys/key-objects.ts';
import type { Keyring, Keyrings, KeyVersion } from '../../protocol/keys/keyring.ts';
import type { KeyProblem } from '../../protocol/keys/pem.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { exitCodes } from '../exit-codes.ts';
import { inputName, readInputFile, usageError } from '../input-output.ts';
import {
  importRules,
  initialise,
  keyFamilyFor,
  keyFolder,
  loadKeyring,
  type OwnerOptions,
  printKeyChange,
  readDuration,
  readFolderKeyrings,
  readMoment,
  readOwner,
  readVersion,
  requireKeyring,
  requireOwnFolder,
  requirePlatformKey,
} from './keys-folder.ts';

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
