import { createHash, hash, type KeyObject } from 'node:crypto';

/**
 * SHA-256 of a request's plain bytes, base64: tells a repeated request from a changed one (register
 * I-02, I-03).
 */
export const bodyFingerprint = (plain: Buffer): string => hash('sha256', plain, 'base64');

/**
 * SHA-256 of a public key's SubjectPublicKeyInfo, as `openssl pkey -pubin -outform DER | openssl
 * dgst -sha256` prints it.
 */
export const keyFingerprint = (publicKey: KeyObject): string => {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('hex')}`;
};
