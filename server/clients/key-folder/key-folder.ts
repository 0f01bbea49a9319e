import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { checkYaml, type LocatedYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { isLeftover, readRegularFile } from '../../problems/read-file.ts';
import { checkKey, type KeyRules, keyFingerprint } from '../../protocol/keys/key-objects.ts';
import {
  alwaysValid,
  firstUncovered,
  Keyring,
  type Keyrings,
  type KeyVersion,
  type Validity,
} from '../../protocol/keys/keyring.ts';
import { parseKey } from '../../protocol/keys/parse-key.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';
import { readTimestamp, writeTimestamp } from '../../protocol/timestamps.ts';

/** Whose keys: the platform's when no client is named. */
export interface KeyOwner {
  readonly label: string;
  /** The folder of its keys. */
  readonly dir: string;
}

export const ownerIn = (folder: string, clientId: string | undefined): KeyOwner =>
  clientId === undefined
    ? { label: 'platform', dir: join(folder, 'platform') }
    : { label: `client ${clientId}`, dir: join(folder, 'clients', clientId) };

/** The merchant whose keys come with the package. */
export const demoClientId = '4Q5Y8W0WSG45P907917';

/**
 * A Client-Id becomes a folder's name, a part of a URL and a key of objects: `..` and `__proto__`
 * would name something else.
 */
export const isClientId = (text: string): boolean =>
  /^\w[\w.-]{0,63}$/.test(text) && !['__proto__', 'constructor', 'prototype'].includes(text);

/** The same, in words. */
export const clientIdRule =
  'must be 1 to 64 letters, digits, dots, hyphens or underscores, and start with a letter, digit ' +
  'or underscore';

/** The algorithm whose signatures a family makes, as users know it. */
export const algorithmNames = { RSA: 'RSA256', EC: 'ECC224' } as const satisfies Record<
  KeyFamily,
  string
>;

const validityFileName = 'key-validity.yaml';

const layout =
  'Name key files v<N>.public.pem or v<N>.private.pem, e.g. v1.public.pem; a word may follow the ' +
  'version, e.g. v1.ecc224.public.pem.';

const keyFileName =
  /^v(\d{1,9})\.(?:[\w-]+\.)?(public|private)\.(?:pem|txt|der|key|jwk|json|crt|cer)$/;

const readKeyFileName = (
  name: string,
): { readonly version: number; readonly kind: 'public' | 'private' } | undefined => {
  const found = keyFileName.exec(name);
  return found === null
    ? undefined
    : { version: Number(found[1]), kind: found[2] === 'private' ? 'private' : 'public' };
};

export const writeKeyFileName = (
  family: KeyFamily,
  version: number,
  kind: 'public' | 'private',
): string => `v${version}.${family === 'EC' ? 'ecc224.' : ''}${kind}.pem`;

export type { KeyRules } from '../../protocol/keys/key-objects.ts';

/**
 * Reads a folder of keys: `platform/v<N>.{private,public}.pem` and
 * `clients/<Client-Id>/v<N>.public.pem`, each with an optional `key-validity.yaml`. The content of a
 * file decides what it is, not its name.
 * @param now milliseconds since 1970: from then on the platform must always have an active key.
 */
export const readKeyFolder = (
  folder: string,
  rules: KeyRules,
  now: number = Date.now(),
): Gathered<Keyrings> => {
  const problems: Problem[] = [];
  const platform = readKeyring(ownerIn(folder, undefined).dir, rules, problems);
  if (problems.length === 0) problems.push(...platformProblems(folder, platform, now));
  const clients = new Map<string, Keyring>();
  for (const id of listKeyNames(join(folder, 'clients'), problems)) {
    const { dir: home } = ownerIn(folder, id);
    if (!isClientId(id)) {
      problems.push({
        where: home,
        message: `is not named like a Client-Id: it ${clientIdRule}`,
        remedy: 'Rename the folder.',
      });
      continue;
    }
    const before = problems.length;
    const keyring = readKeyring(home, rules, problems);
    if (problems.length === before) problems.push(...clientProblems(home, keyring, platform));
    clients.set(id, keyring);
  }
  return { value: { platform, clients }, problems };
};

const platformProblems = (folder: string, platform: Keyring, now: number): Problem[] => {
  const { dir: home } = ownerIn(folder, undefined);
  const signing = new Keyring(
    platform.versions.filter(({ privateKey }) => privateKey !== undefined),
  );
  if (signing.find('RSA') === undefined)
    return [
      {
        where: home,
        message: 'holds no private RSA key, so no answer can be signed',
        remedy:
          'Put the platform’s v1.private.pem there, let "keys create" make one, or leave --keys ' +
          'out to use the demo keys.',
      },
    ];
  return (['RSA', 'EC'] as const).flatMap((family) => gapProblem(home, signing, family, now));
};

const gapProblem = (home: string, signing: Keyring, family: KeyFamily, now: number): Problem[] => {
  const validities = signing.versions
    .filter((key) => key.family === family)
    .map(({ validity }) => validity);
  const gap = validities.length === 0 ? undefined : firstUncovered(validities, now);
  if (gap === undefined) return [];
  return [
    {
      where: home,
      message:
        `has no active ${algorithmNames[family]} key ` +
        `${gap === now ? 'now' : `from ${writeTimestamp(gap)} on`}, so no answer could be signed`,
      remedy: 'Correct key-validity.yaml, or add a version: keys rotate --platform.',
    },
  ];
};

const clientProblems = (home: string, keyring: Keyring, platform: Keyring): Problem[] => {
  const problems: Problem[] = [];
  if (keyring.versions.length === 0)
    problems.push({ where: home, message: 'holds no key', remedy: layout });
  if (keyring.find('EC') !== undefined && platform.find('EC')?.privateKey === undefined)
    problems.push({
      where: home,
      message: 'has an EC key, but the platform has none to answer with',
      remedy: 'Add platform/v1.ecc224.private.pem (secp224r1): keys create --platform --type ec.',
    });
  const confused = keyring.versions.find(({ fingerprint }) =>
    platform.versions.some((key) => key.fingerprint === fingerprint),
  );
  if (confused !== undefined)
    problems.push({
      where: home,
      message:
        `${algorithmNames[confused.family]} version ${confused.version} ` +
        platformKeyComplaint.message,
      remedy: platformKeyComplaint.remedy,
    });
  return problems;
};

/** The slip that issue trackers know best: one's own key and the other side's key mixed up. */
export const platformKeyComplaint = {
  message: 'is the platform’s own key, not the merchant’s',
  remedy:
    'Register the public half of the key that the merchant signs with; the platform’s public key ' +
    'is for verifying answers.',
} as const;

/** Whether a folder is empty or does not exist. */
export const isNewFolder = (folder: string): boolean => {
  try {
    return readdirSync(folder).every(isLeftover);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
};

interface KeyFile {
  readonly version: number;
  readonly family: KeyFamily;
  readonly key: Pick<KeyVersion, 'publicKey' | 'privateKey'>;
}

/** Reads one party's folder: its key files, and when each version serves. */
const readKeyring = (home: string, rules: KeyRules, problems: Problem[]): Keyring => {
  const names = listKeyNames(home, problems).filter((name) => name !== validityFileName);
  const files = names.flatMap((name): KeyFile[] => {
    const read = readKeyFile(join(home, name), name, rules);
    if ('message' in read) problems.push(read);
    return 'message' in read ? [] : [read];
  });
  const broken = files.length < names.length;
  const validities = readValidities(
    home,
    (family, version) =>
      broken || files.some((file) => file.family === family && file.version === version),
  );
  problems.push(...validities.problems);
  const versions = groupByVersion(files).flatMap((same) => joinHalves(home, same, problems));
  return new Keyring(
    versions.map((key) => ({
      ...key,
      validity: validities.value[key.family].get(key.version) ?? alwaysValid,
    })),
  );
};

/** The names in a folder, apart from leftovers and READMEs. */
const listKeyNames = (folder: string, problems: Problem[]): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => !isLeftover(name) && !/^readme/i.test(name))
      .sort();
  } catch (error) {
    problems.push({
      where: folder,
      message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'A key folder holds platform/ and clients/<Client-Id>/; see keys/README.md.',
    });
    return [];
  }
};

