import type { KeyObject } from 'node:crypto';
import type { Ecc224Reading, KeyFamily } from '../protocol/algorithms.ts';
import type { Finding, Note } from './finding.ts';

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
  /** The opened body of a sealed message: tells whether the plain text was signed. */
  readonly plainBody?: Buffer;
  /**
   * A plain body that came with an Encrypt header, encrypted with its key: tells whether the
   * ciphertext was signed and not sent.
   */
  readonly sealedBody?: Buffer;
  readonly keys: readonly CandidateKey[];
  /** How the receiver is set to read ECC224. */
  readonly ecc224: Ecc224Reading;
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
  readonly cause?: Finding;
  readonly alsoCause?: Finding;
  readonly notes: readonly Note[];
  /** What is proved, in sentences. */
  readonly certain: readonly string[];
  /** What should have been signed; absent for a sealing. */
  readonly expected?: { readonly content: Buffer; readonly digestHex: string };
  readonly signed?: SignedReading;
  readonly spent: { readonly hypotheses: number; readonly ms: number };
  /** Whether the search ended because there was nothing left to try, or with a result. */
  readonly exhausted: boolean;
}

/** What was found out about the content that was really signed. */
export interface SignedReading {
  readonly hash?: string;
  readonly digestHex?: string;
  /** The variant that matched. */
  readonly content?: Buffer;
}
