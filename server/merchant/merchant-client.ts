import type { KeyObject } from 'node:crypto';
import type { Keyring, KeyVersion } from '../keyring/keyring.ts';
import { algorithmRecipe, type Ecc224Reading, type SignatureAlgorithm } from '../protocol/algorithms.ts';
import { decodeHeaderBytes } from '../protocol/encodings.ts';
import { readHeaderPairs } from '../protocol/header-pairs.ts';
import { defaultScheme, openBody, type SealingScheme, sealBody } from '../protocol/sealing.ts';
import { signContent, verifyContent, writeSignatureHeader } from '../protocol/signatures.ts';
import { signingContent } from '../protocol/signing-content.ts';
import { writeTimestamp } from '../protocol/timestamps.ts';

export interface MerchantIdentity {
  readonly clientId: string;
  /** The merchant's own keys, with their private halves. */
  readonly keyring: Keyring;
  /** The platform's public keys. */
  readonly platform: Keyring;
}

export interface CallOptions {
  readonly algorithm?: SignatureAlgorithm;
  /** Encrypt the body; the answer then comes encrypted too. */
  readonly seal?: boolean;
  readonly ecc224?: Ecc224Reading;
  readonly scheme?: SealingScheme;
  /** Milliseconds since 1970; now when absent. */
  readonly time?: number;
}

/** A request as it goes over the wire. */
export interface SignedRequest {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface MerchantAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received. */
  readonly body: Buffer;
  /** The answer's JSON, opened if it was sealed; undefined when it cannot be read. */
  readonly json: unknown;
  /** `unsigned`: neither Signature nor Response-Time; `bad`: anything else that does not verify. */
  readonly signature: 'verified' | 'unsigned' | 'bad';
}

/** Signs a body as the merchant, sealing it first when asked. Throws when the merchant holds no key for the algorithm. */
export const signRequest = (merchant: MerchantIdentity, target: string, plain: Buffer, options: CallOptions = {}): SignedRequest => {
  const algorithm = options.algorithm ?? 'RSA256';
  const recipe = algorithmRecipe(algorithm, options.ecc224 ?? 'sha256');
  const now = options.time ?? Date.now();
  const key = withPrivateKey(merchant.keyring.find(recipe.family, undefined, now), algorithm);
  const receiver = options.seal === true ? merchant.platform.find('RSA', undefined, now) : undefined;
  const sealed = receiver && sealBody(plain, receiver.publicKey, receiver.version, options.scheme ?? defaultScheme);
  const body = sealed?.body ?? plain;
  const time = writeTimestamp(now);
  const content = signingContent({ target, clientId: merchant.clientId, time, body });
  return {
    target,
    headers: {
      'Content-Type': sealed === undefined ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
      'Client-Id': merchant.clientId,
      'Request-Time': time,
      ...(sealed === undefined ? {} : { Encrypt: sealed.encryptHeader }),
      Signature: writeSignatureHeader(algorithm, key.version, signContent(content, key.privateKey, recipe)),
    },
    body,
  };
};

/** Sends a signed request and checks the answer: its signature over the raw bytes first, then it is opened, then parsed. */
export const sendRequest = async (
  baseUrl: string,
  merchant: MerchantIdentity,
  request: SignedRequest,
  options: CallOptions = {},
): Promise<MerchantAnswer> => {
  const response = await fetch(new URL(request.target, baseUrl), {
    method: 'POST',
    headers: request.headers,
    body: new Uint8Array(request.body),
  });
  const body = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  return {
    httpStatus: response.status,
    headers,
    body,
    json: readAnswer(headers, body, merchant, options.scheme ?? defaultScheme),
    signature: checkSignature(request.target, headers, body, merchant, options.ecc224 ?? 'sha256'),
  };
};

const checkSignature = (
  target: string,
  headers: Record<string, string>,
  body: Buffer,
  { platform, clientId: own }: MerchantIdentity,
  ecc224: Ecc224Reading,
): MerchantAnswer['signature'] => {
  const { signature, 'response-time': time, 'client-id': clientId } = headers;
  if (signature === undefined && time === undefined) return 'unsigned';
  // An answer for somebody else proves nothing, however well it is signed.
  if (signature === undefined || time === undefined || clientId !== own) return 'bad';
  const { pairs } = readHeaderPairs(signature);
  const recipe = algorithmRecipe(pairs.get('algorithm') === 'ECC224' ? 'ECC224' : 'RSA256', ecc224);
  const key = platform.find(recipe.family, Number(pairs.get('keyVersion')));
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  if (key === undefined || !Buffer.isBuffer(bytes)) return 'bad';
  return verifyContent(signingContent({ target, clientId, time, body }), bytes, key.publicKey, recipe) ? 'verified' : 'bad';
};

const readAnswer = (headers: Record<string, string>, body: Buffer, { keyring }: MerchantIdentity, scheme: SealingScheme): unknown => {
  try {
    return JSON.parse(plainAnswer(headers, body, keyring, scheme)?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
};

const plainAnswer = (headers: Record<string, string>, body: Buffer, keyring: Keyring, scheme: SealingScheme): Buffer | undefined => {
  if (headers['encrypt'] === undefined) return body;
  const { pairs } = readHeaderPairs(headers['encrypt']);
  const key = keyring.find('RSA', Number(pairs.get('keyVersion')));
  if (key?.privateKey === undefined) return undefined;
  const opened = openBody(pairs.get('symmetricKey') ?? '', body, key.privateKey, scheme);
  return 'plain' in opened ? opened.plain : undefined;
};

const withPrivateKey = (key: KeyVersion | undefined, algorithm: SignatureAlgorithm): { version: number; privateKey: KeyObject } => {
  if (key?.privateKey === undefined) throw new Error(`the merchant has no private key to sign ${algorithm} with`);
  return { version: key.version, privateKey: key.privateKey };
};
