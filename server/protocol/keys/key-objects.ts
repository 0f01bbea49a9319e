import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { type KeyFamily, keyFamily } from '../signatures.ts';
import { decodePem, derChildren, derTags, derValue, type KeyProblem } from './pem.ts';

export interface KeyReading {
  readonly kind: 'public' | 'private';
  readonly form: 'SPKI' | 'PKCS#1' | 'PKCS#8' | 'SEC1';
  readonly key: KeyObject;
}

type KeyForm =
  | 'SPKI'
  | 'PKCS#1'
  | 'PKCS#8'
  | 'SEC1'
  | 'JWK'
  | 'PKCS#12'
  | 'encrypted'
  | 'certificate'
  | 'CSR';

export interface ParsedKey {
  readonly kind: 'public' | 'private';
  readonly form: KeyForm;
  readonly key: KeyObject;
}

/**
 * Reads a key by its content, whatever its label says: PEM, the bare base64 line that SDK users
 * hold (wrapped or not), or DER.
 * @returns undefined when the bytes are no such key.
 */
export const readKey = (bytes: Buffer): KeyReading | undefined => {
  for (const { der } of decodePem(bytes)) {
    const read = readDerKey(der);
    if (read !== undefined) return read;
  }
  return undefined;
};

/**
 * Reads a DER key. Labels lie: PKCS#1 bytes under `PRIVATE KEY` are common, and Node alone refuses
 * them.
 */
export const readDerKey = (bytes: Buffer): KeyReading | undefined => {
  const der = derValue(bytes);
  if (der === undefined) return undefined;
  const structure = detectStructure(der);
  if (structure === undefined) return undefined;
  try {
    return { kind: structure.kind, form: structure.form, key: structure.read(der) };
  } catch {
    return undefined;
  }
};

interface KeyStructure extends Pick<KeyReading, 'kind' | 'form'> {
  readonly read: (der: Buffer) => KeyObject;
}

const structures = {
  spki: {
    kind: 'public',
    form: 'SPKI',
    read: (key) => createPublicKey({ key, format: 'der', type: 'spki' }),
  },
  pkcs8: {
    kind: 'private',
    form: 'PKCS#8',
    read: (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  },
  pkcs1Private: {
    kind: 'private',
    form: 'PKCS#1',
    read: (key) => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
  },
  pkcs1Public: {
    kind: 'public',
    form: 'PKCS#1',
    read: (key) => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  },
  sec1: {
    kind: 'private',
    form: 'SEC1',
    read: (key) => createPrivateKey({ key, format: 'der', type: 'sec1' }),
  },
} as const satisfies Record<string, KeyStructure>;

/**
 * Detects the structure by the first values in the key. Trying Node's types in turn does not work:
 * since Node 22 it reads an EC key of any structure under every type.
 */
const detectStructure = (der: Buffer): KeyStructure | undefined => {
  const [first, second, third] = derChildren(der).map(({ tag }) => tag);
  if (first === derTags.sequence) return second === derTags.bitString ? structures.spki : undefined;
  if (first !== derTags.integer) return undefined;
  if (second === derTags.sequence) return structures.pkcs8;
  if (second === derTags.octetString) return structures.sec1;
  if (second !== derTags.integer) return undefined;
  return third === undefined ? structures.pkcs1Public : structures.pkcs1Private;
};

/**
 * SHA-256 of a public key's SubjectPublicKeyInfo, as `openssl pkey -pubin -outform DER | openssl
 * dgst -sha256` prints it.
 */
export const keyFingerprint = (publicKey: KeyObject): string => {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('hex')}`;
};

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generatePair = promisify(generateKeyPair);

/** Makes an RSA pair of that many bits, or a secp224r1 pair (for which bits say nothing). */
export const makeKeyPair = (family: KeyFamily, bits: number): Promise<KeyPair> =>
  family === 'RSA'
    ? generatePair('rsa', { modulusLength: bits })
    : generatePair('ec', { namedCurve: 'secp224r1' });

/** The bare base64 line that SDKs take: PKCS#8 of a private key, SPKI of a public one. */
export const toBareBase64 = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'der' }).toString('base64');

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
