import type { Problem } from '../problems/problem.ts';
import { type KeyFamily, keyFamily } from '../protocol/algorithms.ts';
import type { KeyRules } from '../protocol/keys/check-key.ts';
import { keyFingerprint } from '../protocol/keys/key-objects.ts';
import { always, type Keyring, type KeyVersion } from '../protocol/keys/keyring.ts';

import type { ClientRegistry } from './client-book.ts';
import { importOrGenerate, platformProblem } from './given-key.ts';

export interface NewKey {
  /** The client's own public key; a pair is made when absent. */
  readonly publicKey?: string;
  readonly algorithm?: 'RSA256' | 'ECC224';
  /** How long the versions before it still serve; absent: as long as they would have. */
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
    const problem = this.#problemOf(family, fingerprint, before);
    if (problem !== undefined) return { problem };
    const key: KeyVersion = {
      version: Math.max(0, ...before.map(({ version }) => version)) + 1,
      family,
      fingerprint,
      validity: always,
      ...halves,
    };
    if (overlapMs !== undefined)
      this.#book.endKeys(clientId, before, this.#book.clockFor(clientId).now() + overlapMs);
    this.#book.addKey(clientId, key);
    return { key };
  }

  /** Ends a version now. @returns false when there is none. */
  end(clientId: string, family: KeyFamily, version: number): boolean {
    const keys = this.of(clientId).filter(
      (key) => key.family === family && key.version === version,
    );
    this.#book.endKeys(clientId, keys, this.#book.clockFor(clientId).now());
    return keys.length > 0;
  }

  #problemOf(
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
