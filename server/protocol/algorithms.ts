import { constants, type KeyObject, type SignKeyObjectInput } from 'node:crypto';

/** The two signature algorithms the documents name. */
export const signatureAlgorithms = ['RSA256', 'ECC224'] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** How ECC224 is read: no public source specifies hash or form (register G-12). */
export type Ecc224Variant = 'sha256' | 'sha224' | 'p1363';

export interface AlgorithmParams {
  readonly hash: 'sha256' | 'sha224';
  /** Whether the same bytes and key always give the same signature. */
  readonly isDeterministic: boolean;
  /** The keys it takes, as `keyFamily` distinguishes them. */
  readonly family: KeyFamily;
  /** Node's options for sign and verify. */
  readonly options: (key: KeyObject) => SignKeyObjectInput;
}

export type KeyFamily = 'RSA' | 'EC';

const withPkcs1 = (key: KeyObject): SignKeyObjectInput => ({
  key,
  padding: constants.RSA_PKCS1_PADDING,
});
const withDer = (key: KeyObject): SignKeyObjectInput => ({ key, dsaEncoding: 'der' });
const withP1363 = (key: KeyObject): SignKeyObjectInput => ({ key, dsaEncoding: 'ieee-p1363' });

const paramsByVariant = {
  RSA256: { hash: 'sha256', isDeterministic: true, family: 'RSA', options: withPkcs1 },
  'ECC224/sha256': { hash: 'sha256', isDeterministic: false, family: 'EC', options: withDer },
  'ECC224/sha224': { hash: 'sha224', isDeterministic: false, family: 'EC', options: withDer },
  'ECC224/p1363': { hash: 'sha256', isDeterministic: false, family: 'EC', options: withP1363 },
} as const satisfies Record<string, AlgorithmParams>;

export const algorithmParamsFor = (
  algorithm: SignatureAlgorithm,
  ecc224: Ecc224Variant,
): AlgorithmParams =>
  algorithm === 'RSA256' ? paramsByVariant.RSA256 : paramsByVariant[`ECC224/${ecc224}`];

/**
 * Reads the `algorithm` value of a Signature header; letter case is free, a missing value means
 * RSA256 (register G-10).
 */
export const readAlgorithm = (value: string | undefined): SignatureAlgorithm | undefined => {
  const name = value === undefined || value === '' ? 'RSA256' : value.toUpperCase();
  return name === 'RSA256' || name === 'ECC224' ? name : undefined;
};

/** @returns the family, or undefined for a kind of key this protocol has no use for. */
export const keyFamily = (key: KeyObject): KeyFamily | undefined => {
  if (key.asymmetricKeyType === 'rsa') return 'RSA';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'secp224r1')
    return 'EC';
  return undefined;
};
