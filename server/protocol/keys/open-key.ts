import { decodePem, type KeyProblem } from '../pem.ts';
import { parseKey, type RecognisedKey } from './parse-key.ts';
import { openPkcs12 } from './pkcs12.ts';
import { isPkcs12 } from './unsupported-keys.ts';

/** Reads a key in any form, PKCS#12 too, which takes a password and node-forge. */
export const openKey = async (
  bytes: Buffer,
  password?: string,
): Promise<RecognisedKey | KeyProblem> => {
  const store = decodePem(bytes).find(({ der }) => isPkcs12(der));
  if (store === undefined || password === undefined) return parseKey(bytes, password);
  return openPkcs12(store.der, password);
};
