import type { KeyObject } from 'node:crypto';
import { makeKeyPair } from '../keyring/make-key.ts';
import type { Problem } from '../problems/problem.ts';
import { keyFamily } from '../protocol/algorithms.ts';
import { readKey } from '../protocol/key-reading.ts';

export type Halves = { readonly publicKey: KeyObject; readonly privateKey?: KeyObject };

/** The client's own public key (PEM, bare base64), or a pair that is made for it. */
export const givenOrMade = async (
  publicKey: string | undefined,
  algorithm: 'RSA256' | 'ECC224',
): Promise<Halves | { readonly problem: Problem }> =>
  publicKey === undefined ? makeKeyPair(algorithm === 'RSA256' ? 'RSA' : 'EC', 2048) : readPublicKey(publicKey);

const readPublicKey = (text: string): Halves | { readonly problem: Problem } => {
  const read = readKey(Buffer.from(text));
  if (read === undefined || keyFamily(read.key) === undefined)
    return {
      problem: { where: 'publicKey', message: 'is no RSA or secp224r1 key that can be read', remedy: 'Give PEM or the bare base64 line.' },
    };
  if (read.kind === 'private')
    return { problem: { where: 'publicKey', message: 'is a private key', remedy: 'Keep that to yourself and give its public half.' } };
  return { publicKey: read.key };
};
