import { algorithmParamsFor, readAlgorithm } from '../../server/protocol/algorithms.ts';
import { decodeHeaderBytes } from '../../server/protocol/encodings.ts';
import { readHeaderPairs } from '../../server/protocol/headers.ts';
import { omitUndefined } from '../../server/protocol/omit-undefined.ts';
import { defaultScheme, openBody, type SealingScheme } from '../../server/protocol/sealing.ts';
import { signingContent, verifyContent } from '../../server/protocol/signatures.ts';

import type {
  CallOptions,
  KeyProvider,
  MerchantIdentity,
  MerchantResponse,
} from './merchant-messages.ts';

export interface ReceivedResponse {
  /** Path and query of the request: the signature covers them. */
  readonly target: string;
  /** Names in lower case; repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received. */
  readonly body: Buffer;
}

/** Verifies a response over its raw bytes, then decrypts, then parses it. */
export const checkResponse = (
  response: ReceivedResponse,
  merchant: MerchantIdentity,
  { ecc224 = 'sha256', scheme = defaultScheme }: CallOptions = {},
): Pick<MerchantResponse, 'signature' | 'json' | 'distrust'> => {
  const { signature, 'response-time': time } = response.headers;
  const isUnsigned = signature === undefined && time === undefined;
  const distrust = isUnsigned
    ? 'the response is not signed'
    : verifyResponse(response, merchant, ecc224);
  const content = readContent(response, merchant.keyring, scheme);
  const problem = distrust ?? content.problem;
  return {
    signature: isUnsigned ? 'unsigned' : distrust === undefined ? 'verified' : 'bad',
    json: content.json,
    ...omitUndefined({ distrust: problem }),
  };
};

/** @returns why a signed response cannot be trusted; undefined when it can */
const verifyResponse = (
  { target, headers, body }: ReceivedResponse,
  { platform, clientId }: MerchantIdentity,
  ecc224: NonNullable<CallOptions['ecc224']>,
): string | undefined => {
  const { signature, 'response-time': time, 'client-id': clientIdHeader } = headers;
  if (signature === undefined) return 'the response has Response-Time but no Signature';
  if (time === undefined) return 'the response has Signature but no Response-Time, which it covers';
  // A response to another client may be a replay, even if its signature verifies.
  if (clientIdHeader !== clientId)
    return `the response is for Client-Id ${clientIdHeader ?? '(none)'}, not ${clientId}`;
  const { pairs, faults } = readHeaderPairs(signature);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  if (faults.length > 0) return `the Signature header cannot be read: ${faults.join('; ')}`;
  if (algorithm === undefined)
    return `the Signature header names an unknown algorithm, ${pairs.get('algorithm')}`;
  const recipe = algorithmParamsFor(algorithm, ecc224);
  const version = pairs.get('keyVersion');
  const key = platform.find(recipe.family, version === undefined ? undefined : Number(version));
  if (key === undefined)
    return `the platform's ${algorithm} key version ${version ?? '(newest)'} is not known here`;
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  if (!Buffer.isBuffer(bytes))
    return `the signature's value is ${bytes}: it must be base64, then URL-encoded`;
  const isGood = verifyContent(
    signingContent({ target, clientId, time, body }),
    bytes,
    key.publicKey,
    recipe,
  );
  return isGood
    ? undefined
    : `the signature does not verify with the platform's ${algorithm} key version ${key.version}`;
};

interface ResponseContent {
  readonly json: unknown;
  readonly problem?: string;
}

const readContent = (
  { headers, body }: ReceivedResponse,
  keyring: KeyProvider,
  scheme: SealingScheme,
): ResponseContent => {
  const plain =
    headers['encrypt'] === undefined
      ? body
      : decryptResponse(headers['encrypt'], body, keyring, scheme);
  if (typeof plain === 'string') return { json: undefined, problem: plain };
  try {
    // Always UTF-8, whatever Content-Type states.
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain)) };
  } catch (error) {
    return {
      json: undefined,
      problem: `the response is not JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
};

/** @returns the decrypted bytes, or why they cannot be decrypted */
const decryptResponse = (
  encrypt: string,
  body: Buffer,
  keyring: KeyProvider,
  scheme: SealingScheme,
): Buffer | string => {
  const { pairs } = readHeaderPairs(encrypt);
  const version = pairs.get('keyVersion');
  const key = keyring.find('RSA', version === undefined ? undefined : Number(version));
  if (key?.privateKey === undefined)
    return (
      `the response is encrypted for key version ${version ?? '(newest)'}, ` +
      'whose private key is not known here'
    );
  const opened = openBody(pairs.get('symmetricKey') ?? '', body, key.privateKey, scheme);
  return 'plain' in opened ? opened.plain : `the response cannot be decrypted: ${opened.fault}`;
};
