import type { KeyObject } from 'node:crypto';
import { encryptBody } from '../../protocol/body-cipher.ts';
import { readHeaderPairs } from '../../protocol/header-pairs.ts';
import { openBody, openSymmetricKey, type SealingScheme } from '../../protocol/sealing.ts';
import type { SignatureCase } from '../diagnosis.ts';
import { cipherTextsIn, isJsonText } from './body-trial.ts';

/**
 * The body of an encrypted message in its other form, which may have been signed instead of the one
 * that was sent. Only ever compared by hash.
 * @param header the value of Encrypt
 * @param key the receiver's private RSA key
 */
export const otherForm = (
  header: string,
  body: Buffer,
  key: KeyObject,
  scheme: SealingScheme,
): Pick<SignatureCase, 'plainBody' | 'sealedBody'> => {
  const symmetricKey = readHeaderPairs(header).pairs.get('symmetricKey') ?? '';
  if (!isJsonText(body)) return plainForm(symmetricKey, body, key, scheme);
  const [inside] = cipherTextsIn(body);
  if (inside !== undefined) return plainForm(symmetricKey, Buffer.from(inside.text), key, scheme);
  const aesKey = openSymmetricKey(symmetricKey, key, scheme);
  // With a random IV the ciphertext is another one each time.
  if (!Buffer.isBuffer(aesKey) || !(scheme.cipher === 'ecb' || scheme.cipher === 'cbc-zero-iv'))
    return {};
  return { sealedBody: Buffer.from(encryptBody(body, aesKey, scheme.cipher).toString('base64')) };
};

const plainForm = (
  symmetricKey: string,
  body: Buffer,
  key: KeyObject,
  scheme: SealingScheme,
): Pick<SignatureCase, 'plainBody'> => {
  const opened = openBody(symmetricKey, body, key, scheme);
  return 'plain' in opened ? { plainBody: opened.plain } : {};
};
