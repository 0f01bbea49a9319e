import { addVersion, endVersion } from '../../clients/key-folder/change-key-folder.ts';
import { algorithmOf } from '../../clients/key-folder/key-folder-layout.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import type { KeyFamily } from '../../protocol/algorithms.ts';
import { makeKeyPair } from '../../protocol/keys/key-objects.ts';
import {
  describeValidity,
  firstUncovered,
  type Keyring,
  type KeyVersion,
} from '../../protocol/keys/keyring.ts';

import { writeTimestamp } from '../../protocol/timestamps.ts';
import { exitCodes } from '../exit-codes.ts';
import {
  familyOf,
  folderToChange,
  initialised,
  keyRules,
  knownKeyringOf,
  loadKeyring,
  type PartyOptions,
  printKeyChange,
  readDuration,
  readKeyrings,
  readMoment,
  readOwner,
  readVersion,
  requirePlatformKey,
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

/**
 * Makes a party's first key of a type. A new folder gets the platform's keys before, and that is
 * all when no client is named.
 */
export const createKey = async (options: CreateOptions, settings: Settings): Promise<number> => {
  const folder = folderToChange(settings);
  const bits = readBits(options, settings);
  if (options.client !== undefined) readOwner(folder, options);
  const isNew = await initialised(folder, options.client === undefined ? bits : undefined);
  if (isNew && options.client === undefined) return exitCodes.ok;
  const party = readOwner(folder, options);
  const family = familyOfType(options);
  const parties = readKeyrings(folder, settings);
  const held = loadKeyring(parties, options);
  const first = held.find(family);
  if (first !== undefined)
    throw unusable(
      party.dir,
      `holds ${algorithmOf[family]} version ${first.version} already`,
      'Make the next one: keys rotate.',
    );
  requirePlatformKey(parties, options, family);
  printKeyChange(
    party,
    family,
    addVersion(party, held, { family, key: await makeKeyPair(family, bits), now: Date.now() }),
  );
  return exitCodes.ok;
};

/** Makes the next version, and lets the older ones end when the overlap is over. */
export const rotateKey = async (options: RotateOptions, settings: Settings): Promise<number> => {
  const folder = folderToChange(settings);
  const bits = readBits(options, settings);
  const party = readOwner(folder, options);
  const family = familyOfType(options);
  const held = knownKeyringOf(readKeyrings(folder, settings), options);
  if (held.find(family) === undefined)
    throw unusable(
      party.dir,
      `holds no ${algorithmOf[family]} key yet`,
      'Make the first one: keys create, or register one: keys add.',
    );
  const now = Date.now();
  const from = options.from === undefined ? now : readMoment('--from', options.from, now);
  const overlapMs = readDuration('--overlap', options.overlap);
  printKeyChange(
    party,
    family,
    addVersion(party, held, { family, key: await makeKeyPair(family, bits), from, overlapMs, now }),
  );
  return exitCodes.ok;
};

const familyOfType = ({ type }: MakingOptions): KeyFamily => (type === 'rsa' ? 'RSA' : 'EC');

/**
 * For a curve the bits say nothing; what they are then good for is the platform's RSA key of a new
 * folder.
 */
const readBits = ({ type, bits }: MakingOptions, settings: Settings): number => {
  const least = keyRules(settings).weakKeys ? 1024 : 2048;
  const count = /^\d{1,5}$/.test(bits) ? Number(bits) : 0;
  if (type === 'ec') return 2048;
  if (count >= least && count <= 16_384) return count;
  throw unusable(
    '--bits',
    `an RSA key of ${bits} bits is not made; the documents ask for 2048`,
    least === 2048 && count >= 1024
      ? 'Ask for 2048 or more, or set --lenient weakKeys.'
      : `Ask for ${least} to 16384.`,
  );
};

export interface RetireOptions extends PartyOptions {
  readonly version: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  readonly at?: string;
  readonly anyway?: boolean;
}

/**
 * Ends a version's life. The platform is never left without a key, a client only when that is
 * wanted.
 */
export const retireKey = (options: RetireOptions, settings: Settings): number => {
  const folder = folderToChange(settings);
  const party = readOwner(folder, options);
  const held = knownKeyringOf(readKeyrings(folder, settings), options);
  const key = findRetiring(held, options);
  const now = Date.now();
  const at = options.at === undefined ? now : readMoment('--at', options.at, now);
  const gap = gapAfter(held, key, at, now);
  if (gap !== undefined && (options.client === undefined || options.anyway !== true))
    throw unusable(
      party.label,
      `would have no active ${options.algorithm} key from ${writeTimestamp(gap)} on`,
      `Make the next version first: keys rotate${options.client === undefined ? '' : '; or add --anyway to see the client refused'}.`,
    );
  const life = endVersion(party, held, key, at, now);
  process.stdout.write(
    `${party.label}: ${options.algorithm} version ${key.version} ${describeValidity(life, now)}\n`,
  );
  return exitCodes.ok;
};

const findRetiring = (held: Keyring, { version, algorithm }: RetireOptions): KeyVersion => {
  const family = familyOf(algorithm);
  const key = held.find(family, readVersion(version));
  if (key !== undefined) return key;
  const known = held.versions
    .filter((one) => one.family === family)
    .map((one) => String(one.version));
  throw unusable(
    '--version',
    `there is no ${algorithmOf[family]} version ${version}`,
    suggest(version, known),
  );
};

const gapAfter = (
  held: Keyring,
  retired: KeyVersion,
  at: number,
  now: number,
): number | undefined =>
  firstUncovered(
    held.versions
      .filter(({ family }) => family === retired.family)
      .map((key) => (key === retired ? { ...key.validity, until: at } : key.validity)),
    now,
  );
