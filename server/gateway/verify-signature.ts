import type { Settings } from '../config/settings-table.ts';
import type { KeyVersion } from '../keyring/keyring.ts';
import { algorithmRecipe } from '../protocol/algorithms.ts';
import { verifyContent } from '../protocol/signatures.ts';
import { signingContent } from '../protocol/signing-content.ts';
import type { Client, Facts, SignatureHeader } from './exchange.ts';
import { Refusal } from './refusal.ts';

/** Step 4: the signature over the raw bytes verifies with the client's key of the stated version. */
export const verifySignature = (
  { target, headers, client, body }: Pick<Facts, 'target' | 'headers' | 'client' | 'body'>,
  ecc224: Settings['ecc224'],
): Pick<Facts, 'authenticated'> => {
  const { signature } = headers;
  const recipe = algorithmRecipe(signature.algorithm, ecc224);
  const key = findKey(client, signature, recipe.family);
  const content = signingContent({ target, clientId: headers.clientId, time: headers.requestTime, body });
  if (signature.value === undefined) {
    throw new Refusal('INVALID_SIGNATURE', { register: 'G-02', reason: 'the signature is not base64 underneath its URL encoding' });
  }
  if (!verifyContent(content, signature.value, key.publicKey, recipe)) {
    throw new Refusal('INVALID_SIGNATURE', {
      register: 'G-02',
      reason: `the signature does not verify with ${signature.algorithm} key version ${key.version} (${key.fingerprint.slice(0, 23)}…)`,
    });
  }
  return { authenticated: signature.algorithm };
};

const findKey = ({ id, keyring }: Client, { algorithm, keyVersion }: SignatureHeader, family: KeyVersion['family']): KeyVersion => {
  const key = keyring.find(family, keyVersion);
  if (key !== undefined) return key;
  const versions = keyring.versions.filter((one) => one.family === family).map((one) => one.version);
  const held = versions.length === 0 ? `no ${algorithm} key` : `${algorithm} key version ${versions.join(', ')}`;
  throw new Refusal('KEY_NOT_FOUND', {
    register: 'G-02',
    reason: `client ${id} has ${held}, the request asks for version ${keyVersion ?? '(newest)'}`,
  });
};
