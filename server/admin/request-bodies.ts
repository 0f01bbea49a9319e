import express, { type Request, type RequestHandler } from 'express';
import { AdminRefusal } from './admin-refusal.ts';
import { refuse } from './answer-trouble.ts';

/** As openapi/admin.yaml says. */
const bodyBytes = 1024 * 1024;
const importBytes = 64 * 1024 * 1024;
const deepest = 64;
const longestArrivalMs = 15_000;

const rawBytes = new WeakMap<object, Buffer>();

/** The body's very bytes, where text was expected: copied messages are not always UTF-8. */
export const bytesOf = (req: Request): Buffer => rawBytes.get(req) ?? Buffer.alloc(0);

const keepBytes = (req: object, _res: unknown, bytes: Buffer): void => {
  rawBytes.set(req, bytes);
};

const textTypes = ['text/plain', 'message/http', 'application/octet-stream'];

const readJson = express.json({ limit: bodyBytes });
const readImport = express.json({ limit: importBytes });
const readText = express.text({ type: textTypes, limit: bodyBytes, verify: keepBytes });
const readCopiedJson = express.json({ limit: bodyBytes, verify: keepBytes });

/** Reads the body, within limits of size, depth and time. */
export const bodyReaders = (arrivalMs: number = longestArrivalMs): readonly RequestHandler[] => [
  (req, res, next) => {
    const timer = setTimeout(() => {
      if (req.complete || res.headersSent) return;
      const problem = { where: 'the body', message: `did not arrive within ${arrivalMs / 1000} s`, remedy: 'Send it in one go.' };
      refuse(res.set('connection', 'close'), 408, [problem]);
    }, arrivalMs).unref();
    req.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    next();
  },
  (req, _res, next) => {
    // The validator keeps one of itself for every spelling of a type, and an absent one is no reason to refuse an absent body.
    req.headers['content-type'] = plainType(req.headers['content-type']);
    next();
  },
  (req, res, next) => readerFor(req.path)(req, res, next),
  readText,
  (req, _res, next) => {
    if (isDeeperThan(req.body, deepest))
      throw new AdminRefusal(400, [
        { where: 'the body', message: `is nested more than ${deepest} levels deep`, remedy: 'Send less deep JSON.' },
      ]);
    next();
  },
];

const plainType = (type = 'application/json'): string => {
  const [plain = ''] = type.toLowerCase().split(';');
  return [...textTypes, 'application/json'].find((known) => known === plain.trim()) ?? 'application/unknown';
};

const readerFor = (path: string): RequestHandler =>
  path === '/state/import' ? readImport : path === '/doctor' ? readCopiedJson : readJson;

/** Looks level by level, so that depth itself can do no harm. */
export const isDeeperThan = (value: unknown, levels: number): boolean => {
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= levels) return true;
    level = level.flatMap((one) => Object.values(one)).filter(isNested);
  }
  return false;
};

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
