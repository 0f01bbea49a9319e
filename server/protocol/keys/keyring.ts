import type { KeyObject } from 'node:crypto';
import type { KeyFamily } from '../algorithms.ts';
import { lifeState, type Validity } from './validity.ts';

/** One version of a party's key. Versions are counted for RSA and EC apart (register G-22). */
export interface KeyVersion {
  readonly version: number;
  readonly family: KeyFamily;
  readonly publicKey: KeyObject;
  /** The platform's own keys have it, and those of clients that `send` and the examples sign as. */
  readonly privateKey?: KeyObject;
  readonly fingerprint: string;
  readonly life: Validity;
}

/** A party's keys. */
export class Keyring {
  readonly versions: readonly KeyVersion[];

  constructor(versions: readonly KeyVersion[]) {
    this.versions = [...versions].sort((a, b) => a.version - b.version);
  }

  /**
   * The key of that version, or the newest one when none is named (register G-10).
   * With a moment (milliseconds since 1970) only keys that are active then; without, whatever their
   * life.
   */
  find(family: KeyFamily, version?: number, at?: number): KeyVersion | undefined {
    return this.versions.findLast(
      (key) =>
        key.family === family &&
        (version === undefined || key.version === version) &&
        (at === undefined || lifeState(key.life, at) === 'active'),
    );
  }
}

export type ClientId = string;

/** Everyone who has keys: the platform, and each client by its Client-Id. */
export interface Keyrings {
  readonly platform: Keyring;
  readonly clients: ReadonlyMap<ClientId, Keyring>;
}
