import type { IncomingMessage } from 'node:http';
import { clientIdRule, isClientId } from '../../clients/key-folder/key-folder.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { clipText } from '../../problems/display-text.ts';
import {
  describeValidity,
  type Keyring,
  type KeyVersion,
  validityState,
} from '../../protocol/keys/keyring.ts';
import type { Settling } from '../../protocol/settling.ts';
import {
  algorithmParamsFor,
  signingContent,
  verifyContent,
  verifyInPool,
} from '../../protocol/signatures.ts';
import {
  type Authenticated,
  type Client,
  type Identified,
  Refusal,
  type SignatureHeader,
  type WithHeaders,
} from '../exchange.ts';

/**
 * Step 3: the Client-Id names a partner that is known and not disabled; then the algorithms are
 * supported (register G-01).
 */
export const identifyClient = (
  known: WithHeaders,
  clients: ReadonlyMap<string, Keyring>,
  settings: Settings['clients'],
): Identified => {
  const { clientId, unsupported } = known.headers;
  const keyring = clients.get(clientId);
  if (keyring === undefined) {
    throw new Refusal('INVALID_CLIENT', {
      register: 'G-02',
      reason: isClientId(clientId)
        ? `no client "${clipText(clientId, 64)}" is known; add its public key as ` +
          `clients/${clipText(clientId, 64)}/v1.public.pem of the key folder`
        : `"${clipText(clientId, 64)}" is not a Client-Id: it ${clientIdRule}`,
    });
  }
  if (settings[clientId]?.disabled === true)
    throw new Refusal('INVALID_CLIENT', {
      register: 'G-02',
      reason: `client ${clientId} is disabled in the settings`,
    });
  if (unsupported !== undefined) throw unsupported;
  return { ...known, client: { id: clientId, keyring } };
};

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

export type AccessCheck = (
  req: IncomingMessage,
  caller: Pick<Identified, 'client' | 'operation'>,
  now: number,
) => void;

/**
 * Step 5: the client may call this operation, with this Agent-Token, this often (register G-02,
 * G-19).
 * @param isOverRate says so instead of a count, in a replay of some of many requests
 */
export const createAccessCheck = (
  settings: Settings['clients'],
  isOverRate?: () => boolean,
): AccessCheck => {
  const rates = new Map<string, { second: number; calls: number }>();
  return (req, { client, operation }, now) => {
    const rules = settings[client.id];
    if (rules?.operations !== undefined && !rules.operations.includes(operation.id)) {
      throw new Refusal('ACCESS_DENIED', {
        register: 'G-02',
        reason: `client ${client.id} may not call ${operation.id}`,
      });
    }
    if (rules?.agentToken !== undefined && req.headers['agent-token'] !== rules.agentToken) {
      throw new Refusal('ACCESS_DENIED', {
        register: 'G-19',
        reason: 'Agent-Token is missing or not the configured one',
      });
    }
    if (
      rules?.requestsPerSecond !== undefined &&
      (isOverRate?.() ?? isOver(client.id, rules.requestsPerSecond, Math.floor(now / 1000), rates))
    ) {
      throw new Refusal('REQUEST_TRAFFIC_EXCEED_LIMIT', {
        register: 'G-02',
        reason: `more than ${rules.requestsPerSecond} requests in this second`,
      });
    }
  };
};

const isOver = (
  clientId: string,
  limit: number,
  second: number,
  rates: Map<string, { second: number; calls: number }>,
): boolean => {
  const before = rates.get(clientId);
  const calls = before?.second === second ? before.calls + 1 : 1;
  rates.set(clientId, { second, calls });
  return calls > limit;
};
