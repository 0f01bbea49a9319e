import type { KeyObject } from 'node:crypto';
import type { KeyFamily } from '../protocol/algorithms.ts';
import type { CandidateKey } from './diagnosis.ts';
import type { UnwrappingKey } from './sealing/sealing-case.ts';

/** What the doctor needs of a keyring. */
export interface HeldKeys {
  readonly versions: readonly {
    readonly version: number;
    readonly family: KeyFamily;
    readonly publicKey: KeyObject;
    readonly privateKey?: KeyObject;
    readonly fingerprint: string;
  }[];
}

/** All keys of a keyring, as keys that may have signed. */
export const candidateKeys = (
  keyring: HeldKeys | undefined,
  owner: CandidateKey['owner'],
): CandidateKey[] =>
  (keyring?.versions ?? []).map(({ version, family, publicKey, fingerprint }) => ({
    owner,
    version,
    family,
    key: publicKey,
    fingerprint,
  }));

/** The private RSA keys of a keyring, as keys that may unwrap. */
export const unwrappingKeys = (
  keyring: HeldKeys | undefined,
  owner: UnwrappingKey['owner'],
): UnwrappingKey[] =>
  (keyring?.versions ?? []).flatMap(({ family, version, privateKey }) =>
    family === 'RSA' && privateKey !== undefined ? [{ owner, version, key: privateKey }] : [],
  );
