import type { LookupAddress } from 'node:dns';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { omitUndefined } from '../problems/plain-object.ts';
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
  /** Resolves the host's name, and passes on only what may be dialled. */
  readonly lookup?: LookupFunction;
  /** Puts the whole URL on the request line. */
  readonly isAbsolute?: boolean;
  /** Certificates, PEM, to trust instead of the system's. */
  readonly ca?: Buffer | undefined;
  readonly signal?: AbortSignal;
  /** Called before anything is sent. @returns why nothing may be sent on this connection */
  readonly onConnect?: (socket: Socket) => Error | undefined;
  /** Writes the body; when absent, whole and at once. */
  readonly write?: ((outgoing: ClientRequest, body: Buffer) => void) | undefined;
  /** Called when all of the request has left. */
  readonly onSent?: () => void;
  readonly onFirstByte?: () => void;
}

/** The answer is longer than the limit. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
  readonly code = 'TOO_LARGE';
}

/**
 * Begins a request: the one place where the simulator dials an address of the user's. Redirects are
 * not followed, proxies of the environment are not used.
 */
export const openRequest = (url: URL, options: RequestOptions): ClientRequest =>
  (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);

/**
 * Sends a request once, byte for byte, on a connection of its own, and reads the answer. Host,
 * Content-Length and Connection are added; redirects are not followed.
 * @param url built by `requestUrl`, so that the target cannot choose the server
 * @throws Error when no complete answer arrives, or one that is longer than the limit
 */
export const sendRaw = (
  url: URL,
  { method, rawHeaders, body }: RawRequest,
  options: SendRawOptions = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { timeoutMs, maxAnswerBytes = Infinity, addresses, ca, onConnect, onFirstByte } = options;
    const { write = (outgoing: ClientRequest): void => void outgoing.end(body) } = options;
    const lookup = addresses === undefined ? options.lookup : pinLookup(addresses);
    const signal = timeoutMs === undefined ? options.signal : AbortSignal.timeout(timeoutMs);
    const request = openRequest(url, {
      method,
      agent: false,
      path: options.isAbsolute === true ? url.href : `${url.pathname}${url.search}`,
      // Whatever the environment says: what is sent is signed, and may be a secret.
      rejectUnauthorized: true,
      headers: [
        ...['Host', url.host],
        ...rawHeaders,
        ...['Content-Length', String(body.length), 'Connection', 'close'],
      ],
      ...omitUndefined({ lookup, signal, ca }),
    });
    request.once('error', reject);
    if (options.onSent !== undefined) request.once('finish', options.onSent);
    request.once('response', (response) => {
      onFirstByte?.();
      readBody(response, maxAnswerBytes).then((received) => {
        // What comes after the answer is neither read nor waited for.
        if (received === 'too large') request.destroy();
        if (Buffer.isBuffer(received))
          resolve({
            httpStatus: response.statusCode ?? 0,
            rawHeaders: response.rawHeaders,
            body: received,
          });
        else if (received === 'too large')
          reject(new AnswerTooLargeError(`the answer is longer than ${maxAnswerBytes} bytes`));
        else reject(received.error ?? new Error('the answer is incomplete'));
      }, reject);
    });
    if (onConnect === undefined) write(request, body);
    else
      request.once('socket', (socket) => {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          const problem = onConnect(socket);
          if (problem === undefined) write(request, body);
          else request.destroy(problem);
        });
      });
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
