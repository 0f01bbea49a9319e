import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyFamily } from '../algorithms.ts';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** Makes an RSA pair of that many bits, or a secp224r1 pair (for which bits say nothing). */
export const makeKeyPair = (family: KeyFamily, bits: number): Promise<KeyPair> =>
  family === 'RSA'
    ? generate('rsa', { modulusLength: bits })
    : generate('ec', { namedCurve: 'secp224r1' });
