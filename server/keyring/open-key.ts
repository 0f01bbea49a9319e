import { unarmour } from './armour.ts';
import { openPkcs12 } from './pkcs12.ts';
import { type RecognisedKey, recogniseKey } from './recognise-key.ts';
import { type Complaint, isPkcs12 } from './strangers.ts';

/** Reads a key in any form, PKCS#12 too, which takes a password and node-forge. */
export const openKey = async (bytes: Buffer, password?: string): Promise<RecognisedKey | Complaint> => {
  const store = unarmour(bytes).find(({ der }) => isPkcs12(der));
  if (store === undefined || password === undefined) return recogniseKey(bytes, password);
  return openPkcs12(store.der, password);
};
