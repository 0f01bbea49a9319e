import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Settings } from '../config/settings-table.ts';
import { type Added, addVersion } from '../keyring/change-key-folder.ts';
import { checkKey } from '../keyring/check-key.ts';
import { algorithmOf, type Party } from '../keyring/key-folder-layout.ts';
import type { Keyring, Parties } from '../keyring/keyring.ts';
import { tellLife } from '../keyring/life.ts';
import { makeKeyPair } from '../keyring/make-key.ts';
import { openKey } from '../keyring/open-key.ts';
import { platformKeyComplaint } from '../keyring/read-key-folder.ts';
import type { Complaint } from '../keyring/strangers.ts';
import { StartupError } from '../problems/problem.ts';
import type { KeyFamily } from '../protocol/algorithms.ts';
import { keyFingerprint } from '../protocol/fingerprint.ts';
import { exitCodes } from './exit-codes.ts';
import {
  folderToChange,
  initialiseFolder,
  keyRules,
  keyringOf,
  knownKeyringOf,
  type PartyOptions,
  partyOf,
  readDuration,
  readMoment,
  readParties,
  readVersion,
  unusable,
} from './keys-folder.ts';

interface MakingOptions extends PartyOptions {
  readonly type: 'rsa' | 'ec';
  readonly bits: string;
}

export type CreateOptions = MakingOptions;

export interface RotateOptions extends MakingOptions {
  readonly from?: string;
  readonly overlap: string;
}

export interface AddOptions extends PartyOptions {
  readonly version?: string;
  readonly from?: string;
  readonly overlap?: string;
  readonly privateToo?: boolean;
  readonly password?: string;
}

/** Makes a party's first key of a type. A new folder gets the platform's keys before, and that is all when no client is named. */
export const createKey = async (options: CreateOptions, settings: Settings): Promise<number> => {
  const folder = folderToChange(settings);
  const bits = readBits(options, settings);
  if (options.client !== undefined) partyOf(folder, options);
  const isNew = await initialised(folder, options.client === undefined ? bits : undefined);
  if (isNew && options.client === undefined) return exitCodes.ok;
  const party = partyOf(folder, options);
  const family = familyOfType(options);
  const parties = readParties(folder, settings);
  const held = keyringOf(parties, options);
  const first = held.find(family);
  if (first !== undefined)
    throw unusable(party.home, `holds ${algorithmOf[family]} version ${first.version} already`, 'Make the next one: keys rotate.');
  requirePlatformKey(parties, options, family);
  report(party, family, addVersion(party, held, { family, key: await makeKeyPair(family, bits), now: Date.now() }));
  return exitCodes.ok;
};

/** Makes the next version, and lets the older ones end when the overlap is over. */
export const rotateKey = async (options: RotateOptions, settings: Settings): Promise<number> => {
  const folder = folderToChange(settings);
  const bits = readBits(options, settings);
  const party = partyOf(folder, options);
  const family = familyOfType(options);
  const held = knownKeyringOf(readParties(folder, settings), options);
  if (held.find(family) === undefined)
    throw unusable(party.home, `holds no ${algorithmOf[family]} key yet`, 'Make the first one: keys create, or register one: keys add.');
  const now = Date.now();
  const from = options.from === undefined ? now : readMoment('--from', options.from, now);
  const overlapMs = readDuration('--overlap', options.overlap);
  report(party, family, addVersion(party, held, { family, key: await makeKeyPair(family, bits), from, overlapMs, now }));
  return exitCodes.ok;
};

/** Registers a key from a file as a party's next version, as PEM whatever form it had. */
export const addKey = async (file: string, options: AddOptions, settings: Settings): Promise<number> => {
  const folder = folderToChange(settings);
  const party = partyOf(folder, options);
  const given = await readGivenKey(file, options, settings);
  await initialised(folder);
  const parties = readParties(folder, settings);
  const held = keyringOf(parties, options);
  requirePlatformKey(parties, options, given.family);
  const complaint = complaintOfHolder(parties, options, held, given.publicKey);
  if (complaint !== undefined) throw new StartupError([{ where: file, ...complaint }]);
  const now = Date.now();
  const added = addVersion(party, held, {
    family: given.family,
    key: given,
    version: freeVersion(options, held, given.family),
    from: options.from === undefined ? undefined : readMoment('--from', options.from, now),
    overlapMs: options.overlap === undefined ? undefined : readDuration('--overlap', options.overlap),
    now,
  });
  process.stdout.write(`${file}: ${given.told}\n`);
  report(party, given.family, added);
  return exitCodes.ok;
};

