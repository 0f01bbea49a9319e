import { addVersion } from '../clients/key-folder/change-key-folder.ts';
import { algorithmOf } from '../clients/key-folder/key-folder-layout.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { KeyFamily } from '../protocol/algorithms.ts';
import { makeKeyPair } from '../protocol/keys/make-key.ts';
import { exitCodes } from './exit-codes.ts';
import {
  folderToChange,
  keyRules,
  knownKeyringOf,
  loadKeyring,
  type PartyOptions,
  readDuration,
  readMoment,
  readOwner,
  readParties,
  requirePlatformKey,
  unusable,
} from './keys-folder.ts';
import { initialised, printKeyChange } from './keys-report.ts';

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
  const parties = readParties(folder, settings);
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
  const held = knownKeyringOf(readParties(folder, settings), options);
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
