import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyFamily } from '../algorithms.ts';
import { decodePem, derChildren, derTags, derValue } from './pem.ts';

export interface KeyReading {
  readonly kind: 'public' | 'private';
  readonly form: 'SPKI' | 'PKCS#1' | 'PKCS#8' | 'SEC1';
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
