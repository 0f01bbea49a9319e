import type { KeyObject } from 'node:crypto';
import type { Problem } from '../problems/problem.ts';
import {
  checkKey,
  type KeyRules,
  keyFingerprint,
  makeKeyPair,
} from '../protocol/keys/key-objects.ts';
import { alwaysValid, type Keyring, type KeyVersion } from '../protocol/keys/keyring.ts';
import { parseKey } from '../protocol/keys/parse-key.ts';
import { type KeyFamily, keyFamily } from '../protocol/signatures.ts';
import type { ClientRegistry } from './client-registry.ts';
import { platformKeyComplaint } from './key-folder/read-key-folder.ts';

export interface NewKey {
  /** The client's own public key; a pair is generated when absent. */
  readonly publicKey?: string;
  readonly algorithm?: 'RSA256' | 'ECC224';
  /** How long the versions before it stay valid; absent: until their own end. */
  readonly overlapMs?: number;
}

/** Changes of clients' keys while the simulator runs; the key folder stays as it is. */
export class ClientKeys {
  readonly #book: ClientRegistry;
  readonly #platform: () => Keyring;
  readonly #rules: KeyRules;

  constructor(book: ClientRegistry, platform: () => Keyring, rules: KeyRules) {
    this.#book = book;
    this.#rules = rules;
    this.#platform = platform;
  }

  of(clientId: string): readonly KeyVersion[] {
    return this.#book.keyring(clientId)?.versions ?? [];
  }

  /** Adds a version. @returns the key, or what is wrong with what was asked. */
  async rotate(
    clientId: string,
    { publicKey, algorithm = 'RSA256', overlapMs }: NewKey,
  ): Promise<{ readonly key: KeyVersion } | { readonly problem: Problem }> {
    const halves = await importOrGenerate(publicKey, algorithm, this.#rules);
    if ('problem' in halves) return halves;
    const family = keyFamily(halves.publicKey) ?? 'RSA';
    const before = this.of(clientId).filter((key) => key.family === family);
    const fingerprint = keyFingerprint(halves.publicKey);
    const problem = this.#findProblem(family, fingerprint, before);
    if (problem !== undefined) return { problem };
    const key: KeyVersion = {
      version: Math.max(0, ...before.map(({ version }) => version)) + 1,
      family,
      fingerprint,
      validity: alwaysValid,
      ...halves,
    };
    if (overlapMs !== undefined)
      this.#book.endKeys(clientId, before, this.#book.clockFor(clientId).now() + overlapMs);
    this.#book.addKey(clientId, key);
    return { key };
  }

  /** Ends a version now. @returns false when it does not exist */
  end(clientId: string, family: KeyFamily, version: number): boolean {
    const keys = this.of(clientId).filter(
      (key) => key.family === family && key.version === version,
    );
    this.#book.endKeys(clientId, keys, this.#book.clockFor(clientId).now());
    return keys.length > 0;
  }

  #findProblem(
    family: KeyFamily,
    fingerprint: string,
    before: readonly KeyVersion[],
  ): Problem | undefined {
    const known = before.find((key) => key.fingerprint === fingerprint);
    if (known !== undefined)
      return {
        where: 'publicKey',
        message: `is version ${known.version} already`,
        remedy: 'Make a new key; a rotation is for that.',
      };
    return platformProblem(this.#platform(), family, fingerprint);
  }
}

export type KeyHalves = { readonly publicKey: KeyObject; readonly privateKey?: KeyObject };

/**
 * The client's own public key in any form that needs no password, or a pair that is made for it.
 */
export const importOrGenerate = async (
  publicKey: string | undefined,
  algorithm: 'RSA256' | 'ECC224',
  rules: KeyRules = { weakKeys: false },
): Promise<KeyHalves | { readonly problem: Problem }> =>
  publicKey === undefined
    ? makeKeyPair(algorithm === 'RSA256' ? 'RSA' : 'EC', 2048)
    : readPublicKey(publicKey, rules);

const readPublicKey = (
  text: string,
  rules: KeyRules,
): KeyHalves | { readonly problem: Problem } => {
  const read = parseKey(Buffer.from(text));
  if ('message' in read) return { problem: { where: 'publicKey', ...read } };
  const checked = checkKey(read, 'public', rules);
  if ('message' in checked) return { problem: { where: 'publicKey', ...checked } };
  return { publicKey: read.key };
};

/** Why a client's key is of no use with this platform's keys; undefined when it is. */
export const platformProblem = (
  platform: Keyring,
  family: KeyFamily,
  fingerprint: string,
): Problem | undefined => {
  if (platform.versions.some((key) => key.fingerprint === fingerprint))
    return { where: 'publicKey', ...platformKeyComplaint };
  if (platform.find(family)?.privateKey === undefined)
    return {
      where: 'algorithm',
      message: 'the platform has no ECC224 key to answer with',
      remedy: 'Use RSA256, or give the platform one: keys create --platform --type ec.',
    };
  return undefined;
};
