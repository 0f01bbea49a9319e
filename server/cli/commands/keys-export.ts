import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { algorithmNames } from '../../clients/key-folder/key-folder-layout.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { writeFailure } from '../../problems/read-file.ts';
import { type ExportForm, type ExportFormRow, exportForms } from '../../protocol/keys/key-forms.ts';
import type { KeyVersion } from '../../protocol/keys/keyring.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageError } from '../input-output.ts';
import {
  keyFamilyFor,
  keyFolder,
  type OwnerOptions,
  readKeyrings,
  readOwner,
  readVersion,
  requireKeyring,
} from './keys-folder.ts';

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
  const held = requireKeyring(readKeyrings(folder, settings), omitUndefined({ client }));
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
          `${file} cannot be written: ${writeFailure(error)}`,
          'Name a file in a folder of yours.',
        );
  }
};
