import { type KeyObject, sign, verify } from 'node:crypto';
import type { AlgorithmRecipe, SignatureAlgorithm } from './algorithms.ts';
import { encodeHeaderBytes } from './encodings.ts';
import { writeHeaderPairs } from './header-pairs.ts';

/** @returns the signature's bytes. Throws when the key does not suit the recipe. */
export const signContent = (content: Buffer, key: KeyObject, recipe: AlgorithmRecipe): Buffer =>
  sign(recipe.hash, content, recipe.options(key));

/** @returns whether the signature is good; never throws, whatever the bytes. */
export const verifyContent = (
  content: Buffer,
  signature: Buffer,
  key: KeyObject,
  recipe: AlgorithmRecipe,
): boolean => {
  try {
    return verify(recipe.hash, content, recipe.options(key), signature);
  } catch {
    return false;
  }
};

/** The Signature header in the order and encoding that every official SDK reads (register G-06). */
export const writeSignatureHeader = (
  algorithm: SignatureAlgorithm,
  keyVersion: number,
  signature: Buffer,
): string =>
  writeHeaderPairs([
    ['algorithm', algorithm],
    ['keyVersion', String(keyVersion)],
    ['signature', encodeHeaderBytes(signature)],
  ]);
