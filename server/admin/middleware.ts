import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { suggest } from '../problems/did-you-mean.ts';
import {
  describeJsonError,
  findReservedKey,
  isDeeperThan,
  reservedKeyProblem,
} from '../problems/json-text.ts';
import { formatProblem, type Problem } from '../problems/problem.ts';
import { readBody } from '../protocol/body.ts';
import { StoreError } from '../storage/store.ts';

const self = ["'self'"];
const none = ["'none'"];

const directives = {
  defaultSrc: none,
  scriptSrc: self,
  styleSrc: self,
  imgSrc: ["'self'", 'data:'],
  fontSrc: self,
  connectSrc: self,
  baseUri: none,
  formAction: none,
  frameAncestors: none,
};

/**
 * Security headers of the simulator's pages and API, not of the operations. The pages are served over
 * plain http under any host name of a container network, so there is no Strict-Transport-Security.
 */
const headersWith = (styleSrc: readonly string[]): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...directives, styleSrc } },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    // Applies to secure origins only; browsers log a warning elsewhere.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });

export const secureHeaders: RequestHandler = headersWith(self);

/** Swagger UI writes styles into its elements. */
export const secureDocsHeaders: RequestHandler = headersWith(["'self'", "'unsafe-inline'"]);

/**
 * Answers paths with a broken percent-encoding (`%ff`, `%zz`), which a router would otherwise pass
 * on as an error of its own.
 */
export const rejectMalformedPath =
  (reject: (req: Request, res: Response) => void): RequestHandler =>
  (req, res, next) => {
    if (isDecodable(req.path)) next();
    else reject(req, res);
  };

const isDecodable = (path: string): boolean => {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

/** A signal that aborts when the client no longer waits for the response. */
export const abortOnClose = (res: Response): AbortSignal => {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
};

/** As in openapi/admin.yaml. */
const bodyBytes = 1024 * 1024;
const importBytes = 64 * 1024 * 1024;
const maxBodyDepth = 64;
const bodyTimeoutMs = 15_000;

const rawBytes = new WeakMap<object, Buffer>();

/** The body's very bytes, where text was expected: copied messages are not always UTF-8. */
export const toBuffer = (req: Request): Buffer => rawBytes.get(req) ?? Buffer.alloc(0);

const textTypes = ['text/plain', 'message/http', 'application/octet-stream'];

/** Reads the body, within limits of size, depth and time. */
export const bodyReaders = (arrivalMs: number = bodyTimeoutMs): readonly RequestHandler[] => [
  (req, res, next) => {
    const timer = setTimeout(() => {
      if (req.complete || res.headersSent) return;
      const problem = {
        where: 'the body',
        message: `did not arrive within ${arrivalMs / 1000} s`,
        remedy: 'Send it in one go.',
      };
      writeProblems(res.set('connection', 'close'), 408, [problem]);
    }, arrivalMs).unref();
    req.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    next();
  },
  (req, _res, next) => {
    // The validator keeps one of itself for every spelling of a type, and an absent one is no
    // reason to refuse an absent body.
    req.headers['content-type'] = plainType(req.headers['content-type']);
    next();
  },
  refuseFormTypes,
  parseRequestBody,
];

/** Any page can make a browser post these types without asking; only JSON makes it ask first. */
const refuseFormTypes: RequestHandler = (req, _res, next) => {
  const type = req.headers['content-type'] ?? '';
  const isAccepted =
    type === 'application/json' || (textTypes.includes(type) && /^\/doctor\/?$/i.test(req.path));
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method) || isAccepted) next();
  else
    throw bodyError(
      415,
      'has a Content-Type that is not accepted here',
      'Send Content-Type: application/json, or none without a body.',
    );
};

/** Reads JSON or text, by its type; other types are left to the contract's validator. */
const parseRequestBody: RequestHandler = async (req, _res, next) => {
  const type = req.headers['content-type'] ?? '';
  const isText = textTypes.includes(type);
  if (!hasBody(req) || (!isText && type !== 'application/json')) return next();
  const encoding = req.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw bodyError(415, `has Content-Encoding ${encoding}`, 'Send it as it is.');
  const bytes = await readBodyBytes(req, req.path === '/state/import' ? importBytes : bodyBytes);
  rawBytes.set(req, bytes);
  req.body = isText ? bytes.toString('utf8') : parseJsonBody(bytes, req.path);
  next();
};

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;

