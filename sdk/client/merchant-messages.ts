import type { KeyObject } from 'node:crypto';
import type {
  Ecc224Variant,
  KeyFamily,
  SignatureAlgorithm,
} from '../../server/protocol/algorithms.ts';
import type { SealingScheme } from '../../server/protocol/sealing.ts';

/** A key version, with its private key on the merchant's side. */
export interface HeldKey {
  readonly version: number;
  readonly publicKey: KeyObject;
  readonly privateKey?: KeyObject;
}

/** Finds the keys of one owner, e.g. in a key store of yours. */
export interface KeyProvider {
  /**
   * @param family `RSA` for RSA256 and encryption, `EC` for ECC224
   * @param version exactly this version; the newest when absent
   * @param at the key must be valid then, milliseconds since 1970; any when absent
   */
  find(family: KeyFamily, version?: number, at?: number): HeldKey | undefined;
}

/** A merchant: its Client-Id, its keys, and the platform's. */
export interface MerchantIdentity {
  readonly clientId: string;
  /** The merchant's private keys. */
  readonly keyring: KeyProvider;
  /** The platform's public keys. */
  readonly platform: KeyProvider;
}

/** How a request is signed and sent, and its response read. */
export interface CallOptions {
  readonly algorithm?: SignatureAlgorithm;
  /** Encrypt the body; the response is encrypted then too. */
  readonly seal?: boolean;
  readonly ecc224?: Ecc224Variant;
  readonly scheme?: SealingScheme;
  /** Milliseconds since 1970; now when absent. */
  readonly time?: number;
  /** Limit for the whole response, milliseconds; none when absent. */
  readonly timeoutMs?: number;
  /** Limit for the response body, bytes; none when absent. */
  readonly maxResponseBytes?: number;
  readonly signal?: AbortSignal;
}

/** A request as it is sent. */
export interface SignedRequest {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A response, with its signature checked. */
export interface MerchantResponse {
  readonly httpStatus: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received. */
  readonly body: Buffer;
  /** The body's JSON, decrypted; undefined when it cannot be read. */
  readonly json: unknown;
  /** `unsigned`: neither Signature nor Response-Time; `bad`: anything else that does not verify. */
  readonly signature: 'verified' | 'unsigned' | 'bad';
  /** Why it does not verify, or why it cannot be read. */
  readonly distrust?: string;
}
