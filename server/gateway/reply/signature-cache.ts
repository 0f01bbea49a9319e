import type { KeyObject } from 'node:crypto';

/** Finds the signature of a content with a key, in the form that is needed, or has it made. */
export type GetOrSign<T> = (
  content: Buffer,
  key: KeyObject,
  sign: () => T | Promise<T>,
) => T | Promise<T>;

/**
 * Response-Time has whole seconds: what is older than a few hundred others is hardly asked for
 * again.
 */
const maxSignatures = 256;

/**
 * RSA PKCS#1 v1.5 makes the same signature of the same bytes every time, and most answers of one
 * second are the same bytes. So each is signed once: by the first that asks, while others that come
 * meanwhile wait for it.
 */
export const createSignatureCache = <T>(): GetOrSign<T> => {
  const byKey = new WeakMap<KeyObject, Map<string, T | Promise<T>>>();
  return (content, key, sign) => {
    const remembered = byKey.get(key) ?? new Map<string, T | Promise<T>>();
    byKey.set(key, remembered);
    const name = content.toString('latin1');
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const signature = sign();
    remembered.set(name, signature);
    // A failure rejects all that wait, and is not kept.
    if (signature instanceof Promise) signature.catch(() => remembered.delete(name));
    if (remembered.size > maxSignatures) evictOldest(remembered);
    return signature;
  };
};

const evictOldest = (remembered: Map<string, unknown>): void => {
  const [oldest] = remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
};
