import { clipText } from '../../problems/display-text.ts';
import { meantKey, readHeaderPairs, withCommas, wrongSeparator } from '../../protocol/headers.ts';
import {
  type KeyFamily,
  readAlgorithm,
  type SignatureAlgorithm,
} from '../../protocol/signatures.ts';
import { type NoteId, type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { CandidateKey, SignatureCase } from '../diagnosis.ts';

/** The Signature header, taken as it comes. */
export interface SignatureHeaderReading {
  /** Undefined: a name that does not exist here. */
  readonly algorithm: SignatureAlgorithm | undefined;
  /** Undefined: none was stated, the newest is meant. NaN: stated, but no whole number. */
  readonly version: number | undefined;
  readonly value: string | undefined;
  readonly notes: readonly NoteId[];
  /** What is wrong with the list itself; the fields above are what it means all the same. */
  readonly suspicions: readonly Suspicion[];
}

/** The header as the gateway reads it and, where its list is malformed, as it was meant. */
export interface SignatureHeaderReadings {
  readonly asRead: SignatureHeaderReading;
  readonly asMeant: SignatureHeaderReading | undefined;
}

export const readSignatureHeader = (header: string): SignatureHeaderReadings => {
  const separator = wrongSeparator(header);
  const { pairs, faults } = readHeaderPairs(header);
  const asRead = readPairs(header, pairs, faults, []);
  if (separator !== undefined) {
    const list = readHeaderPairs(withCommas(header));
    return {
      asRead,
      asMeant: readPairs(header, list.pairs, [], [suspect('HEADER_SEPARATORS', separator)]),
    };
  }
  const misspelt = [...pairs.keys()].flatMap((key) => {
    const meant = meantKey(key, 'Signature');
    return meant === undefined || pairs.has(meant) ? [] : [[key, meant] as const];
  });
  if (misspelt.length === 0) return { asRead, asMeant: undefined };
  const detail = misspelt
    .map(([key, meant]) => `"${clipText(key, 40)}" instead of "${meant}"`)
    .join(', ');
  const corrected = new Map([
    ...pairs,
    ...misspelt.map(([key, meant]) => [meant, pairs.get(key) ?? ''] as const),
  ]);
  return {
    asRead,
    asMeant: readPairs(header, corrected, faults, [suspect('HEADER_KEY_MISSPELT', detail)]),
  };
};

const readPairs = (
  header: string,
  pairs: ReadonlyMap<string, string>,
  faults: readonly string[],
  suspicions: readonly Suspicion[],
): SignatureHeaderReading => {
  const name = pairs.get('algorithm');
  const version = pairs.get('keyVersion') ?? '';
  const value = pairs.get('signature') ?? '';
  const algorithm = readAlgorithm(name);
  return {
    algorithm,
    version: readStatedVersion(version),
    value: value === '' ? undefined : value,
    suspicions,
    notes: [
      ...noteIf('NOTE_HEADER_LIST', faults.length > 0),
      ...noteIf('NOTE_BLANK_AFTER_COMMA', /,\s/.test(header)),
      ...noteIf(
        'NOTE_ALGORITHM_CASE',
        algorithm !== undefined && name !== undefined && name !== '' && name !== algorithm,
      ),
      ...noteIf('NOTE_KEY_VERSION_ABSENT', version === ''),
      ...noteIf('NOTE_KEY_VERSION_ZERO', /^0{1,9}$/.test(version)),
      ...noteIf('NOTE_LOWER_CASE_ESCAPES', /%(?:[0-9A-F][a-f]|[a-f][0-9A-Fa-f])/.test(value)),
    ],
  };
};

/** 0 means the newest, as no version does (register G-10). */
const readStatedVersion = (text: string): number | undefined => {
  if (text === '') return undefined;
  const version = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return version === 0 ? undefined : version;
};

const noteIf = (id: NoteId, applies: boolean): readonly NoteId[] => (applies ? [id] : []);

/** A key with what it would say about the mistake if it turned out to have signed. */
export interface RankedKey {
  readonly candidate: CandidateKey;
  readonly suspicions: readonly Suspicion[];
}

const keyFamilies: Readonly<Record<SignatureAlgorithm, KeyFamily>> = {
  RSA256: 'RSA',
  ECC224: 'EC',
};

/** The keys that should have signed, and of them the one the header names. */
export interface SignerKeys {
  readonly own: readonly CandidateKey[];
  readonly stated: CandidateKey | undefined;
}

export const signerKeys = (
  { keys, signer }: SignatureCase,
  { algorithm, version }: SignatureHeaderReading,
): SignerKeys => {
  const family = algorithm === undefined ? undefined : keyFamilies[algorithm];
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
    .map((candidate) => ({ candidate, suspicions: suspicionsAbout(c, header, candidate, stated) }));
};

const suspicionsAbout = (
  c: SignatureCase,
  header: SignatureHeaderReading,
  key: CandidateKey,
  stated: CandidateKey | undefined,
): readonly Suspicion[] => {
  const algorithm = header.algorithm !== undefined && keyFamilies[header.algorithm] !== key.family;
  const named = algorithm
    ? [
        suspect(
          'KEY_OTHER_ALGORITHM',
          `the key is for ${key.family === 'RSA' ? 'RSA256' : 'ECC224'}`,
        ),
      ]
    : [];
  if (key.owner !== c.signer) return [...named, ownerSuspicion(c.signer, key)];
  if (algorithm) return named;
  return key === stated ? [] : [versionSuspicion(header, key, stated)];
};

const ownerSuspicion = (signer: SignatureCase['signer'], { owner }: CandidateKey): Suspicion => {
  if (signer === 'platform') return suspect('KEY_IS_CLIENT');
  return suspect(owner === 'platform' ? 'KEY_IS_PLATFORM' : 'KEY_OTHER_CLIENT');
};

const versionSuspicion = (
  { version }: SignatureHeaderReading,
  key: CandidateKey,
  stated: CandidateKey | undefined,
): Suspicion => {
  const said =
    version === undefined
      ? `the header states none, so version ${stated?.version ?? '?'} is meant`
      : `the header says ${Number.isNaN(version) ? 'no whole number' : version}`;
  return suspect(
    stated === undefined ? 'KEY_VERSION_UNKNOWN' : 'KEY_OTHER_VERSION',
    `signed with version ${key.version}, ${said}`,
  );
};