const initialised = async (folder: string, bits?: number): Promise<boolean> => {
  const told = await initialiseFolder(folder, bits);
  if (told !== undefined) process.stdout.write(`${folder}: ${told}\n`);
  return told !== undefined;
};

const familyOfType = ({ type }: MakingOptions): KeyFamily => (type === 'rsa' ? 'RSA' : 'EC');

const readBits = ({ type, bits }: MakingOptions, settings: Settings): number => {
  const least = keyRules(settings).weakKeys ? 1024 : 2048;
  const count = /^\d{1,5}$/.test(bits) ? Number(bits) : 0;
  if (type === 'ec' || (count >= least && count <= 16_384)) return count;
  throw unusable(
    '--bits',
    `an RSA key of ${bits} bits is not made; the documents ask for 2048`,
    least === 2048 && count >= 1024 ? 'Ask for 2048 or more, or set --lenient weakKeys.' : `Ask for ${least} to 16384.`,
  );
};

interface GivenKey {
  readonly family: KeyFamily;
  readonly publicKey: KeyObject;
  readonly privateKey?: KeyObject;
  /** What was found in the file. */
  readonly told: string;
}

const readGivenKey = async (file: string, options: AddOptions, settings: Settings): Promise<GivenKey> => {
  const read = await openKey(readInput(file), options.password);
  if ('message' in read) throw new StartupError([{ where: file, ...read }]);
  const wanted = options.client === undefined ? 'private' : options.privateToo === true ? 'either' : 'public';
  const checked = checkKey(read, wanted, keyRules(settings));
  if ('message' in checked) throw new StartupError([{ where: file, ...checked }]);
  const halves = read.kind === 'private' ? { publicKey: createPublicKey(read.key), privateKey: read.key } : { publicKey: read.key };
  return { ...halves, family: checked.family, told: `a ${read.kind} ${checked.family} key (${read.form})` };
};

const readInput = (file: string): Buffer => {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw unusable(
      file,
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Name a file, or - for standard input.',
    );
  }
};

const freeVersion = ({ version }: AddOptions, held: Keyring, family: KeyFamily): number | undefined => {
  if (version === undefined) return undefined;
  const wanted = readVersion(version);
  if (held.find(family, wanted) === undefined) return wanted;
  throw unusable('--version', `${algorithmOf[family]} version ${wanted} stands already`, 'Leave --version out for the next one.');
};

/** An EC key is of no use before the platform has one to answer with. */
const requirePlatformKey = ({ platform }: Parties, { client }: PartyOptions, family: KeyFamily): void => {
  if (client === undefined || family === 'RSA' || platform.find('EC')?.privateKey !== undefined) return;
  throw unusable('--platform', 'the platform has no EC key to answer with', 'Make one first: keys create --platform --type ec.');
};

/** A key has one holder: the two sides' keys mixed up is the slip that is made most. */
const complaintOfHolder = (parties: Parties, { client }: PartyOptions, held: Keyring, publicKey: KeyObject): Complaint | undefined => {
  const fingerprint = keyFingerprint(publicKey);
  const isHeldBy = (keyring: Keyring) => keyring.versions.find((key) => key.fingerprint === fingerprint);
  const same = isHeldBy(held);
  if (same !== undefined)
    return { message: `is ${algorithmOf[same.family]} version ${same.version} already`, remedy: '"keys list" shows what there is.' };
  if (client !== undefined) return isHeldBy(parties.platform) && platformKeyComplaint;
  const owner = [...parties.clients].find(([, keyring]) => isHeldBy(keyring) !== undefined)?.[0];
  return owner === undefined
    ? undefined
    : {
        message: `is the key of client ${owner}, not the platform’s`,
        remedy: 'Give the platform a key of its own: keys rotate --platform.',
      };
};

const report = ({ title }: Party, family: KeyFamily, { version, fingerprint, life, files, retiring }: Added): void => {
  const name = (one: number): string => `${algorithmOf[family]} version ${one}`;
  const lines = [
    `${title}: ${name(version)} ${tellLife(life, Date.now())}`,
    `  ${fingerprint}`,
    ...files.map((file) => `  ${file}`),
    ...retiring.map((older) => `  ${name(older.version)} ${tellLife(older.life, Date.now())}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};
