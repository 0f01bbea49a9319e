import type { Request, RequestHandler } from 'express';
import {
  describeJsonError,
  findReservedKey,
  isDeeperThan,
  reservedKeyProblem,
} from '../problems/json-text.ts';

import { readBody } from '../protocol/body.ts';
import { AdminRequestError, writeProblems } from './admin-error.ts';

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
