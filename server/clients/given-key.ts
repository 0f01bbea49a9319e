import type { KeyObject } from 'node:crypto';
import type { Problem } from '../problems/problem.ts';
import type { KeyFamily } from '../protocol/algorithms.ts';
import { checkKey, type KeyRules } from '../protocol/keys/check-key.ts';
import { makeKeyPair } from '../protocol/keys/key-objects.ts';
import type { Keyring } from '../protocol/keys/keyring.ts';
import { parseKey } from '../protocol/keys/parse-key.ts';
import { platformKeyComplaint } from './key-folder/read-key-folder.ts';

export type KeyHalves = { readonly publicKey: KeyObject; readonly privateKey?: KeyObject };

/**
 * The client's own public key in any form that needs no password, or a pair that is made for it.
 */
export const importOrGenerate = async (
  publicKey: string | undefined,
  algorithm: 'RSA256' | 'ECC224',
  rules: KeyRules = { weakKeys: false },
): Promise<KeyHalves | { readonly problem: Problem }> =>
  publicKey === undefined
    ? makeKeyPair(algorithm === 'RSA256' ? 'RSA' : 'EC', 2048)
    : readPublicKey(publicKey, rules);

const readPublicKey = (
  text: string,
  rules: KeyRules,
): KeyHalves | { readonly problem: Problem } => {
  const read = parseKey(Buffer.from(text));
  if ('message' in read) return { problem: { where: 'publicKey', ...read } };
  const checked = checkKey(read, 'public', rules);
  if ('message' in checked) return { problem: { where: 'publicKey', ...checked } };
  return { publicKey: read.key };
};

/** Why a client's key is of no use with this platform's keys; undefined when it is. */
export const platformProblem = (
  platform: Keyring,
  family: KeyFamily,
  fingerprint: string,
): Problem | undefined => {
  if (platform.versions.some((key) => key.fingerprint === fingerprint))
    return { where: 'publicKey', ...platformKeyComplaint };
  if (platform.find(family)?.privateKey === undefined)
    return {
      where: 'algorithm',
      message: 'the platform has no ECC224 key to answer with',
      remedy: 'Use RSA256, or give the platform one: keys create --platform --type ec.',
    };
  return undefined;
};
