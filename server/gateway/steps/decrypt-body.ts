import { createHash } from 'node:crypto';
import type { OperationId } from '../../domain/contract/contract.ts';
import type { ClientSettings, Settings } from '../../domain/settings/settings-table.ts';
import type { Playback } from '../../journal/playback.ts';
import { describeValidity, type Keyring } from '../../protocol/keys/keyring.ts';
import {
  decryptErrorTexts,
  openBody,
  openWithKey,
  type SealingScheme,
} from '../../protocol/sealing.ts';
import { type Authenticated, type Decrypted, Refusal, refuseWithMessage } from '../exchange.ts';

export interface DecryptOptions {
  readonly platform: Keyring;
  readonly scheme: SealingScheme;
  readonly clients: Settings['clients'];
  readonly playback?: Playback | undefined;
}

/**
 * Step 6: a sealed body is opened with the platform's key (register G-13); whether it had to be
 * sealed is a setting (G-15).
 */
export const decryptRequest = (
  known: Authenticated,
  { platform, scheme, clients, playback }: DecryptOptions,
  now: number,
): Decrypted => {
  const { headers, client, operation, body } = known;
  const need = encryptionPolicy(clients[client.id], operation.id);
  if (headers.encrypt === undefined) {
    if (need === 'required')
      throw refuseWithMessage(
        'PARAM_ILLEGAL',
        'G-15',
        'Encrypt header: is missing; this operation must be encrypted',
      );
    return { ...known, plain: body, platformKeyVersion: undefined };
  }
  if (need === 'forbidden')
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-15',
      'Encrypt header: this operation must not be encrypted',
    );
  const { keyVersion, symmetricKey } = headers.encrypt;
  const key = platform.find('RSA', keyVersion, now);
  if (key?.privateKey === undefined) {
    throw new Refusal('KEY_NOT_FOUND', {
      register: 'G-13',
      reason:
        `the platform has no RSA key version ${keyVersion ?? '(newest)'} to open the body ` +
        `with${tellIdle(platform, keyVersion, now)}`,
    });
  }
  const opened =
    playback === undefined
      ? openBody(symmetricKey, body, key.privateKey, scheme)
      : openWithKey(playback.symmetricKey(), body, scheme);
  if ('plain' in opened)
    return {
      ...known,
      plain: opened.plain,
      platformKeyVersion: key.version,
      symmetricKey: opened.symmetricKey,
      symmetricKeyDigest: createHash('sha256').update(opened.symmetricKey).digest('hex'),
    };
  throw new Refusal('PARAM_ILLEGAL', {
    register: 'G-13',
    reason: `${decryptErrorTexts[opened.fault]} (scheme: AES ${scheme.cipher}, wrap ${scheme.wrap})`,
    message: 'The encrypted body could not be opened',
  });
};

const tellIdle = (platform: Keyring, keyVersion: number | undefined, now: number): string => {
  const idle = keyVersion === undefined ? undefined : platform.find('RSA', keyVersion);
  return idle === undefined ? '' : `: it ${describeValidity(idle.validity, now)}`;
};

const encryptionPolicy = (
  client: ClientSettings | undefined,
  operationId: OperationId,
): 'optional' | 'required' | 'forbidden' => {
  const need = client?.encryption;
  return (typeof need === 'object' ? need[operationId] : need) ?? 'optional';
};
