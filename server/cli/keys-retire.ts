import { endVersion } from '../clients/key-folder/change-key-folder.ts';
import { algorithmOf } from '../clients/key-folder/key-folder-layout.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { suggest } from '../problems/did-you-mean.ts';
import type { Keyring, KeyVersion } from '../protocol/keys/keyring.ts';
import { firstGap, tellLife } from '../protocol/keys/validity.ts';
import { writeTimestamp } from '../protocol/timestamps.ts';
import { exitCodes } from './exit-codes.ts';
import {
  familyOf,
  folderToChange,
  knownKeyringOf,
  type PartyOptions,
  readMoment,
  readOwner,
  readParties,
  readVersion,
  unusable,
} from './keys-folder.ts';

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
  const held = knownKeyringOf(readParties(folder, settings), options);
  const key = findVersion(held, options);
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
    `${party.label}: ${options.algorithm} version ${key.version} ${tellLife(life, now)}\n`,
  );
  return exitCodes.ok;
};

const findVersion = (held: Keyring, { version, algorithm }: RetireOptions): KeyVersion => {
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
  firstGap(
    held.versions
      .filter(({ family }) => family === retired.family)
      .map((key) => (key === retired ? { ...key.life, until: at } : key.life)),
    now,
  );
