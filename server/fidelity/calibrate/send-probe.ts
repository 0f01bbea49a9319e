import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { algorithmParamsFor, readAlgorithm } from '../../protocol/algorithms.ts';
import { readBody } from '../../protocol/body.ts';
import { decodeHeaderBytes } from '../../protocol/encodings.ts';
import { readHeaderPairs } from '../../protocol/headers.ts';
import { requestUrl } from '../../protocol/request-url.ts';
import type { SealingScheme } from '../../protocol/sealing.ts';
import { signingContent, verifyContent } from '../../protocol/signatures.ts';
import { openEncryptedBody, readAnswerContent } from '../read-answer.ts';
import type { BuiltRequest, CalibrationIdentity } from './build-request.ts';
import type { ProbeAnswer } from './probe.ts';

export interface ProbeTarget {
  readonly url: URL;
  /** The addresses that the host's name had at the begin; no other is ever dialled. */
  readonly addresses: readonly LookupAddress[];
  readonly timeoutMs: number;
}

/** No complete answer: the reason in words. */
export interface LostAnswer {
  readonly lost: string;
}

const maxAnswerBytes = 1024 * 1024;

/** Sends a request once and reads the answer. Redirects are not followed. Never rejects. */
export const sendProbe = async (
  target: ProbeTarget,
  built: BuiltRequest,
  identity: CalibrationIdentity,
  scheme: SealingScheme,
): Promise<ProbeAnswer | LostAnswer> => {
  try {
    const received = await exchange(target, built);
    return readAnswer(received, built, identity, scheme);
  } catch (error) {
    return { lost: error instanceof Error ? error.message || error.name : String(error) };
  }
};

interface ReceivedBytes {
  readonly httpStatus: number;
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const exchange = (target: ProbeTarget, built: BuiltRequest): Promise<ReceivedBytes> =>
  new Promise((resolve, reject) => {
    const url = requestUrl(target.url, `${target.url.pathname.replace(/\/$/, '')}${built.path}`);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      lookup: pinnedLookup(target.addresses),
      signal: AbortSignal.timeout(target.timeoutMs),
      headers: [
        ['Host', url.host] as const,
        ...built.headers,
        ['Content-Length', String(built.body.length)] as const,
        ['Connection', 'close'] as const,
      ].flat(),
    });
    request.once('error', reject);
    request.once('response', (response: IncomingMessage) => {
      void readBody(response, maxAnswerBytes).then((body) => {
        if (!Buffer.isBuffer(body)) {
          reject(new Error(`the answer is incomplete, or longer than ${maxAnswerBytes} bytes`));
          return;
        }
        resolve({
          httpStatus: response.statusCode ?? 0,
          rawHeaders: response.rawHeaders,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          body,
        });
      }, reject);
    });
    request.end(built.body);
  });

const pinnedLookup =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

const readAnswer = (
  received: ReceivedBytes,
  { path }: BuiltRequest,
  identity: CalibrationIdentity,
  scheme: SealingScheme,
): ProbeAnswer => {
  const encrypt = received.headers['encrypt'];
  const plain =
    encrypt === undefined
      ? received.body
      : openEncryptedBody(encrypt, received.body, identity.privateKey, scheme);
  return {
    httpStatus: received.httpStatus,
    ...readAnswerContent(plain),
    signature: checkSignature(received, path, identity),
    encrypted: encrypt !== undefined,
    rawHeaders: received.rawHeaders,
  };
};

const checkSignature = (
  { headers, body }: ReceivedBytes,
  target: string,
  { clientId, platformKey }: CalibrationIdentity,
): ProbeAnswer['signature'] => {
  const header = headers['signature'];
  if (header === undefined) return 'none';
  if (platformKey === undefined) return 'unchecked';
  const { pairs } = readHeaderPairs(header);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  if (algorithm !== 'RSA256') return 'unchecked';
  if (typeof bytes === 'string') return 'bad';
  const content = signingContent({ target, clientId, time: headers['response-time'] ?? '', body });
  return verifyContent(content, bytes, platformKey, algorithmParamsFor(algorithm, 'sha256'))
    ? 'verified'
    : 'bad';
};
