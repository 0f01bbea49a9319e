import type { LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { readBody } from './body.ts';

export interface RawRequest {
  readonly method: string;
  /** Names and values in turn, in the order in which they are sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface RawAnswer {
  readonly httpStatus: number;
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface SendRawOptions {
  readonly timeoutMs?: number | undefined;
  readonly maxAnswerBytes?: number;
  /** The only addresses that are dialled; absent: the host's name is resolved. */
  readonly addresses?: readonly LookupAddress[];
}

/**
 * Sends a request once, byte for byte, on a connection of its own, and reads the answer. Host,
 * Content-Length and Connection are added; redirects are not followed.
 * @param url built by `requestUrl`, so that the target cannot choose the server
 * @throws Error when no complete answer arrives, or one that is longer than the limit
 */
export const sendRaw = (
  url: URL,
  { method, rawHeaders, body }: RawRequest,
  { timeoutMs, maxAnswerBytes = Infinity, addresses }: SendRawOptions = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method,
      headers: [
        ...['Host', url.host],
        ...rawHeaders,
        ...['Content-Length', String(body.length), 'Connection', 'close'],
      ],
      ...(addresses && { lookup: pinLookup(addresses) }),
      ...(timeoutMs !== undefined && { signal: AbortSignal.timeout(timeoutMs) }),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      readBody(response, maxAnswerBytes).then((received) => {
        if (Buffer.isBuffer(received))
          resolve({
            httpStatus: response.statusCode ?? 0,
            rawHeaders: response.rawHeaders,
            body: received,
          });
        else if (received === 'too large')
          reject(new Error(`the answer is longer than ${maxAnswerBytes} bytes`));
        else reject(received.error ?? new Error('the answer is incomplete'));
      }, reject);
    });
    request.end(body);
  });

const pinLookup =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

/** Headers by their names in lower case; of a repeated one, all values joined with a comma. */
export const headersByName = (rawHeaders: readonly string[]): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
};
