import type { KeyObject } from 'node:crypto';
import { omitUndefined } from '../problems/plain-object.ts';
import type { Keyrings } from '../protocol/keys/keyring.ts';
import type { SealingScheme } from '../protocol/sealing.ts';
import type { Ecc224Variant, KeyFamily } from '../protocol/signatures.ts';
import {
  type Mistake,
  mistakeFamilies,
  type Note,
  type NoteId,
  type Suspicion,
  toMistake,
  toNote,
} from './catalogue/mistakes.ts';

/** A public key that may have made the signature. */
export interface CandidateKey {
  readonly owner: 'client' | 'platform' | 'other-client';
  readonly version: number;
  readonly key: KeyObject;
  readonly family: KeyFamily;
  readonly fingerprint: string;
}

/** A message whose signature is to be explained. */
export interface SignatureCase {
  /** Who should have signed: the client a request, the platform a response or a notification. */
  readonly signer: 'client' | 'platform';
  /** Path and query as on the request line; for a response, those of its request. */
  readonly target: string;
  /**
   * Hosts that the signer may have put in front of the path: the Host header first, then other
   * names of this server.
   */
  readonly hosts?: readonly string[];
  readonly method: string;
  readonly clientId: string;
  /** Value of Request-Time or Response-Time as sent. */
  readonly time: string;
  readonly signatureHeader: string;
  readonly body: Buffer;
  /** The plain body of a sealed message: shows whether the plain text was signed. */
  readonly plainBody?: Buffer;
  /**
   * A plain body that came with an Encrypt header, encrypted with its key: shows whether the
   * ciphertext was signed but not sent.
   */
  readonly sealedBody?: Buffer;
  readonly keys: readonly CandidateKey[];
  /** How the receiver is set to read ECC224. */
  readonly ecc224: Ecc224Variant;
}

/** How much a diagnosis may cost. Any bound that stops the search shows as `exhausted: false`. */
export interface DoctorLimits {
  /** Above it the body is not parsed or rewritten; only cheap variants are tried. */
  readonly maxBodyBytes: number;
  /** Contents to hash, for RSA. */
  readonly maxHypotheses: number;
  /**
   * Verifications, for ECC224: no digest can be read there, so every content costs one per key and
   * hash.
   */
  readonly maxVerifications: number;
  readonly maxMs: number;
}

/**
 * In a running simulator, when a reader waits for the result or the process is idle; also enough
 * for a doctor that the engine has not compiled yet.
 */
export const thoroughLimits: DoctorLimits = {
  maxBodyBytes: 256 * 1024,
  maxHypotheses: 50_000,
  maxVerifications: 500,
  maxMs: 400,
};

/** What bounds a diagnosis: its limits, and milliseconds on a steady clock. */
export interface SearchBounds {
  readonly limits: DoctorLimits;
  readonly now: () => number;
}

export const defaultLimits: DoctorLimits = {
  maxBodyBytes: 256 * 1024,
  maxHypotheses: 20_000,
  maxVerifications: 160,
  maxMs: 250,
};

export interface Diagnosis {
  readonly subject: 'signature' | 'sealing';
  /** `unexplained`: the message is not right, but no cause is proved. */
  readonly verdict: 'valid' | 'mistake' | 'unexplained';
  readonly cause?: Mistake;
  readonly alsoCause?: Mistake;
  readonly notes: readonly Note[];
  /** What is proved, in sentences. */
  readonly evidence: readonly string[];
  /** What should have been signed; absent for a sealing. */
  readonly expected?: { readonly content: Buffer; readonly digestHex: string };
  readonly signed?: SignedReading;
  readonly spent: { readonly hypotheses: number; readonly ms: number };
  /** Whether the search ended because there was nothing left to try, or with a result. */
  readonly exhausted: boolean;
}

/** What the signature reveals about the content that was signed. */
export interface SignedReading {
  readonly hash?: string;
  readonly digestHex?: string;
  /** The variant that matched. */
  readonly content?: Buffer;
}

