import type { KeyObject } from 'node:crypto';
import type {
  Ecc224Variant,
  KeyFamily,
  SignatureAlgorithm,
} from '../../server/protocol/algorithms.ts';
import type { SealingScheme } from '../../server/protocol/sealing.ts';

export interface HeldKey {
  readonly version: number;
  readonly publicKey: KeyObject;
  readonly privateKey?: KeyObject;
}

/**
 * Whatever can find a party's key: the newest of a family when no version is named, and no other
 * one when a version is.
 */
export interface KeyProvider {
  find(family: KeyFamily, version?: number, at?: number): HeldKey | undefined;
}

export interface MerchantIdentity {
  readonly clientId: string;
  /** The merchant's own keys, with their private halves. */
  readonly keyring: KeyProvider;
  /** The platform's public keys. */
  readonly platform: KeyProvider;
}

export interface CallOptions {
  readonly algorithm?: SignatureAlgorithm;
  /** Encrypt the body; the answer then comes encrypted too. */
  readonly seal?: boolean;
  readonly ecc224?: Ecc224Variant;
  readonly scheme?: SealingScheme;
  /** Milliseconds since 1970; now when absent. */
  readonly time?: number;
  /** How long to wait for the whole answer, milliseconds; for ever when absent. */
  readonly timeoutMs?: number;
  /** The longest answer that is read; any when absent. */
  readonly maxAnswerBytes?: number;
  readonly signal?: AbortSignal;
}

/** A request as it goes over the wire. */
export interface SignedRequest {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface MerchantAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received. */
  readonly body: Buffer;
  /** The answer's JSON, opened if it was sealed; undefined when it cannot be read. */
  readonly json: unknown;
  /** `unsigned`: neither Signature nor Response-Time; `bad`: anything else that does not verify. */
  readonly signature: 'verified' | 'unsigned' | 'bad';
  /** Why it does not verify, or why it cannot be read. */
  readonly distrust?: string;
}
