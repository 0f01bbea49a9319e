import { algorithmParamsFor, readAlgorithm } from '../../server/protocol/algorithms.ts';
import { decodeHeaderBytes } from '../../server/protocol/encodings.ts';
import { readHeaderPairs } from '../../server/protocol/headers.ts';
import { defaultScheme, openBody, type SealingScheme } from '../../server/protocol/sealing.ts';
import { signingContent, verifyContent } from '../../server/protocol/signatures.ts';

import type {
  CallOptions,
  KeyProvider,
  MerchantAnswer,
  MerchantIdentity,
} from './merchant-messages.ts';

export interface ReceivedAnswer {
  /** Path and query of the request that it answers: they are signed too. */
  readonly target: string;
  /** Names in lower case; what came twice is joined with a comma, and then reads as neither. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received. */
  readonly body: Buffer;
}

/**
 * Whether the platform signed an answer, and what it holds: verified over the raw bytes, then
 * opened, then parsed.
 */
export const checkAnswer = (
  answer: ReceivedAnswer,
  merchant: MerchantIdentity,
  { ecc224 = 'sha256', scheme = defaultScheme }: CallOptions = {},
): Pick<MerchantAnswer, 'signature' | 'json' | 'distrust'> => {
  const { signature, 'response-time': time } = answer.headers;
  const isUnsigned = signature === undefined && time === undefined;
  const distrust = isUnsigned
    ? 'the answer is not signed'
    : verifyResponse(answer, merchant, ecc224);
  const content = readContent(answer, merchant.keyring, scheme);
  const why = distrust ?? content.trouble;
  return {
    signature: isUnsigned ? 'unsigned' : distrust === undefined ? 'verified' : 'bad',
    json: content.json,
    ...(why === undefined ? {} : { distrust: why }),
  };
};

/** Why a signed answer is not to be believed; undefined when it is. */
const verifyResponse = (
  { target, headers, body }: ReceivedAnswer,
  { platform, clientId }: MerchantIdentity,
  ecc224: NonNullable<CallOptions['ecc224']>,
): string | undefined => {
  const { signature, 'response-time': time, 'client-id': addressee } = headers;
  if (signature === undefined) return 'there is a Response-Time but no Signature';
  if (time === undefined) return 'there is a Signature but no Response-Time, which it covers';
  // An answer for somebody else proves nothing, however well it is signed.
  if (addressee !== clientId)
    return `the answer is for Client-Id ${addressee ?? '(none)'}, not ${clientId}`;
  const { pairs, faults } = readHeaderPairs(signature);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  if (faults.length > 0) return `the Signature header cannot be read: ${faults.join('; ')}`;
  if (algorithm === undefined)
    return `the Signature header names an unknown algorithm, ${pairs.get('algorithm')}`;
  const recipe = algorithmParamsFor(algorithm, ecc224);
  const version = pairs.get('keyVersion');
  const key = platform.find(recipe.family, version === undefined ? undefined : Number(version));
  if (key === undefined)
    return `no public key of the platform for ${algorithm} version ${version ?? '(newest)'} is held here`;
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

interface Content {
  readonly json: unknown;
  readonly trouble?: string;
}

const readContent = (
  { headers, body }: ReceivedAnswer,
  keyring: KeyProvider,
  scheme: SealingScheme,
): Content => {
  const plain =
    headers['encrypt'] === undefined ? body : openAnswer(headers['encrypt'], body, keyring, scheme);
  if (typeof plain === 'string') return { json: undefined, trouble: plain };
  try {
    // UTF-8 whatever Content-Type calls it, and nothing but UTF-8.
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain)) };
  } catch (error) {
    return {
      json: undefined,
      trouble: `the answer is no JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
};

/** The opened bytes, or why they cannot be had. */
const openAnswer = (
  encrypt: string,
  body: Buffer,
  keyring: KeyProvider,
  scheme: SealingScheme,
): Buffer | string => {
  const { pairs } = readHeaderPairs(encrypt);
  const version = pairs.get('keyVersion');
  const key = keyring.find('RSA', version === undefined ? undefined : Number(version));
  if (key?.privateKey === undefined)
    return `the answer is sealed for key version ${version ?? '(newest)'}, whose private half is not held here`;
  const opened = openBody(pairs.get('symmetricKey') ?? '', body, key.privateKey, scheme);
  return 'plain' in opened ? opened.plain : `the sealed answer cannot be opened: ${opened.fault}`;
};
