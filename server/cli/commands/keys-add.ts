import { createPublicKey, type KeyObject } from 'node:crypto';
import { addVersion } from '../../clients/key-folder/change-key-folder.ts';
import { algorithmNames } from '../../clients/key-folder/key-folder-layout.ts';
import { platformKeyComplaint } from '../../clients/key-folder/read-key-folder.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { StartupError } from '../../problems/problem.ts';
import type { KeyFamily } from '../../protocol/algorithms.ts';
import { checkKey } from '../../protocol/keys/check-key.ts';
import { keyFingerprint } from '../../protocol/keys/key-objects.ts';
import type { Keyring, Keyrings } from '../../protocol/keys/keyring.ts';
import type { KeyProblem } from '../../protocol/keys/pem.ts';
import { openKey } from '../../protocol/keys/pkcs12.ts';
import { exitCodes } from '../exit-codes.ts';
import { inputName, readInputFile, usageError } from '../input-output.ts';
import {
  importRules,
  initialise,
  loadKeyring,
  type OwnerOptions,
  printKeyChange,
  readDuration,
  readKeyrings,
  readMoment,
  readOwner,
  readVersion,
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
  const parties = readKeyrings(folder, settings);
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
