import type { IncomingMessage } from 'node:http';
import type { ClientRegistry } from '../../clients/client-registry.ts';
import type { Contract, Operation } from '../../domain/contract/contract.ts';
import type { Headers } from '../../domain/scenarios/request-overrides.ts';
import { clipText } from '../../problems/display-text.ts';
import { readBody, type UnreadBody } from '../../protocol/body.ts';
import { whoClosed } from '../connection.ts';
import {
  type Known,
  knownFromHead,
  type Received,
  Refusal,
  refuseWithMessage,
} from '../exchange.ts';
import { didYouMeanHeader, sentOnce, timesSent } from './header-lines.ts';
import { suggestPath } from './suggest-path.ts';

/** The connection closed before the request was complete: there is no one to answer. */
export class BrokenOffError extends Error {
  readonly code = 'REQUEST_BROKEN_OFF';
  /** What of the body had arrived. */
  readonly body: Buffer;

  constructor(body: Buffer, req: IncomingMessage) {
    const declared = req.headers['content-length'];
    super(
      `the ${whoClosed(req.socket)} closed the connection after ${body.length}` +
        `${declared === undefined ? '' : ` of ${clipPath(declared)}`} bytes of the body`,
    );
    this.name = 'BrokenOffError';
    this.body = body;
  }
}

export interface Receiver {
  /** Reads from the head of the request what even a refusal needs. */
  locate(req: IncomingMessage): Known;
  /** @throws Refusal at once, or later */
  receive(req: IncomingMessage, located: Known, nowUs: () => number): Promise<Received>;
}

/**
 * Step 1: path, method, media type, size, in this order (register G-01); the exact bytes are kept.
 */
export const createReceiver = (contract: Contract, maxBodyBytes: number): Receiver => {
  const byPath = new Map(
    [...contract.operations.values()].flatMap((operation) =>
      operation.paths.map((path): [string, Operation] => [path, operation]),
    ),
  );
  const locate: Receiver['locate'] = (req) => {
    const target = originForm(req.url ?? '');
    const operation = byPath.get(pathWithoutQuery(target));
    const claimedClientId = sentOnce(req, 'client-id');
    return knownFromHead({ target, operation, claimedClientId });
  };
  return {
    locate,
    receive: (req, located, nowUs) => {
      const { target, operation } = located;
      if (operation === undefined)
        throw refuseWithMessage(
          'INVALID_API',
          'G-02',
          `no operation has the path ${clipPath(pathWithoutQuery(target))}; ` +
            `${suggestPath(pathWithoutQuery(target), [...byPath.keys()])}`,
        );
      if (req.method !== 'POST')
        throw refuseWithMessage(
          'METHOD_NOT_SUPPORTED',
          'G-02',
          `${req.method} is not supported, only POST`,
        );
      checkMediaType(req);
      return readBody(req, maxBodyBytes).then((read) => {
        const body = checkRead(read, req, maxBodyBytes);
        return { ...located, operation, body, requestCompleteUs: Math.round(nowUs()) };
      });
    },
  };
};

/** The client that counts before anything is proved: the one that the request names, if known. */
export const claimedClient = (headers: Headers, book: ClientRegistry): string | undefined => {
  const name = headers['client-id'];
  return typeof name === 'string' && book.keyring(name) !== undefined ? name : undefined;
};

const pathWithoutQuery = (target: string): string => target.split('?', 1)[0] ?? '';

/**
 * A request line may carry an absolute URL; what is signed and routed is its path and query
 * (register G-21).
 */
const originForm = (url: string): string => {
  if (url.startsWith('/')) return url;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(url);
  if (absolute === null) return url;
  const rest = absolute[1] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
};

const clipPath = (text: string): string => clipText(text, 120);

const checkSentOnce = (req: IncomingMessage): void => {
  const times = timesSent(req, 'content-type');
  if (times < 2) return;
  const lines = (req.headersDistinct['content-type'] ?? []).map((line) =>
    line.replaceAll(' ', '').toLowerCase(),
  );
  if (times > 2 || lines.sort().join() !== officialPair)
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-20',
      `Content-Type header: sent ${times} times, must be sent once`,
    );
};

/**
 * Antom's official Go SDK sends these two lines, and its users cannot change it (register G-20).
 */
const officialPair = 'application/json,application/json;charset=utf-8';

/** The last Content-Type in JSON that was accepted: nearly every request has the same. */
let acceptedJson = '';

const checkMediaType = (req: IncomingMessage): void => {
  checkSentOnce(req);
  const value = req.headers['content-type'];
  if (value === acceptedJson && req.headers['content-encoding'] === undefined) return;
  const refuse = (reason: string) => refuseWithMessage('MEDIA_TYPE_NOT_ACCEPTABLE', 'G-20', reason);
  const coding = req.headers['content-encoding']
    ?.split(',')
    .map((one) => one.trim().toLowerCase())
    .find((one) => one !== '' && one !== 'identity');
  if (coding !== undefined)
    throw refuse(`Content-Encoding ${clipPath(coding)} is not accepted; send the body as it is`);
  if (value === undefined)
    throw refuse(
      `Content-Type is missing; send application/json; charset=UTF-8${didYouMeanHeader(req, 'Content-Type')}`,
    );
  const [type = '', ...parameters] = value.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json' && type !== 'text/plain')
    throw refuse(
      `Content-Type ${clipPath(type)} is not accepted; send application/json; charset=UTF-8`,
    );
  if (type === 'text/plain' && req.headers['encrypt'] === undefined)
    throw refuse(
      'Content-Type text/plain is for encrypted bodies, but there is no Encrypt ' +
        `header${didYouMeanHeader(req, 'Encrypt')}`,
    );
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw refuse(`charset ${clipPath(charset)} is not accepted; only UTF-8 is`);
  if (type === 'application/json') acceptedJson = value;
};

const checkRead = (body: Buffer | UnreadBody, req: IncomingMessage, maxBytes: number): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  if (body !== 'too large') throw new BrokenOffError(body.received, req);
  const reason = `the body is larger than ${maxBytes} bytes`;
  throw new Refusal('PARAM_ILLEGAL', {
    register: 'G-24',
    reason,
    message: reason,
    httpStatus: 413,
  });
};
