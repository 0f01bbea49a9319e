import type { KeyObject } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { omitUndefined } from '../../server/problems/plain-object.ts';
import { readBody } from '../../server/protocol/body.ts';
import { decodeHeaderBytes, readHeaderPairs } from '../../server/protocol/headers.ts';
import { abortAfter, requestUrl } from '../../server/protocol/http-call.ts';
import {
  defaultScheme,
  openBody,
  type SealingScheme,
  sealBody,
} from '../../server/protocol/sealing.ts';
import {
  algorithmParamsFor,
  type Ecc224Variant,
  type KeyFamily,
  readAlgorithm,
  type SignatureAlgorithm,
  signContent,
  signingContent,
  verifyContent,
  writeSignatureHeader,
} from '../../server/protocol/signatures.ts';
import { writeTimestamp } from '../../server/protocol/timestamps.ts';

/**
 * Encrypts a body if `seal` is set, then signs it as the merchant.
 * @throws Error when the merchant has no private key for the algorithm
 */
export const signRequest = (
  merchant: MerchantIdentity,
  target: string,
  plain: Buffer,
  options: CallOptions = {},
): SignedRequest => {
  const algorithm = options.algorithm ?? 'RSA256';
  const recipe = algorithmParamsFor(algorithm, options.ecc224 ?? 'sha256');
  const now = options.time ?? Date.now();
  const key = requirePrivateKey(merchant.keyring.find(recipe.family, undefined, now), algorithm);
  const receiver =
    options.seal === true ? merchant.platform.find('RSA', undefined, now) : undefined;
  const sealed = receiver && sealBody(plain, receiver, options.scheme ?? defaultScheme);
  const body = sealed?.body ?? plain;
  const time = writeTimestamp(now);
  const content = signingContent({ target, clientId: merchant.clientId, time, body });
  return {
    target,
    headers: {
      'Content-Type':
        sealed === undefined ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
      'Client-Id': merchant.clientId,
      'Request-Time': time,
      ...omitUndefined({ Encrypt: sealed?.encryptHeader }),
      Signature: writeSignatureHeader(
        algorithm,
        key.version,
        signContent(content, key.privateKey, recipe),
      ),
    },
    body,
  };
};

/**
 * Sends a signed request, and verifies, decrypts and parses the response.
 * @throws TargetError when the target would leave `baseUrl`, or change on its way
 */
export const sendRequest = async (
  baseUrl: string | URL,
  merchant: MerchantIdentity,
  request: SignedRequest,
  options: CallOptions = {},
): Promise<MerchantResponse> => {
  const { signal, timeoutMs } = options;
  const others = signal === undefined ? [] : [signal];
  const response = await fetch(requestUrl(baseUrl, request.target), {
    method: 'POST',
    headers: request.headers,
    body: new Uint8Array(request.body),
    // A request that is signed for one address must not follow a redirect to another.
    redirect: 'manual',
    signal: timeoutMs === undefined ? (signal ?? null) : abortAfter(timeoutMs, ...others),
  });
  const body = await readResponseBody(response, options.maxResponseBytes ?? Infinity);
  const headers = Object.fromEntries(response.headers);
  return {
    httpStatus: response.status,
    headers,
    body,
    ...checkResponse({ target: request.target, headers, body }, merchant, options),
  };
};

const requirePrivateKey = (
  key: HeldKey | undefined,
  algorithm: SignatureAlgorithm,
): { version: number; privateKey: KeyObject } => {
  if (key?.privateKey === undefined)
    throw new Error(`the merchant has no private key to sign ${algorithm} with`);
  return { version: key.version, privateKey: key.privateKey };
};

/**
 * Reads a response to its end. @throws when it is longer than the limit; the rest is then not read
 */
const readResponseBody = async ({ body }: Response, maxBytes: number): Promise<Buffer> => {
  if (body === null) return Buffer.alloc(0);
  // Beside the types of a browser, its stream is another type.
  const stream = Readable.fromWeb(body as ReadableStream);
  const read = await readBody(stream, maxBytes);
  if (Buffer.isBuffer(read)) return read;
  stream.destroy();
  if (read === 'too large') throw new Error(`the response is longer than ${maxBytes} bytes`);
  throw read.error ?? new Error('the response broke off');
};

/** A key version, with its private key on the merchant's side. */
export interface HeldKey {
  readonly version: number;
  readonly publicKey: KeyObject;
  readonly privateKey?: KeyObject;
}

/** Finds the keys of one owner, e.g. in a key store of yours. */
export interface KeyProvider {
  /**
   * @param family `RSA` for RSA256 and encryption, `EC` for ECC224
   * @param version exactly this version; the newest when absent
   * @param at the key must be valid then, milliseconds since 1970; any when absent
   */
  find(family: KeyFamily, version?: number, at?: number): HeldKey | undefined;
}

/** A merchant: its Client-Id, its keys, and the platform's. */
export interface MerchantIdentity {
  readonly clientId: string;
  /** The merchant's private keys. */
  readonly keyring: KeyProvider;
  /** The platform's public keys. */
  readonly platform: KeyProvider;
}

/** How a request is signed and sent, and its response read. */
export interface CallOptions {
  readonly algorithm?: SignatureAlgorithm;
  /** Encrypt the body; the response is encrypted then too. */
  readonly seal?: boolean;
  readonly ecc224?: Ecc224Variant;
  readonly scheme?: SealingScheme;
  /** Milliseconds since 1970; now when absent. */
  readonly time?: number;
  /** Limit for the whole response, milliseconds; none when absent. */
  readonly timeoutMs?: number;
  /** Limit for the response body, bytes; none when absent. */
  readonly maxResponseBytes?: number;
  readonly signal?: AbortSignal;
}

/** A request as it is sent. */
export interface SignedRequest {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A response, with its signature checked. */
export interface MerchantResponse {
  readonly httpStatus: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received. */
  readonly body: Buffer;
  /** The body's JSON, decrypted; undefined when it cannot be read. */
  readonly json: unknown;
  /** `unsigned`: neither Signature nor Response-Time; `bad`: anything else that does not verify. */
  readonly signature: 'verified' | 'unsigned' | 'bad';
  /** Why it does not verify, or why it cannot be read. */
  readonly distrust?: string;
}

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
