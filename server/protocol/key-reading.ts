import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export interface KeyReading {
  readonly kind: 'public' | 'private';
  readonly form: 'SPKI' | 'PKCS#1' | 'PKCS#8' | 'SEC1';
  readonly key: KeyObject;
}

const attempts: readonly (readonly [kind: KeyReading['kind'], form: KeyReading['form'], read: (der: Buffer) => KeyObject])[] = [
  ['public', 'SPKI', (key) => createPublicKey({ key, format: 'der', type: 'spki' })],
  ['private', 'PKCS#8', (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' })],
  ['private', 'PKCS#1', (key) => createPrivateKey({ key, format: 'der', type: 'pkcs1' })],
  ['private', 'SEC1', (key) => createPrivateKey({ key, format: 'der', type: 'sec1' })],
  ['public', 'PKCS#1', (key) => createPublicKey({ key, format: 'der', type: 'pkcs1' })],
];

/**
 * Reads a key by its content, whatever its label says: PEM, the bare base64 line that SDK users hold (wrapped or not), or DER.
 * Trying the DER structures in turn is needed because labels lie: PKCS#1 bytes under `PRIVATE KEY` are common and Node alone refuses them.
 * @returns undefined when the bytes are no such key.
 */
export const readKey = (bytes: Buffer): KeyReading | undefined => {
  const der = bytes[0] === 0x30 ? bytes : Buffer.from(bareBase64(bytes.toString('latin1')), 'base64');
  for (const [kind, form, read] of attempts) {
    try {
      return { kind, form, key: read(der) };
    } catch {
      // not this structure: try the next
    }
  }
  return undefined;
};

/** Without armour, headers inside the armour, white space and a byte order mark. */
const bareBase64 = (text: string): string => {
  const armoured = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(withoutParameters(text));
  return (armoured?.[2] ?? text).replace(/[^A-Za-z0-9+/=]/g, '');
};

/** `openssl ecparam -genkey` puts a block that only names the curve in front of the key. */
const withoutParameters = (text: string): string => text.replace(/-----BEGIN EC PARAMETERS-----[\s\S]*?-----END EC PARAMETERS-----/, '');
