import type { KeyObject } from 'node:crypto';
import type { KeyFamily } from '../signatures.ts';
import { writeTimestamp } from '../timestamps.ts';

/**
 * When a key version is active: `from` inclusive, `until` exclusive (milliseconds since 1970). An
 * absent end is open.
 */
export interface Validity {
  readonly from?: number;
  readonly until?: number;
}

export type ValidityState = 'not yet active' | 'active' | 'retired';

export const alwaysValid: Validity = {};

export const validityState = (
  { from = -Infinity, until = Infinity }: Validity,
  at: number,
): ValidityState => {
  if (at < from) return 'not yet active';
  return at < until ? 'active' : 'retired';
};

/** Describes the state as part of a sentence: `was retired at 2026-08-01T00:00:00+08:00`. */
export const describeValidity = (validity: Validity, at: number): string => {
  const { from, until } = validity;
  const descriptions: Record<ValidityState, string> = {
    'not yet active': `is not active before ${from === undefined ? '?' : writeTimestamp(from)}`,
    active: until === undefined ? 'is active' : `is active until ${writeTimestamp(until)}`,
    retired: `was retired at ${until === undefined ? '?' : writeTimestamp(until)}`,
  };
  return descriptions[validityState(validity, at)];
};

/**
 * The first moment from `at` on that no validity covers; undefined when every moment is covered.
 */
export const firstUncovered = (validities: readonly Validity[], at: number): number | undefined => {
  const ends = validities
    .filter((validity) => validityState(validity, at) === 'active')
    .map(({ until = Infinity }) => until);
  const end = Math.max(-Infinity, ...ends);
  if (end === Infinity) return undefined;
  return ends.length === 0 ? at : firstUncovered(validities, end);
};

/** One version of a party's key. Versions are counted for RSA and EC apart (register G-22). */
export interface KeyVersion {
  readonly version: number;
  readonly family: KeyFamily;
  readonly publicKey: KeyObject;
  /** Present for the platform's keys, and for clients that `send` and the examples sign as. */
  readonly privateKey?: KeyObject;
  readonly fingerprint: string;
  readonly validity: Validity;
}

/** The keys of the platform or of one client. */
export class Keyring {
  readonly versions: readonly KeyVersion[];

  constructor(versions: readonly KeyVersion[]) {
    this.versions = [...versions].sort((a, b) => a.version - b.version);
  }

  /**
   * The key of that version, or the newest one when none is named (register G-10).
   * With a moment (milliseconds since 1970) only keys that are active then; without, any key.
   */
  find(family: KeyFamily, version?: number, at?: number): KeyVersion | undefined {
    return this.versions.findLast(
      (key) =>
        key.family === family &&
        (version === undefined || key.version === version) &&
        (at === undefined || validityState(key.validity, at) === 'active'),
    );
  }
}

export type ClientId = string;

/** The keyrings: the platform's, and each client's by Client-Id. */
export interface Keyrings {
  readonly platform: Keyring;
  readonly clients: ReadonlyMap<ClientId, Keyring>;
}

/** The same, where a client may have been given platform keys that others do not have. */
export interface ClientKeyrings extends Keyrings {
  /** The platform's keys for this client; those for all others when it has none of its own. */
  readonly platformFor: (clientId: ClientId | undefined) => Keyring;
}
