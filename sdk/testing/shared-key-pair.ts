import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** PEM: PKCS#8 and SPKI. */
export interface KeyPairText {
  readonly privateKey: string;
  readonly publicKey: string;
}

export type Algorithm = 'RSA256' | 'ECC224';

const sharedPair = new Map<Algorithm, Promise<KeyPairText>>();

/**
 * A pair that every client made from this process shares: making an RSA pair takes longer than most
 * tests. Clients are told apart by their Client-Id, which is signed.
 */
export const sharedKeyPair = (algorithm: Algorithm): Promise<KeyPairText> => {
  const known = sharedPair.get(algorithm) ?? makePair(algorithm);
  sharedPair.set(algorithm, known);
  return known;
};

const generate = promisify(generateKeyPair);

const makePair = async (algorithm: Algorithm): Promise<KeyPairText> => {
  const { privateKey, publicKey } =
    algorithm === 'RSA256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'secp224r1' });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
