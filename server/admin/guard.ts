import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { writeProblems } from './middleware.ts';

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
