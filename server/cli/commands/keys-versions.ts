import { addVersion, endVersion } from '../../clients/key-folder/change-key-folder.ts';
import { algorithmNames } from '../../clients/key-folder/key-folder-layout.ts';
import { displayWidth, padColumn } from '../../conformance/report/translate.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import type { KeyFamily } from '../../protocol/algorithms.ts';
import { makeKeyPair } from '../../protocol/keys/key-objects.ts';
import {
  describeValidity,
  firstUncovered,
  type Keyring,
  type KeyVersion,
  type ValidityState,
  validityState,
} from '../../protocol/keys/keyring.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageError } from '../input-output.ts';
import { outputLanguage } from '../output-language.ts';
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

interface KeyTypeOptions extends OwnerOptions {
  readonly type: 'rsa' | 'ec';
  readonly bits: string;
}

export type CreateOptions = KeyTypeOptions;

export interface RotateOptions extends KeyTypeOptions {
  readonly from?: string;
  readonly overlap: string;
}

/** Makes the first key of a type. A new folder gets the platform's keys first, and only those
 * when no client is named. */
export const createKey = async (options: CreateOptions, settings: Settings): Promise<number> => {
  const folder = requireOwnFolder(settings);
  const bits = readBits(options, settings);
  if (options.client !== undefined) readOwner(folder, options);
  const isNew = await initialise(folder, options.client === undefined ? bits : undefined);
  if (isNew && options.client === undefined) return exitCodes.ok;
  const party = readOwner(folder, options);
  const family = familyOfType(options);
  const parties = readFolderKeyrings(folder, settings);
  const held = loadKeyring(parties, options);
  const first = held.find(family);
  if (first !== undefined)
    throw usageError(
      party.dir,
      `holds ${algorithmNames[family]} version ${first.version} already`,
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

/** Makes the next version; the older ones retire when the overlap ends. */
export const rotateKey = async (options: RotateOptions, settings: Settings): Promise<number> => {
  const folder = requireOwnFolder(settings);
  const bits = readBits(options, settings);
  const party = readOwner(folder, options);
  const family = familyOfType(options);
  const held = requireKeyring(readFolderKeyrings(folder, settings), options);
  if (held.find(family) === undefined)
    throw usageError(
      party.dir,
      `holds no ${algorithmNames[family]} key yet`,
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

const familyOfType = ({ type }: KeyTypeOptions): KeyFamily => (type === 'rsa' ? 'RSA' : 'EC');

/** For an EC key the bits apply to the platform's RSA key of a new folder. */
const readBits = ({ type, bits }: KeyTypeOptions, settings: Settings): number => {
  const minBits = importRules(settings).weakKeys ? 1024 : 2048;
  const count = /^\d{1,5}$/.test(bits) ? Number(bits) : 0;
  if (type === 'ec') return 2048;
  if (count >= minBits && count <= 16_384) return count;
  throw usageError(
    '--bits',
    `${bits} is not a supported RSA key length; the documents require 2048`,
    minBits === 2048 && count >= 1024
      ? 'Write 2048 or more, or set --lenient weakKeys.'
      : `Write ${minBits} to 16384.`,
  );
};

export interface RetireOptions extends OwnerOptions {
  readonly version: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  readonly at?: string;
  readonly anyway?: boolean;
}

/** Retires a version. The platform always keeps an active key, a client unless `--anyway`. */
export const retireKey = (options: RetireOptions, settings: Settings): number => {
  const folder = requireOwnFolder(settings);
  const party = readOwner(folder, options);
  const held = requireKeyring(readFolderKeyrings(folder, settings), options);
  const key = findRetiring(held, options);
  const now = Date.now();
  const at = options.at === undefined ? now : readMoment('--at', options.at, now);
  const gap = firstGapAfterRetiring(held, key, at, now);
  if (gap !== undefined && (options.client === undefined || options.anyway !== true))
    throw usageError(
      party.label,
      `would have no active ${options.algorithm} key from ${writeTimestamp(gap)} on`,
      options.client === undefined
        ? 'Make the next version first: keys rotate.'
        : 'Make the next version first: keys rotate; or add --anyway, and the client is refused.',
    );
  const validity = endVersion(party, held, key, { until: at, now });
  process.stdout.write(
    `${party.label}: ${options.algorithm} version ${key.version} ${describeValidity(validity, now)}\n`,
  );
  return exitCodes.ok;
};

const findRetiring = (held: Keyring, { version, algorithm }: RetireOptions): KeyVersion => {
  const family = keyFamilyFor(algorithm);
  const key = held.find(family, readVersion(version));
  if (key !== undefined) return key;
  const known = held.versions
    .filter((one) => one.family === family)
    .map((one) => String(one.version));
  throw usageError(
    '--version',
    `${algorithmNames[family]} version ${version} does not exist`,
    suggest(version, known),
  );
};

const firstGapAfterRetiring = (
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

export interface ListOptions extends OwnerOptions {
  readonly json?: boolean;
}

interface KeyRow {
  readonly party: string;
  readonly algorithm: string;
  readonly version: number;
  readonly state: ValidityState;
  /** Another, newer version of the algorithm is active too. */
  readonly overlapping: boolean;
  readonly from: string | null;
  readonly until: string | null;
  readonly key: string;
  readonly privateKey: boolean;
  readonly fingerprint: string;
}

/** Shows what keys there are and which of them serve now. */
export const printKeys = (options: ListOptions, settings: Settings): number => {
  const parties = readFolderKeyrings(keyFolder(settings), settings);
  const everyone: (readonly [string, Keyring])[] = [
    ['platform', parties.platform],
    ...parties.clients,
  ];
  const chosen: typeof everyone =
    options.client === undefined && options.platform !== true
      ? everyone
      : [[options.client ?? 'platform', requireKeyring(parties, options)]];
  const now = Date.now();
  const lines = chosen.flatMap(([party, keyring]) =>
    keyring.versions.map((key) => toKeyRow(party, keyring, key, now)),
  );
  process.stdout.write(
    options.json === true ? `${JSON.stringify(lines, null, 2)}\n` : formatTable(lines),
  );
  return exitCodes.ok;
};

const toKeyRow = (party: string, keyring: Keyring, key: KeyVersion, now: number): KeyRow => {
  const { family, version, validity, publicKey, privateKey, fingerprint } = key;
  const state = validityState(validity, now);
  return {
    party,
    algorithm: algorithmNames[family],
    version,
    state,
    overlapping: state === 'active' && keyring.find(family, undefined, now) !== key,
    from: validity.from === undefined ? null : writeTimestamp(validity.from),
    until: validity.until === undefined ? null : writeTimestamp(validity.until),
    key:
      family === 'RSA'
        ? `RSA ${publicKey.asymmetricKeyDetails?.modulusLength ?? '?'}`
        : 'secp224r1',
    privateKey: privateKey !== undefined,
    fingerprint,
  };
};

const columns: readonly (readonly [title: string, cell: (line: KeyRow) => string])[] = [
  ['party', ({ party }) => party],
  ['algorithm', ({ algorithm }) => algorithm],
  ['version', ({ version }) => String(version)],
  ['state', ({ state, overlapping }) => translate(overlapping ? 'active, overlapping' : state)],
  ['from', ({ from }) => from ?? '-'],
  ['until', ({ until }) => until ?? '-'],
  ['key', ({ key, privateKey }) => `${key} ${translate(privateKey ? 'pair' : 'public')}`],
  ['fingerprint', ({ fingerprint }) => fingerprint],
];

/** The words of the table alone: short as they are, others use them in another sense. */
const wordsInChinese: Readonly<Record<string, string>> = {
  party: '擁有者',
  algorithm: '演算法',
  version: '版本',
  state: '狀態',
  from: '由',
  until: '至',
  key: '密鑰',
  fingerprint: '指紋',
  active: '生效中',
  'active, overlapping': '生效中，重疊期',
  'not yet active': '尚未生效',
  retired: '已停用',
  pair: '密鑰對',
  public: '公鑰',
};

const translate = (word: string): string =>
  (outputLanguage() === 'en' ? undefined : wordsInChinese[word]) ?? word;

const formatTable = (lines: readonly KeyRow[]): string => {
  const rows = [
    columns.map(([title]) => translate(title)),
    ...lines.map((line) => columns.map(([, cell]) => cell(line))),
  ];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => displayWidth(row[i] ?? ''))));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => padColumn(cell, widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};
