import { type Command, Option } from 'commander';
import { addVersion, endVersion } from '../../clients/key-folder/change-key-folder.ts';
import { algorithmNames } from '../../clients/key-folder/key-folder.ts';
import { displayWidth, padColumn } from '../../conformance/report/translate.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { exportForms } from '../../protocol/keys/key-forms.ts';
import { makeKeyPair } from '../../protocol/keys/key-objects.ts';
import {
  describeValidity,
  firstUncovered,
  type Keyring,
  type KeyVersion,
  type ValidityState,
  validityState,
} from '../../protocol/keys/keyring.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { exitCodes, outputLanguage, usageError } from '../input-output.ts';
import { addSettingOptions, type Finish, resolveOptionSettings } from '../options.ts';
import {
  type AddOptions,
  addKey,
  type ExportKeyOptions,
  exportKey,
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

const keySettings = ['keys', 'lenient'] as const;

/** `alipayhk-mock keys …`: the keys of a key folder. */
export const addKeysCommands = (program: Command, finish: Finish): void => {
  const keys = program
    .command('keys')
    .description('create, add, list, export, rotate and retire keys of a key folder (--keys DIR)')
    .addHelpText('after', keysExamples);

  withParty(
    keys
      .command('create')
      .description(
        'make the first key of a client or the platform; a new folder gets the platform’s keys too',
      ),
  )
    .addOption(typeOption)
    .addOption(bitsOption)
    .action(async (options: CreateOptions, command: Command) =>
      finish(await createKey(options, resolveOptionSettings(command))),
    );

  withParty(
    keys
      .command('add')
      .description('register a public key, in any supported format, as the next version'),
  )
    .argument(
      '<file>',
      'the key: PEM, bare base64, DER, JWK, certificate, CSR or PKCS#12; - for standard input',
    )
    .option('--version <n>', 'as this version; default: the next one')
    .addOption(fromOption)
    .option(
      '--overlap <duration>',
      'retire the older versions so long after the new one starts, e.g. 24h; default: never',
    )
    .option(
      '--private-too',
      'keep the private key of the file too: for clients that "send" signs as',
    )
    .addOption(passwordOption)
    .action(async (file: string, options: AddOptions, command: Command) =>
      finish(await addKey(file, options, resolveOptionSettings(command))),
    );

  withParty(keys.command('list').description('list the key versions with validity and fingerprint'))
    .option('--json', 'as JSON')
    .action((options: ListOptions, command: Command) =>
      finish(printKeys(options, resolveOptionSettings(command))),
    );

  withParty(keys.command('export').description('write a key in the format of an SDK or a tool'))
    .option('--version <n>', 'default: the newest active one')
    .addOption(algorithmOption)
    .addOption(
      new Option('--form <form>', formsHelp).choices(Object.keys(exportForms)).default('pem'),
    )
    .option('--private', 'export the private key, if the folder has it')
    .addOption(passwordOption)
    .option(
      '--out <file>',
      'write to this file (private keys with mode 600) instead of standard output',
    )
    .action(async (options: ExportKeyOptions, command: Command) =>
      finish(await exportKey(options, resolveOptionSettings(command))),
    );

  withParty(
    keys
      .command('rotate')
      .description('make the next version; the older ones retire after the overlap'),
  )
    .addOption(typeOption)
    .addOption(bitsOption)
    .addOption(fromOption)
    .option(
      '--overlap <duration>',
      'how long the older versions stay active next to the new one, e.g. 24h; 0s: not at all',
      '24h',
    )
    .action(async (options: RotateOptions, command: Command) =>
      finish(await rotateKey(options, resolveOptionSettings(command))),
    );

  withParty(keys.command('retire').description('retire a version, now or at a time'))
    .requiredOption('--version <n>', 'the version to retire')
    .addOption(algorithmOption)
    .option('--at <time>', 'ISO-8601 with an offset, or +24h from now; default: now')
    .option('--anyway', 'even if the client has no active key then')
    .action((options: RetireOptions, command: Command) =>
      finish(retireKey(options, resolveOptionSettings(command))),
    );
};

const withParty = (command: Command): Command =>
  addSettingOptions(command, keySettings)
    .option('--client <id>', 'whose key: the client’s')
    .option('--platform', 'whose key: the platform’s');

const typeOption = new Option('--type <type>', 'RSA for RSA256, EC (secp224r1) for ECC224')
  .choices(['rsa', 'ec'])
  .default('rsa');
const bitsOption = new Option('--bits <n>', 'length of an RSA key').default('2048');
const algorithmOption = new Option('--algorithm <name>', 'each algorithm has its own versions')
  .choices(['RSA256', 'ECC224'])
  .default('RSA256');
const fromOption = new Option(
  '--from <time>',
  'active from then on: ISO-8601 with an offset, or +24h from now',
);
const passwordOption = new Option(
  '--password <text>',
  'password of PKCS#12 and encrypted PKCS#8, to read (add) or to set (export)',
);
const formsHelp = `file format: ${Object.entries(exportForms)
  .map(([name, { help }]) => `${name}: ${help}`)
  .join('; ')}`;

const keysExamples = `
Examples:
  alipayhk-mock keys create --keys ./my-keys --client SHOP    new folder: platform keys and SHOP's
  alipayhk-mock keys add --keys ./my-keys --client SHOP public.pem
  alipayhk-mock keys rotate --keys ./my-keys --platform --overlap 1h
  alipayhk-mock keys export --keys ./my-keys --platform --form base64
  alipayhk-mock keys retire --keys ./my-keys --client SHOP --version 1 --at +1h

A running simulator reloads changed keys within a second or two.`;

interface KeyTypeOptions extends OwnerOptions {
  readonly type: 'rsa' | 'ec';
  readonly bits: string;
}

type CreateOptions = KeyTypeOptions;

interface RotateOptions extends KeyTypeOptions {
  readonly from?: string;
  readonly overlap: string;
}

/** Makes the first key of a type. A new folder gets the platform's keys first, and only those
 * when no client is named. */
const createKey = async (options: CreateOptions, settings: Settings): Promise<number> => {
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
const rotateKey = async (options: RotateOptions, settings: Settings): Promise<number> => {
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

interface RetireOptions extends OwnerOptions {
  readonly version: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  readonly at?: string;
  readonly anyway?: boolean;
}

/** Retires a version. The platform always keeps an active key, a client unless `--anyway`. */
const retireKey = (options: RetireOptions, settings: Settings): number => {
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

interface ListOptions extends OwnerOptions {
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
const printKeys = (options: ListOptions, settings: Settings): number => {
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
