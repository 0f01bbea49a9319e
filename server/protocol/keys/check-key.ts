import { type KeyFamily, keyFamily } from '../algorithms.ts';
import type { KeyProblem } from '../pem.ts';
import type { KeyForm, RecognisedKey } from './parse-key.ts';
import { rsaProblem } from './rsa-soundness.ts';

export interface KeyRules {
  /** Accept RSA keys shorter than the documented 2048 bits. */
  readonly weakKeys: boolean;
}

/**
 * Finds the key's family, or what keeps it from being a public (or private) key of this protocol.
 */
export const checkKey = (
  { kind, form, key }: RecognisedKey,
  wanted: 'public' | 'private' | 'either',
  { weakKeys }: KeyRules,
): { readonly family: KeyFamily } | KeyProblem => {
  if (wanted === 'public' && kind === 'private')
    return {
      message: 'holds a private key where a public one belongs',
      remedy: `Keep the private key to yourself; register its public half: ${publicHalf[form] ?? publicHalf['PKCS#8']}.`,
    };
  if (wanted === 'private' && kind === 'public')
    return {
      message: 'holds a public key where a private one belongs',
      remedy: 'Give the private key, or name the file .public.pem if the public one is meant.',
    };
  const family = keyFamily(key);
  if (family === undefined)
    return {
      message: `is a key of type ${key.asymmetricKeyType ?? '?'} (${key.asymmetricKeyDetails?.namedCurve ?? 'no curve'})`,
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
