import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyFamily } from '../../../protocol/algorithms.ts';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const makers: Readonly<Record<KeyFamily, () => KeyPair>> = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EC: () => generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
};

const made = new Map<KeyFamily, KeyPair>();

/** A pair that belongs to nobody; made when it is first needed, the same one from then on. */
export const unrelatedKeyPair = (family: KeyFamily): KeyPair => {
  const pair = made.get(family) ?? makers[family]();
  made.set(family, pair);
  return pair;
};
