import type { KeyObject } from 'node:crypto';
import { Readable } from 'node:stream';
import { abortAfter } from '../../server/protocol/abort-after.ts';
import { algorithmParamsFor, type SignatureAlgorithm } from '../../server/protocol/algorithms.ts';
import { readBody } from '../../server/protocol/body.ts';
import { omitUndefined } from '../../server/protocol/omit-undefined.ts';
import { requestUrl } from '../../server/protocol/request-url.ts';
import { defaultScheme, sealBody } from '../../server/protocol/sealing.ts';
import {
  signContent,
  signingContent,
  writeSignatureHeader,
} from '../../server/protocol/signatures.ts';

import { writeTimestamp } from '../../server/protocol/timestamps.ts';
import { checkResponse } from './check-response.ts';
import type {
  CallOptions,
  HeldKey,
  MerchantIdentity,
  MerchantResponse,
  SignedRequest,
} from './merchant-messages.ts';

export type {
  CallOptions,
  MerchantIdentity,
  MerchantResponse,
  SignedRequest,
} from './merchant-messages.ts';

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
  const stream = Readable.fromWeb(body);
  const read = await readBody(stream, maxBytes);
  if (Buffer.isBuffer(read)) return read;
  stream.destroy();
  if (read === 'too large') throw new Error(`the response is longer than ${maxBytes} bytes`);
  throw read.error ?? new Error('the response broke off');
};