const groupByVersion = (files: readonly KeyFile[]): KeyFile[][] => {
  const groups = new Map<string, KeyFile[]>();
  for (const file of files) {
    const name = `${file.family} ${file.version}`;
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return [...groups.values()];
};

/** A private file and a public file of one version must be halves of the same key. */
const joinHalves = (
  home: string,
  [first, ...rest]: readonly KeyFile[],
  problems: Problem[],
): Omit<KeyVersion, 'validity'>[] => {
  if (first === undefined) return [];
  const { version, family } = first;
  const fingerprint = keyFingerprint(first.key.publicKey);
  if (rest.some(({ key }) => keyFingerprint(key.publicKey) !== fingerprint)) {
    problems.push({
      where: home,
      message: `the files of ${algorithmNames[family]} version ${version} hold different keys`,
      remedy: 'Make the public file from the private one: openssl pkey -in v1.private.pem -pubout.',
    });
  }
  const privateKey = [first, ...rest].find(({ key }) => key.privateKey !== undefined)?.key
    .privateKey;
  return [
    {
      version,
      family,
      publicKey: first.key.publicKey,
      ...omitUndefined({ privateKey }),
      fingerprint,
    },
  ];
};

const readKeyFile = (file: string, name: string, rules: KeyRules): KeyFile | Problem => {
  const named = readKeyFileName(name);
  if (named === undefined)
    return { where: file, message: 'is not named like a key file', remedy: layout };
  const read = readKeyBytes(file);
  if ('message' in read) return read;
  const recognised = parseKey(read.bytes);
  if ('message' in recognised) return { where: file, ...recognised };
  const checked = checkKey(recognised, named.kind, rules);
  if ('message' in checked) return { where: file, ...checked };
  const { kind, key } = recognised;
  return {
    version: named.version,
    family: checked.family,
    key:
      kind === 'private'
        ? { privateKey: key, publicKey: createPublicKey(key) }
        : { publicKey: key },
  };
};

const readKeyBytes = (file: string): { readonly bytes: Buffer } | Problem => {
  try {
    return { bytes: readRegularFile(file) };
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      where: file,
      message,
      remedy: 'Check its permissions; key files are directly in the folder of their owner.',
    };
  }
};

