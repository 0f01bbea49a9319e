import type { Settings } from '../../domain/settings/settings-table.ts';
import { algorithmParamsFor } from '../../protocol/algorithms.ts';
import { describeValidity, type KeyVersion, validityState } from '../../protocol/keys/keyring.ts';
import type { Settling } from '../../protocol/settling.ts';
import { signingContent, verifyContent, verifyInPool } from '../../protocol/signatures.ts';
import {
  type Authenticated,
  type Client,
  type Identified,
  Refusal,
  type SignatureHeader,
} from '../exchange.ts';

/**
 * Step 4: the signature over the raw bytes verifies with the client's key of the stated version,
 * which is active now.
 */
export const verifySignature = (
  known: Identified,
  ecc224: Settings['ecc224'],
  now: number,
  inPool: boolean,
): Settling<Authenticated> => {
  const { target, headers, client, body } = known;
  const { signature } = headers;
  const recipe = algorithmParamsFor(signature.algorithm, ecc224);
  const key = findKey(client, signature, recipe.family, now);
  const content = signingContent({
    target,
    clientId: headers.clientId,
    time: headers.requestTime,
    body,
  });
  if (signature.value === undefined) {
    throw new Refusal('INVALID_SIGNATURE', {
      register: 'G-02',
      reason: 'the signature is not base64 underneath its URL encoding',
    });
  }
  const conclude = (isGood: boolean): Authenticated => {
    if (isGood)
      return { ...known, signedWith: { algorithm: signature.algorithm, keyVersion: key.version } };
    throw new Refusal('INVALID_SIGNATURE', {
      register: 'G-02',
      reason:
        `the signature does not verify with ${signature.algorithm} key version ` +
        `${key.version} (${key.fingerprint.slice(0, 23)}…)`,
    });
  };
  return inPool
    ? verifyInPool(content, signature.value, key.publicKey, recipe).then(conclude)
    : conclude(verifyContent(content, signature.value, key.publicKey, recipe));
};

const findKey = (
  { id, keyring }: Client,
  { algorithm, keyVersion }: SignatureHeader,
  family: KeyVersion['family'],
  now: number,
): KeyVersion => {
  const key = keyring.find(family, keyVersion, now);
  if (key !== undefined) return key;
  const versions = keyring.versions.filter((one) => one.family === family);
  const active = versions
    .filter(({ validity }) => validityState(validity, now) === 'active')
    .map(({ version }) => version);
  const idle = versions.filter(
    ({ version }) =>
      !active.includes(version) && (keyVersion === undefined || version === keyVersion),
  );
  const held =
    active.length === 0
      ? `no ${idle.length === 0 ? '' : 'active '}${algorithm} key`
      : `${algorithm} key version ${active.join(', ')}`;
  throw new Refusal('KEY_NOT_FOUND', {
    register: 'G-02',
    reason: [
      `client ${id} has ${held}, the request asks for version ${keyVersion ?? '(newest)'}`,
      ...idle.map(
        ({ version, validity }) => `version ${version} ${describeValidity(validity, now)}`,
      ),
    ].join('; '),
  });
};
