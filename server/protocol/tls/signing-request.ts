import { createPublicKey, type KeyObject } from 'node:crypto';
import { forgePrivateKey } from './certificate.ts';
import { loadForge } from './forge.ts';

/** A PKCS#10 certificate signing request for an RSA key, signed with SHA-256, as PEM. */
export const makeSigningRequest = async (
  privateKey: KeyObject,
  commonName: string,
): Promise<string> => {
  const forge = await loadForge();
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(
    createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  );
  request.setSubject([{ name: 'commonName', value: commonName }]);
  request.sign(forgePrivateKey(forge, privateKey), forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replaceAll('\r\n', '\n');
};
