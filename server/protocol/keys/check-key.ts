import { createPublicKey, type KeyObject } from 'node:crypto';
import { type KeyFamily, keyFamily } from '../algorithms.ts';
import type { KeyForm, ParsedKey } from './parse-key.ts';
import type { KeyProblem } from './pem.ts';

export interface KeyRules {
  /** Accept RSA keys shorter than the documented 2048 bits. */
  readonly weakKeys: boolean;
}

/**
 * Finds the key's family, or what keeps it from being a public (or private) key of this protocol.
 */
export const checkKey = (
  { kind, form, key }: ParsedKey,
  wanted: 'public' | 'private' | 'either',
  { weakKeys }: KeyRules,
): { readonly family: KeyFamily } | KeyProblem => {
  if (wanted === 'public' && kind === 'private')
    return {
      message: 'holds a private key where a public one belongs',
      remedy:
        'Keep the private key to yourself; register its public half: ' +
        `${publicHalf[form] ?? publicHalf['PKCS#8']}.`,
    };
  if (wanted === 'private' && kind === 'public')
    return {
      message: 'holds a public key where a private one belongs',
      remedy: 'Give the private key, or name the file .public.pem if the public one is meant.',
    };
  const family = keyFamily(key);
  if (family === undefined)
    return {
      message:
        `is a key of type ${key.asymmetricKeyType ?? '?'} ` +
        `(${key.asymmetricKeyDetails?.namedCurve ?? 'no curve'})`,
      remedy: 'Use RSA of 2048 bits or more for RSA256, or the curve secp224r1 for ECC224.',
    };
  return (family === 'RSA' ? rsaProblem(key, weakKeys) : undefined) ?? { family };
};

/** How the holder of a private key in that form gets its public half. */
const publicHalf: Partial<Record<KeyForm, string>> = {
  'PKCS#8': 'openssl pkey -in private.pem -pubout',
  JWK: 'the same JWK without d, p, q, dp, dq and qi',
  'PKCS#12': 'openssl pkcs12 -in FILE -nocerts -nodes | openssl pkey -pubout',
};

const minBits = 2048;
/** OpenSSL verifies with no larger modulus, and no exponent beyond 64 bits with a large one. */
const maxBits = 16_384;
const maxExponent = 2n ** 64n;

const smallPrimes = [
  3n,
  5n,
  7n,
  11n,
  13n,
  17n,
  19n,
  23n,
  29n,
  31n,
  37n,
  41n,
  43n,
  47n,
  53n,
  59n,
  61n,
  67n,
  71n,
  73n,
  79n,
  83n,
  89n,
  97n,
];
const smallPrimeProduct = smallPrimes.reduce((product, prime) => product * prime, 1n);

/**
 * What makes an RSA key useless or breakable, or undefined. @param weakKeys accept a modulus that
 * is too short
 */
export const rsaProblem = (key: KeyObject, weakKeys: boolean): KeyProblem | undefined => {
  const { modulusLength: bits = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (bits < minBits && !weakKeys)
    return {
      message: `is an RSA key of ${bits} bits; the documents ask for 2048`,
      remedy: `${makeOne}; or set lenient: [weakKeys].`,
    };
  if (bits > maxBits)
    return {
      message: `is an RSA key of ${bits} bits; at most ${maxBits} are supported`,
      remedy: `${makeOne}.`,
    };
  if (publicExponent < 3n || publicExponent % 2n === 0n || publicExponent > maxExponent)
    return {
      message: `has the RSA exponent ${publicExponent}, with which nothing is signed`,
      remedy: `${makeOne}.`,
    };
  if (hasSmallFactor(readModulus(key)))
    return {
      message: 'has an RSA modulus with a small factor: it is damaged, or anyone can break it',
      remedy: `${makeOne}.`,
    };
  return undefined;
};

const makeOne =
  'Make one: keys create, or openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048';

const readModulus = (key: KeyObject): bigint => {
  const { n = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({
    format: 'jwk',
  });
  return BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`);
};

const hasSmallFactor = (modulus: bigint): boolean => {
  const rest = modulus % smallPrimeProduct;
  return modulus % 2n === 0n || smallPrimes.some((prime) => rest % prime === 0n);
};
