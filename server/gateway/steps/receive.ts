import type { IncomingMessage } from 'node:http';
import type { ClientRegistry } from '../../clients/client-registry.ts';
import type { Contract, Finding, Operation } from '../../domain/contract/contract.ts';
import type { Headers } from '../../domain/scenarios/request-overrides.ts';
import { nearestWord } from '../../problems/did-you-mean.ts';
import { clipText } from '../../problems/display-text.ts';
import { readBody, type UnreadBody } from '../../protocol/body.ts';
import { misnamedHeader, type ProtocolHeader } from '../../protocol/headers.ts';
import { whoClosed } from '../connection.ts';
import {
  type Known,
  knownFromHead,
  type Received,
  Refusal,
  refuseWithMessage,
} from '../exchange.ts';

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

interface Receiver {
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

type Named = Pick<IncomingMessage, 'rawHeaders'>;

const readNames = ({ rawHeaders }: Named): readonly string[] =>
  rawHeaders.filter((_, at) => at % 2 === 0);

/** A header that holds a signature list under a name of another protocol, such as Authorization. */
const listElsewhere = ({ rawHeaders }: Named): string | undefined => {
  const at = rawHeaders.findIndex(
    (text, index) => index % 2 === 1 && /(?:^|[,\s])signature=/i.test(text),
  );
  return rawHeaders[at - 1];
};

/** The name as sent of the header that was probably meant to be this one. */
export const misnamedAs = (req: Named, meant: ProtocolHeader): string | undefined =>
  misnamedHeader(readNames(req), meant) ?? (meant === 'Signature' ? listElsewhere(req) : undefined);

const clipName = (name: string): string => clipText(name, 40);

/**
 * What to append to the message about a missing header; empty when no other header looks like it.
 */
export const didYouMeanHeader = (req: IncomingMessage, meant: ProtocolHeader): string => {
  const name = misnamedAs(req, meant);
  return name === undefined
    ? ''
    : `, but the request has a header "${clipName(name)}". Did you mean "${meant}"?`;
};

/** For a request without Encrypt: a header that is not read, because its name is another. */
export const encryptNameFinding = (req: IncomingMessage): readonly Finding[] => {
  const name = namesEncryption(req) ? misnamedAs(req, 'Encrypt') : undefined;
  if (name === undefined) return [];
  return [
    {
      id: 'HEADER_NAME',
      sentence: `header "${clipName(name)}": is not read. Did you mean "Encrypt"?`,
      register: 'G-02',
    },
  ];
};

/** Asked of every request, so it looks no further than it must. */
const namesEncryption = ({ rawHeaders }: IncomingMessage): boolean => {
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (/crypt/i.test(rawHeaders[at] ?? '')) return true;
  return false;
};

/**
 * How many lines of the request carry this header. Node joins some headers that are sent twice, and
 * of others keeps the first.
 */
export const timesSent = ({ rawHeaders }: IncomingMessage, name: string): number => {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === name.length && rawHeaders[at]?.toLowerCase() === name) times++;
  return times;
};

/** The header's value, or undefined where it is missing, empty, or sent more than once. */
const sentOnce = (req: IncomingMessage, name: string): string | undefined => {
  const value = req.headers[name]?.toString().trim();
  if (value === undefined || value === '') return undefined;
  return value.includes(',') && timesSent(req, name) > 1 ? undefined : value;
};

/**
 * Says which path may have been meant, and why it is not the one that was sent.
 * Paths are exact: letter case and a slash at the end count. Two of the contract's are inferred, so
 * a right one may well be unknown here.
 */
export const suggestPath = (path: string, known: readonly string[]): string => {
  const suggestion = nameKnown(path, known);
  if (suggestion === undefined)
    return 'if AlipayHK gave you this path, set it as paths.<operation>';
  return path.startsWith('/api/open/')
    ? `${suggestion}${suggestion.endsWith('?') ? '' : '.'} Else set paths.<operation>`
    : suggestion;
};

const nameKnown = (path: string, known: readonly string[]): string | undefined => {
  const plain = undoSlips(path);
  const same = known.find((candidate) => candidate.toLowerCase() === plain.toLowerCase());
  if (same !== undefined) return `did you mean ${same}?${describeSlip(path)}`;
  const inside = known.find((candidate) => plain.toLowerCase().endsWith(candidate.toLowerCase()));
  if (inside !== undefined) {
    const prefix = plain.slice(0, plain.length - inside.length);
    return `did you mean ${inside}? To serve a prefix set basePath: ${clipText(prefix, 80)}`;
  }
  const longer = known.find(
    (candidate) => plain.length > 1 && candidate.toLowerCase().endsWith(plain.toLowerCase()),
  );
  if (longer !== undefined) return `did you mean ${longer}?`;
  const nearest = nearestPath(plain, known);
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
};

/** Percent-encoding, path parameters, white space, doubled slashes, one at the end. */
const undoSlips = (path: string): string =>
  decodePath(path)
    .replace(/;[^/]*/g, '')
    .replace(/\s+/g, '')
    .replace(/\\/g, '/')
    .replace(/\/{2,}/g, '/')
    .replace(/\/+$/, '');

const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const describeSlip = (path: string): string => {
  const decoded = decodePath(path);
  if (/;/.test(decoded)) return ' Path parameters (;name=value) are not part of it';
  if (/\s/.test(decoded)) return ' There is white space in the path';
  if (/\/\//.test(decoded)) return ' There is a doubled slash in the path';
  if (/\/$/.test(decoded)) return ' There is a slash at the end';
  if (decoded !== path) return ' Parts of it are percent-encoded';
  return '';
};

/**
 * The known paths have long beginnings in common: only the segments in which they differ count.
 */
const nearestPath = (path: string, known: readonly string[]): string | undefined => {
  const segments = path.split('/');
  const near = known.filter((candidate) => {
    const own = candidate.split('/');
    const different = own.filter(
      (segment, at) => segment.toLowerCase() !== segments[at]?.toLowerCase(),
    );
    return (
      own.length === segments.length &&
      different.every((segment) => isNear(segments[own.indexOf(segment)] ?? '', segment))
    );
  });
  return near.length === 1 ? near[0] : undefined;
};

const isNear = (given: string, segment: string): boolean =>
  nearestWord(given, [segment]) !== undefined;
