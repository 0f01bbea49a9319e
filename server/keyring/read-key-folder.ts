import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gathered, Problem } from '../problems/problem.ts';
import { type KeyFamily, keyFamily } from '../protocol/algorithms.ts';
import { keyFingerprint } from '../protocol/fingerprint.ts';
import { readKey } from '../protocol/key-reading.ts';
import { Keyring, type KeyVersion, type Parties } from './keyring.ts';

export interface KeyRules {
  /** Accept RSA keys shorter than the documented 2048 bits. */
  readonly weakKeys: boolean;
}

const layout =
  'Name key files v<N>.public.pem or v<N>.private.pem, e.g. v1.public.pem; a word may stand between, e.g. v1.ecc224.public.pem.';
const fileName = /^v(\d+)\.(?:[\w-]+\.)?(public|private)\.(?:pem|txt|der|key)$/;

/**
 * Reads a folder of keys: `platform/v<N>.{private,public}.pem` and `clients/<Client-Id>/v<N>.public.pem`.
 * What a file holds is told by its content: PEM, bare base64 or DER, RSA or secp224r1.
 */
export const readKeyFolder = (folder: string, rules: KeyRules): Gathered<Parties> => {
  const problems: Problem[] = [];
  const platform = readKeyring(join(folder, 'platform'), rules, problems);
  if (platform.find('RSA')?.privateKey === undefined && problems.length === 0) {
    problems.push({
      where: join(folder, 'platform'),
      message: 'holds no private RSA key, so no answer can be signed',
      remedy: 'Put the platform’s v1.private.pem there, or leave --keys out to use the demo keys.',
    });
  }
  const clients = new Map<string, Keyring>();
  for (const id of namesIn(join(folder, 'clients'), problems)) {
    const home = join(folder, 'clients', id);
    const before = problems.length;
    const keyring = readKeyring(home, rules, problems);
    if (keyring.versions.length === 0 && problems.length === before) {
      problems.push({ where: home, message: 'holds no key', remedy: layout });
    }
    if (keyring.find('EC') !== undefined && platform.find('EC')?.privateKey === undefined) {
      problems.push({
        where: home,
        message: 'has an EC key, but the platform has none to answer with',
        remedy: 'Add platform/v1.ecc224.private.pem (secp224r1).',
      });
    }
    clients.set(id, keyring);
  }
  return { value: { platform, clients }, problems };
};

const namesIn = (folder: string, problems: Problem[]): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && !/^readme/i.test(name))
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

interface KeyFile {
  readonly version: number;
  readonly family: KeyFamily;
  readonly key: Pick<KeyVersion, 'publicKey' | 'privateKey'>;
}

const readKeyring = (home: string, rules: KeyRules, problems: Problem[]): Keyring => {
  const files = namesIn(home, problems).flatMap((name): KeyFile[] => {
    const read = readKeyFile(join(home, name), name, rules);
    if ('message' in read) problems.push(read);
    return 'message' in read ? [] : [read];
  });
  const byVersion = new Map<string, KeyFile[]>();
  for (const file of files)
    byVersion.set(`${file.family} ${file.version}`, [...(byVersion.get(`${file.family} ${file.version}`) ?? []), file]);
  return new Keyring([...byVersion.values()].flatMap((same) => joinHalves(home, same, problems)));
};

/** A private file and a public file of one version must be halves of the same key. */
const joinHalves = (home: string, [first, ...rest]: readonly KeyFile[], problems: Problem[]): KeyVersion[] => {
  if (first === undefined) return [];
  const { version, family } = first;
  const fingerprint = keyFingerprint(first.key.publicKey);
  if (rest.some(({ key }) => keyFingerprint(key.publicKey) !== fingerprint)) {
    problems.push({
      where: home,
      message: `the files of ${family} version ${version} hold different keys`,
      remedy: 'Make the public file from the private one: openssl pkey -in v1.private.pem -pubout.',
    });
  }
  const privateKey = [first, ...rest].find(({ key }) => key.privateKey !== undefined)?.key.privateKey;
  return [{ version, family, publicKey: first.key.publicKey, ...(privateKey === undefined ? {} : { privateKey }), fingerprint }];
};

const readKeyFile = (file: string, name: string, rules: KeyRules): KeyFile | Problem => {
  const parts = fileName.exec(name);
  if (parts === null) return { where: file, message: 'is not named like a key file', remedy: layout };
  const read = readKey(readFileSync(file));
  if (read === undefined)
    return {
      where: file,
      message: 'holds no key that can be read',
      remedy: 'Give PEM (SPKI, PKCS#1, PKCS#8, SEC1), the bare base64 line, or DER; not encrypted with a password.',
    };
  if (read.kind !== parts[2]) {
    return read.kind === 'private'
      ? {
          where: file,
          message: 'holds a private key where a public one belongs',
          remedy: 'Keep the private key to yourself; put its public half here: openssl pkey -in private.pem -pubout.',
        }
      : {
          where: file,
          message: 'holds a public key where a private one belongs',
          remedy: 'Rename it to .public.pem, or put the private key here.',
        };
  }
  const family = keyFamily(read.key);
  if (family === undefined)
    return {
      where: file,
      message: `is a key of type ${read.key.asymmetricKeyType ?? '?'} (${read.key.asymmetricKeyDetails?.namedCurve ?? 'no curve'})`,
      remedy: 'Use RSA of 2048 bits or more for RSA256, or the curve secp224r1 for ECC224.',
    };
  const bits = read.key.asymmetricKeyDetails?.modulusLength ?? 2048;
  if (bits < 2048 && !rules.weakKeys)
    return {
      where: file,
      message: `is an RSA key of ${bits} bits; the documents ask for 2048`,
      remedy: 'Make one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048; or set lenient: [weakKeys].',
    };
  const key = read.kind === 'private' ? { privateKey: read.key, publicKey: createPublicKey(read.key) } : { publicKey: read.key };
  return { version: Number(parts[1]), family, key };
};
