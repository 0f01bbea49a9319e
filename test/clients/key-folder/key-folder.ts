import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  addVersion,
  type NewVersion,
} from '../../../server/clients/key-folder/change-key-folder.ts';
import { ownerIn, readKeyFolder } from '../../../server/clients/key-folder/key-folder.ts';
import { type KeyPair, makeKeyPair } from '../../../server/protocol/keys/key-objects.ts';
import { Keyring, type Keyrings } from '../../../server/protocol/keys/keyring.ts';
import { vectorKey } from '../../vectors.ts';

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'keys-'));

export const writeAt = (folder: string, path: string, content: string | Buffer): string => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};

/** A pair of the vectors: merchant-v1, merchant-v2, platform-v1, stranger, weak-1024. */
export const vectorPair = (name: string): KeyPair => {
  const privateKey = createPrivateKey(vectorKey(`keys/${name}.private.pkcs8.pem`));
  return { privateKey, publicKey: createPublicKey(privateKey) };
};

/** A folder with the platform's platform-v1 and client SHOP's merchant-v1. */
export const shopFolder = (): string => {
  const folder = newFolder();
  addVersion(ownerIn(folder, undefined), new Keyring([]), {
    family: 'RSA',
    key: vectorPair('platform-v1'),
    now: 0,
  });
  addVersion(ownerIn(folder, 'SHOP'), new Keyring([]), {
    family: 'RSA',
    key: vectorPair('merchant-v1'),
    now: 0,
  });
  return folder;
};

export const readWhole = (folder: string, now?: number): Keyrings => {
  const { value, problems } = readKeyFolder(folder, { weakKeys: false }, now);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return value;
};

/** Makes the next version of SHOP's or the platform's RSA key. */
export const rotate = async (
  folder: string,
  clientId: string | undefined,
  change: Partial<NewVersion> & { now: number },
): Promise<KeyObject> => {
  const parties = readWhole(folder, change.now);
  const held =
    clientId === undefined ? parties.platform : (parties.clients.get(clientId) ?? new Keyring([]));
  const key = await makeKeyPair('RSA', 2048);
  addVersion(ownerIn(folder, clientId), held, { family: 'RSA', key, ...change });
  return key.privateKey;
};
