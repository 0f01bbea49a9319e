import { join } from 'node:path';
import type { KeyFamily } from '../../protocol/signatures.ts';

/** Whose keys: the platform's when no client is named. */
export interface KeyOwner {
  readonly label: string;
  /** The folder of its keys. */
  readonly dir: string;
}

export const ownerIn = (folder: string, clientId: string | undefined): KeyOwner =>
  clientId === undefined
    ? { label: 'platform', dir: join(folder, 'platform') }
    : { label: `client ${clientId}`, dir: join(folder, 'clients', clientId) };

/** The merchant whose keys come with the package. */
export const demoClientId = '4Q5Y8W0WSG45P907917';

/**
 * A Client-Id becomes a folder's name, a part of a URL and a key of objects: `..` and `__proto__`
 * would name something else.
 */
export const isClientId = (text: string): boolean =>
  /^\w[\w.-]{0,63}$/.test(text) && !['__proto__', 'constructor', 'prototype'].includes(text);

/** The same, in words. */
export const clientIdRule =
  'must be 1 to 64 letters, digits, dots, hyphens or underscores, and start with a letter, digit ' +
  'or underscore';

/** The algorithm whose signatures a family makes, as users know it. */
export const algorithmNames = { RSA: 'RSA256', EC: 'ECC224' } as const satisfies Record<
  KeyFamily,
  string
>;

export const validityFileName = 'key-validity.yaml';

export const layout =
  'Name key files v<N>.public.pem or v<N>.private.pem, e.g. v1.public.pem; a word may follow the ' +
  'version, e.g. v1.ecc224.public.pem.';

const keyFileName =
  /^v(\d{1,9})\.(?:[\w-]+\.)?(public|private)\.(?:pem|txt|der|key|jwk|json|crt|cer)$/;

export const readKeyFileName = (
  name: string,
): { readonly version: number; readonly kind: 'public' | 'private' } | undefined => {
  const found = keyFileName.exec(name);
  return found === null
    ? undefined
    : { version: Number(found[1]), kind: found[2] === 'private' ? 'private' : 'public' };
};

export const writeKeyFileName = (
  family: KeyFamily,
  version: number,
  kind: 'public' | 'private',
): string => `v${version}.${family === 'EC' ? 'ecc224.' : ''}${kind}.pem`;