/** A private key that may unwrap the symmetric key. It never appears in a diagnosis. */
export interface UnwrappingKey {
  /**
   * `receiver`: the party whose key it should be wrapped for. `other`: a party whose key the sender
   * may have used by mistake, such as its own.
   */
  readonly owner: 'receiver' | 'other';
  readonly version: number;
  readonly key: KeyObject;
}

/** A sealed message that could not be opened. */
export interface SealingCase {
  /** As sent. */
  readonly headerName: string;
  readonly header: string;
  /** The bytes on the wire. */
  readonly body: Buffer;
  readonly keys: readonly UnwrappingKey[];
  /** The receiver's encryption setting. */
  readonly scheme: SealingScheme;
}

/** What the doctor needs of a keyring. */
export interface KeySource {
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
  keyring: KeySource | undefined,
  owner: CandidateKey['owner'],
): CandidateKey[] =>
  (keyring?.versions ?? []).map(({ version, family, publicKey, fingerprint }) => ({
    owner,
    version,
    family,
    key: publicKey,
    fingerprint,
  }));

const maxOtherClients = 50;

/**
 * The keys that may have signed a request: the client's own, the platform's, and those of a bounded
 * number of other clients.
 */
export const collectCandidateKeys = (
  { platform, clients }: Keyrings,
  clientId: string,
): CandidateKey[] => [
  ...candidateKeys(clients.get(clientId), 'client'),
  ...candidateKeys(platform, 'platform'),
  ...[...clients]
    .filter(([id]) => id !== clientId)
    .slice(0, maxOtherClients)
    .flatMap(([, keyring]) => candidateKeys(keyring, 'other-client')),
];

/** The private RSA keys of a keyring, as keys that may unwrap. */
export const unwrappingKeys = (
  keyring: KeySource | undefined,
  owner: UnwrappingKey['owner'],
): UnwrappingKey[] =>
  (keyring?.versions ?? []).flatMap(({ family, version, privateKey }) =>
    family === 'RSA' && privateKey !== undefined ? [{ owner, version, key: privateKey }] : [],
  );

/** What one analysis of the message has proved. */
export interface Conclusion {
  readonly suspicions: readonly Suspicion[];
  readonly notes?: readonly NoteId[];
  readonly evidence: readonly string[];
  readonly signed?: Diagnosis['signed'];
  readonly exhausted: boolean;
  /** The message does not verify although nothing is proved against it. */
  readonly unexplained?: true;
}

type DiagnosisFrame = Pick<Diagnosis, 'subject' | 'spent'> & Partial<Pick<Diagnosis, 'expected'>>;

/**
 * The more fundamental mistake is the cause, the next one is also a cause, and any others are
 * listed with the evidence.
 */
export const conclude = (
  { suspicions, notes = [], evidence, signed, exhausted, unexplained }: Conclusion,
  frame: DiagnosisFrame,
): Diagnosis => {
  const [cause, alsoCause, ...others] = rankMistakes(suspicions);
  const otherwise = unexplained === true ? 'unexplained' : 'valid';
  const verdict: Diagnosis['verdict'] = cause === undefined ? otherwise : 'mistake';
  return omitUndefined({
    ...frame,
    verdict,
    cause,
    alsoCause,
    notes: [...new Set(notes)].map(toNote),
    evidence: [...evidence, ...others.map(({ sentence }) => `Besides: ${sentence}`)],
    signed,
    exhausted,
  });
};

/** By family; within a family the order in which they were found. One of each id. */
const rankMistakes = (suspicions: readonly Suspicion[]): readonly Mistake[] => {
  const once = suspicions.filter(
    ({ mistake }, index) => suspicions.findIndex((other) => other.mistake === mistake) === index,
  );
  return once
    .map(toMistake)
    .toSorted((a, b) => mistakeFamilies.indexOf(a.family) - mistakeFamilies.indexOf(b.family));
};