const readBodyBytes = async (req: Request, maxBytes: number): Promise<Buffer> => {
  const body = await readBody(req, maxBytes);
  if (Buffer.isBuffer(body)) return body;
  throw body === 'too large'
    ? bodyError(413, `is larger than ${maxBytes} bytes`, 'Send less at once.')
    : bodyError(400, 'broke off', 'Send it in one go.');
};

const parseJsonBody = (bytes: Buffer, path: string): unknown => {
  if (bytes.length === 0) return {};
  const body = parseJsonText(bytes);
  if (isDeeperThan(body, maxBodyDepth))
    throw bodyError(400, `is nested more than ${maxBodyDepth} levels deep`, 'Send less deep JSON.');
  const reserved = findReservedKey(body, reservedIn[path]);
  if (reserved === undefined) return body;
  const { message, remedy } = reservedKeyProblem(reserved);
  throw bodyError(400, `has a reserved key. ${message}`, remedy);
};

/**
 * Messages and records come from callers, whose fields may be called anything that is not lost on
 * the way.
 */
const reservedIn: Readonly<Record<string, (key: string) => boolean>> = {
  '/doctor': () => false,
  '/state/import': (key) => key === '__proto__',
};

const parseJsonText = (bytes: Buffer): unknown => {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bodyError(
      400,
      `is not JSON: ${describeJsonError(text, error)}`,
      'Send a JSON object, as GET /__admin/docs/ shows.',
    );
  }
};

const bodyError = (status: number, message: string, remedy: string): AdminRequestError =>
  new AdminRequestError(status, [{ where: 'the body', message, remedy }]);

const plainType = (type = 'application/json'): string => {
  const [plain = ''] = type.toLowerCase().split(';');
  return (
    [...textTypes, 'application/json'].find((known) => known === plain.trim()) ??
    'application/unknown'
  );
};

/** Thrown by a route that refuses a request; one error handler writes the response. */
export class AdminRequestError extends Error {
  readonly code = 'ADMIN_REQUEST_REFUSED';
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, problems: readonly Problem[]) {
    super(problems.map(({ where, message }) => `${where}: ${message}`).join('; '));
    this.name = 'AdminRequestError';
    this.status = status;
    this.problems = problems;
  }
}

/**
 * Something that is named and does not exist, with the nearest name that does.
 * @param listedBy the operation that lists the names
 */
export const notFoundError = (
  what: string,
  name: string,
  known: readonly string[],
  listedBy?: string,
): AdminRequestError =>
  new AdminRequestError(404, [
    { where: name, message: `unknown ${what}`, remedy: suggest(name, known, listedBy) },
  ]);

/** The shape of all errors: a text for people, and the same as a list. */
export const problemsBody = (problems: readonly Problem[]): object => ({
  error: problems.map(formatProblem).join('\n'),
  remedy: problems[0]?.remedy ?? '',
  problems,
});

export const writeProblems = (res: Response, status: number, problems: readonly Problem[]): void =>
  void res.status(status).json(problemsBody(problems));

/**
 * Responds to what a route, the body reader or the validator threw.
 * @param onInternalError called with an error that the caller did not cause
 */
export const errorHandler =
  (onInternalError: (error: unknown) => void): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof AdminRequestError) return writeProblems(res, error.status, error.problems);
    if (error instanceof StoreError) return writeProblems(res, 503, [describeStoreFailure(error)]);
    const status = readClientErrorStatus(error);
    if (status === undefined) {
      onInternalError(error);
      return writeProblems(res, 500, [internalError]);
    }
    if (status === 404 || status === 405)
      writeProblems(res, status, [noRoute(req.method, req.originalUrl)]);
    else writeProblems(res, status, [bodyProblems[status] ?? unreadableRequest]);
  };

const readClientErrorStatus = (error: unknown): number | undefined => {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined;
  return status !== undefined && status >= 400 && status < 500 ? status : undefined;
};

/** Its message says what to do. */
export const describeStoreFailure = ({ message }: Error): Problem => ({
  where: 'the store',
  message,
  remedy: 'Try again.',
});

/** Details stay in the log. */
const internalError: Problem = {
  where: 'the simulator',
  message: 'an unexpected error; see the log',
  remedy: 'Try again. If it persists, report it with the log.',
};

export const noRoute = (method: string, url: string): Problem => ({
  where: `${method} ${url.split('?', 1)[0]}`,
  message: 'unknown route',
  remedy: 'GET /__admin/docs/ shows all routes, GET /__admin/openapi.json describes them.',
});

