import type { KeyFamily, SignatureAlgorithm } from '../../protocol/algorithms.ts';
import type { CandidateKey, SignatureCase } from '../diagnosis.ts';
import { type Blame, blame } from '../finding.ts';
import type { SignatureHeaderReading } from './signature-header.ts';

/** A key with what it would say about the mistake if it turned out to have signed. */
export interface RankedKey {
  readonly candidate: CandidateKey;
  readonly blames: readonly Blame[];
}

const familyOf: Readonly<Record<SignatureAlgorithm, KeyFamily>> = { RSA256: 'RSA', ECC224: 'EC' };

/** The keys that should have signed, and of them the one the header names. */
export interface SignerKeys {
  readonly own: readonly CandidateKey[];
  readonly stated: CandidateKey | undefined;
}

export const signerKeys = (
  { keys, signer }: SignatureCase,
  { algorithm, version }: SignatureHeaderReading,
): SignerKeys => {
  const family = algorithm === undefined ? undefined : familyOf[algorithm];
  const own = keys
    .filter((key) => key.owner === signer && (family === undefined || key.family === family))
    .toSorted((a, b) => b.version - a.version);
  return {
    own,
    stated: version === undefined ? own[0] : own.find((key) => key.version === version),
  };
};

/**
 * Every key of one family: the stated one, the signer's others from the newest on, the
 * counterpart's, other clients'.
 */
export const rankKeys = (
  c: SignatureCase,
  header: SignatureHeaderReading,
  family: KeyFamily,
): readonly RankedKey[] => {
  const { stated } = signerKeys(c, header);
  const rank = (key: CandidateKey): number =>
    key === stated ? 0 : key.owner === c.signer ? 1 : key.owner === 'other-client' ? 3 : 2;
  const sameFamily = c.keys.filter((key) => key.family === family);
  return sameFamily
    .toSorted((a, b) => rank(a) - rank(b) || b.version - a.version)
    .map((candidate) => ({ candidate, blames: causesFor(c, header, candidate, stated) }));
};

const causesFor = (
  c: SignatureCase,
  header: SignatureHeaderReading,
  key: CandidateKey,
  stated: CandidateKey | undefined,
): readonly Blame[] => {
  const algorithm = header.algorithm !== undefined && familyOf[header.algorithm] !== key.family;
  const named = algorithm
    ? [blame('KEY_OTHER_ALGORITHM', `the key is for ${key.family === 'RSA' ? 'RSA256' : 'ECC224'}`)]
    : [];
  if (key.owner !== c.signer) return [...named, strangerBlame(c.signer, key)];
  if (algorithm) return named;
  return key === stated ? [] : [versionBlame(header, key, stated)];
};

const strangerBlame = (signer: SignatureCase['signer'], { owner }: CandidateKey): Blame => {
  if (signer === 'platform') return blame('KEY_IS_CLIENT');
  return blame(owner === 'platform' ? 'KEY_IS_PLATFORM' : 'KEY_OTHER_CLIENT');
};

const versionBlame = (
  { version }: SignatureHeaderReading,
  key: CandidateKey,
  stated: CandidateKey | undefined,
): Blame => {
  const said =
    version === undefined
      ? `the header states none, so version ${stated?.version ?? '?'} is meant`
      : `the header says ${Number.isNaN(version) ? 'no whole number' : version}`;
  return blame(
    stated === undefined ? 'KEY_VERSION_UNKNOWN' : 'KEY_OTHER_VERSION',
    `signed with version ${key.version}, ${said}`,
  );
};
