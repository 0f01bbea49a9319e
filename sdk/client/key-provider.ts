import { createPublicKey, KeyObject } from 'node:crypto';
import { readKey, rsaProblem } from '../../server/protocol/keys/key-objects.ts';
import { pemProblem } from '../../server/protocol/keys/pem.ts';
import { keyFamily } from '../../server/protocol/signatures.ts';
import { SetupError } from './client-errors.ts';
import type { KeyProvider } from './signed-call.ts';

/** PEM, the bare base64 line that SDKs take, DER, or a key of node:crypto. */
export type KeyInput = string | Uint8Array | KeyObject;

/** A key and the version that it is registered under. */
export interface VersionedKey {
  readonly version: number;
  readonly key: KeyInput;
}

/** One key; several with their versions; or an object that finds them. */
export type KeysInput = KeyInput | readonly VersionedKey[] | KeyProvider;

export interface KeyProviderOptions {
  /** Of a single key; default 1. */
  readonly version?: number | undefined;
  /** Accept RSA keys shorter than 2048 bits. */
  readonly weakKeys?: boolean | undefined;
}

/** @throws SetupError when a key cannot be read, is the wrong half, or is useless or too weak */
export const toKeyProvider = (
  where: string,
  half: 'public' | 'private',
  given: KeysInput,
  { version = 1, weakKeys = false }: KeyProviderOptions = {},
): KeyProvider => {
  if (isStore(given)) return given;
  const list = isList(given) ? given : [{ version, key: given }];
  const held = list.map((one) => ({
    version: one.version,
    ...toKeyHalves(where, half, one.key, weakKeys),
  }));
  if (held.length === 0) throw new SetupError(`${where} holds no key`);
  return {
    find: (family, wanted) =>
      held
        .filter((key) => key.family === family && (wanted === undefined || key.version === wanted))
        .sort((a, b) => a.version - b.version)
        .at(-1),
  };
};

const isStore = (given: KeysInput): given is KeyProvider =>
  typeof given === 'object' && 'find' in given && !isList(given) && !ArrayBuffer.isView(given);

const isList = (
  given: KeysInput | KeyInput | readonly VersionedKey[],
): given is readonly VersionedKey[] => Array.isArray(given);

const toKeyHalves = (
  where: string,
  half: 'public' | 'private',
  input: KeyInput,
  weakKeys: boolean,
) => {
  const key = input instanceof KeyObject ? input : parseKeyInput(where, Buffer.from(input));
  const family = keyFamily(key);
  if (family === undefined)
    throw new SetupError(`${where} is neither an RSA key nor one on the curve secp224r1`);
  if (half === 'private' && key.type !== 'private')
    throw new SetupError(`${where} is a public key. Give the private key: it signs.`);
  // The merchant's own key in place of the platform's is a frequent mistake.
  if (half === 'public' && key.type === 'private')
    throw new SetupError(`${where} is a private key. Give the platform's public key.`);
  const problem = family === 'RSA' ? rsaProblem(key, weakKeys) : undefined;
  if (problem !== undefined) throw new SetupError(`${where} ${problem.message}. ${problem.remedy}`);
  return key.type === 'private'
    ? { family, publicKey: createPublicKey(key), privateKey: key }
    : { family, publicKey: key };
};

const parseKeyInput = (where: string, bytes: Buffer): KeyObject => {
  const key = readKey(bytes)?.key;
  if (key !== undefined) return key;
  const { message, remedy } = pemProblem(bytes) ?? {
    message: 'holds no RSA or secp224r1 key that can be read',
    remedy: 'Give PEM, the bare base64 line or a KeyObject.',
  };
  throw new SetupError(`${where} ${message}. ${remedy}`);
};
