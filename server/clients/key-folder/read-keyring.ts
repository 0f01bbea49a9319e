import { createPublicKey } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../problems/problem.ts';
import { isLeftover, readRegularFile } from '../../problems/read-file.ts';

import type { KeyFamily } from '../../protocol/algorithms.ts';
import { checkKey, type KeyRules } from '../../protocol/keys/check-key.ts';
import { keyFingerprint } from '../../protocol/keys/key-objects.ts';
import { always, Keyring, type KeyVersion } from '../../protocol/keys/keyring.ts';
import { parseKey } from '../../protocol/keys/parse-key.ts';

import { algorithmOf, layout, livesFileName, readKeyFileName } from './key-folder-layout.ts';
import { readLives } from './validity-file.ts';

interface KeyFile {
  readonly version: number;
  readonly family: KeyFamily;
  readonly key: Pick<KeyVersion, 'publicKey' | 'privateKey'>;
}

/** Reads one party's folder: its key files, and when each version serves. */
export const readKeyring = (home: string, rules: KeyRules, problems: Problem[]): Keyring => {
  const names = namesIn(home, problems).filter((name) => name !== livesFileName);
  const files = names.flatMap((name): KeyFile[] => {
    const read = readKeyFile(join(home, name), name, rules);
    if ('message' in read) problems.push(read);
    return 'message' in read ? [] : [read];
  });
  const broken = files.length < names.length;
  const lives = readLives(
    home,
    (family, version) =>
      broken || files.some((file) => file.family === family && file.version === version),
  );
  problems.push(...lives.problems);
  const versions = groupByVersion(files).flatMap((same) => joinHalves(home, same, problems));
  return new Keyring(
    versions.map((key) => ({
      ...key,
      validity: lives.value[key.family].get(key.version) ?? always,
    })),
  );
};

/** The names in a folder, apart from leftovers and READMEs. */
export const namesIn = (folder: string, problems: Problem[]): string[] => {
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
      message: `the files of ${algorithmOf[family]} version ${version} hold different keys`,
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
      ...(privateKey === undefined ? {} : { privateKey }),
      fingerprint,
    },
  ];
};

const readKeyFile = (file: string, name: string, rules: KeyRules): KeyFile | Problem => {
  const named = readKeyFileName(name);
  if (named === undefined)
    return { where: file, message: 'is not named like a key file', remedy: layout };
  const read = readBytes(file);
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

const readBytes = (file: string): { readonly bytes: Buffer } | Problem => {
  try {
    return { bytes: readRegularFile(file) };
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      where: file,
      message,
      remedy: 'Check its permissions; key files stand directly in the party’s folder.',
    };
  }
};