/** When the versions of an owner's keys are valid; one that is not named is always active. */
export type Validities = Readonly<Record<KeyFamily, ReadonlyMap<number, Validity>>>;

const validityTime = z
  .string()
  .refine(
    (text) => /^\d{4}-/.test(text) && readTimestamp(text) !== undefined,
    'must be a time with an offset, e.g. 2026-08-01T00:00:00+08:00',
  )
  .transform((text) => readTimestamp(text)?.epochMs ?? Number.NaN);
const validity = z
  .strictObject({ from: validityTime.optional(), until: validityTime.optional() })
  .refine(
    ({ from = -Infinity, until = Infinity }) => !(from >= until),
    'until must be later than from',
  );
const versions = z.record(z.string(), validity).superRefine((named, { addIssue }) => {
  for (const name of Object.keys(named))
    if (!/^v\d{1,9}$/.test(name))
      addIssue({ code: 'custom', path: [name], message: 'must be a key version, e.g. v1' });
});
const validitySchema = z.strictObject({ RSA256: versions.optional(), ECC224: versions.optional() });

const remedy =
  'Write e.g. "RSA256: { v1: { until: 2026-08-01T00:00:00+08:00 } }", or let "keys rotate" and ' +
  `"keys retire" write ${validityFileName}.`;
const families = ['RSA', 'EC'] as const satisfies readonly KeyFamily[];

/**
 * Reads an owner's `key-validity.yaml`.
 * @param held whether a version has a key file: a validity without one is a mistake
 */
const readValidities = (
  home: string,
  held: (family: KeyFamily, version: number) => boolean,
): Gathered<Validities> => {
  const file = join(home, validityFileName);
  if (!existsSync(file)) return { value: { RSA: new Map(), EC: new Map() }, problems: [] };
  const source = readLocatedYaml(file);
  const checked =
    source.problems.length > 0
      ? source
      : checkYaml({ ...source, value: source.value ?? {} }, validitySchema, remedy);
  if (!('data' in checked))
    return { value: { RSA: new Map(), EC: new Map() }, problems: checked.problems };
  const parseValidities = (family: KeyFamily): Map<number, Validity> =>
    new Map(
      Object.entries(checked.data[algorithmNames[family]] ?? {}).map(([name, { from, until }]) => [
        Number(name.slice(1)),
        parseValidity(from, until),
      ]),
    );
  const value = { RSA: parseValidities('RSA'), EC: parseValidities('EC') };
  return {
    value,
    problems: families.flatMap((family) => findStrays(source, family, value[family], held)),
  };
};

const parseValidity = (from: number | undefined, until: number | undefined): Validity =>
  omitUndefined({ from, until });

const findStrays = (
  source: LocatedYaml,
  family: KeyFamily,
  validities: ReadonlyMap<number, Validity>,
  held: (family: KeyFamily, version: number) => boolean,
): Problem[] =>
  [...validities.keys()]
    .filter((version) => !held(family, version))
    .map((version) =>
      source.problemAt(
        [algorithmNames[family], `v${version}`],
        `${algorithmNames[family]} version ${version} has a validity period but no key file`,
        'Delete the line, or put the key file there.',
      ),
    );

/** Writes a temporary file and renames it: a reader sees the old or the new one. */
export const writeValidities = (home: string, validities: Validities): string => {
  const file = join(home, validityFileName);
  const sections = families.flatMap((family) =>
    parseSection(algorithmNames[family], validities[family]),
  );
  const temporary = join(home, `.${validityFileName}.${process.pid}`);
  writeFileSync(temporary, `${[...heading, ...sections].join('\n')}\n`);
  renameSync(temporary, file);
  return file;
};

const heading = [
  '# When each key version serves: from that moment on, until that moment. ' +
    'What is not named here is always active.',
];

const parseSection = (name: string, validities: ReadonlyMap<number, Validity>): string[] => {
  const lines = [...validities].filter(([, one]) => one !== alwaysValid).sort(([a], [b]) => a - b);
  return lines.length === 0
    ? []
    : [`${name}:`, ...lines.map(([version, one]) => `  v${version}: { ${flow(one)} }`)];
};

const flow = (one: Validity): string =>
  (['from', 'until'] as const)
    .flatMap((end) => (one[end] === undefined ? [] : `${end}: ${writeTimestamp(one[end])}`))
    .join(', ');
