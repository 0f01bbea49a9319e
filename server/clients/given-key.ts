import type { KeyObject } from 'node:crypto';
import { makeKeyPair } from '../keyring/make-key.ts';
import { recogniseKey } from '../keyring/recognise-key.ts';
import type { Problem } from '../problems/problem.ts';
import { keyFamily } from '../protocol/algorithms.ts';

export type Halves = { readonly publicKey: KeyObject; readonly privateKey?: KeyObject };

/** The client's own public key in any form that needs no password, or a pair that is made for it. */
export const givenOrMade = async (
  publicKey: string | undefined,
  algorithm: 'RSA256' | 'ECC224',
): Promise<Halves | { readonly problem: Problem }> =>
  publicKey === undefined ? makeKeyPair(algorithm === 'RSA256' ? 'RSA' : 'EC', 2048) : readPublicKey(publicKey);

const readPublicKey = (text: string): Halves | { readonly problem: Problem } => {
  const read = recogniseKey(Buffer.from(text));
  if ('message' in read) return { problem: { where: 'publicKey', ...read } };
  if (keyFamily(read.key) === undefined)
    return {
      problem: {
        where: 'publicKey',
        message: 'is neither an RSA key nor one on the curve secp224r1',
        remedy: 'Give an RSA key of 2048 bits or more, or a secp224r1 key.',
      },
    };
  if (read.kind === 'private')
    return { problem: { where: 'publicKey', message: 'is a private key', remedy: 'Keep that to yourself and give its public half.' } };
  return { publicKey: read.key };
};