const unreadableRequest: Problem = {
  where: 'the request',
  message: 'cannot be read',
  remedy: 'Send a JSON object, as GET /__admin/docs/ shows.',
};

/** By status. Texts of libraries are not shown. */
const bodyProblems: Readonly<Record<number, Problem>> = {
  408: { where: 'the body', message: 'did not arrive in time', remedy: 'Send it in one go.' },
  413: {
    where: 'the body',
    message: 'is larger than what is accepted here',
    remedy: 'Send less at once.',
  },
  415: {
    where: 'the body',
    message: 'has a Content-Type that is not accepted here',
    remedy: 'Send Content-Type: application/json.',
  },
};

export interface GuardRules {
  /** Whether only this machine can reach the listener. */
  readonly onLoopback: boolean;
  /** Required of everyone when set; always set when the listener is open to other machines. */
  readonly token: string | undefined;
}

/**
 * Checks whether a request may use the admin API.
 * @returns why not, or undefined.
 * Loopback alone proves nothing: a browser's requests come from loopback too. So without a token
 * the Host must be a loopback name (another site may point its own name at 127.0.0.1), and Origin
 * and Sec-Fetch-Site must not say that another site's page asks.
 */
export const adminAccessProblem = (
  req: IncomingMessage,
  { onLoopback, token }: GuardRules,
): string | undefined => {
  if (token !== undefined)
    return isSameSecret(readBearer(req), token)
      ? undefined
      : 'the admin token is missing or wrong; send Authorization: Bearer <token>';
  if (!onLoopback) return 'no admin token is set, and the address is open to other machines';
  if (!isLoopbackName(hostName(req.headers.host ?? '')))
    return `Host ${req.headers.host ?? '(none)'} is not a name of this machine`;
  const { origin } = req.headers;
  if (origin !== undefined && !isOwnOrigin(origin, req.headers.host ?? ''))
    return `a page of ${origin} may not use the admin API`;
  const site = req.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none'
    ? undefined
    : 'a page of another site may not use the admin API';
};

/** Whether a request has a wrong token: a guess, or an old one. */
const hasWrongToken = (req: IncomingMessage, { token }: GuardRules): boolean =>
  token !== undefined &&
  req.headers.authorization !== undefined &&
  !isSameSecret(readBearer(req), token);

/** Whether an address to listen on can be reached from this machine only. */
export const isLoopbackName = (name: string): boolean =>
  name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));

const readBearer = (req: IncomingMessage): string =>
  /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';

/**
 * Compares in constant time, whatever the length of the right token.
 */
const isSameSecret = (given: string, wanted: string): boolean =>
  timingSafeEqual(sha256(given), sha256(wanted));

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Without the port and an IPv6 address's brackets. */
const hostName = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

const isOwnOrigin = (origin: string, host: string): boolean => {
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
};

/** Time between two refusals of wrong tokens, for all callers together. */
const refusalIntervalMs = 200;

/** Longest delay of a refusal. */
const maxDelayMs = 5000;

/**
 * Slows down guessing: the first wrong token is refused at once, further ones are queued. The right
 * token is never delayed.
 * @param monotonicNow milliseconds on a steady clock
 * @returns how long the next refusal has to wait, milliseconds
 */
const createTokenThrottle = (monotonicNow: () => number): (() => number) => {
  let nextTurn = -Infinity;
  return () => {
    const now = monotonicNow();
    const turn = Math.min(Math.max(now, nextTurn), now + maxDelayMs);
    nextTurn = turn + refusalIntervalMs;
    return turn - now;
  };
};

/** Lets in what may use the admin API. */
export const admit = (guard: GuardRules, onWarning: (message: string) => void): RequestHandler => {
  const delayOfWrongToken = createTokenThrottle(() => performance.now());
  return (req, res, next) => {
    const refusal = adminAccessProblem(req, guard);
    if (refusal === undefined) return next();
    const remedy = 'See "Access to the admin API" in docs/how-to/steer.md.';
    // A client of the Model Context Protocol asks its user for a token at a 401 only.
    const isTokenMissing = guard.token !== undefined && req.path === '/mcp';
    const answer = (): void =>
      writeProblems(res, isTokenMissing ? 401 : 403, [
        { where: 'the admin API', message: refusal, remedy },
      ]);
    if (!hasWrongToken(req, guard)) return answer();
    onWarning('a wrong admin token was refused');
    const timer = setTimeout(answer, delayOfWrongToken()).unref();
    res.once('close', () => clearTimeout(timer));
  };
};
