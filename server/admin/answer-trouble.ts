import type { ErrorRequestHandler, Response } from 'express';
import { formatProblem, type Problem } from '../problems/problem.ts';
import { AdminRefusal } from './admin-refusal.ts';

/** The one shape of every error: a text for people, and the same as a list. */
export const refuse = (res: Response, status: number, problems: readonly Problem[]): void => {
  res.status(status).json({ error: problems.map(formatProblem).join('\n'), remedy: problems[0]?.remedy ?? '', problems });
};

/** Answers what a route, a body's reader or the contract's validator threw. @param onTrouble told of what is nobody's fault but ours */
export const answerTrouble =
  (onTrouble: (error: unknown) => void): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof AdminRefusal) return refuse(res, error.status, error.problems);
    const status = statusOf(error);
    if (status === undefined) {
      onTrouble(error);
      return refuse(res, 500, [unforeseen(error)]);
    }
    if (status === 404 || status === 405) refuse(res, status, [noRoute(req.method, req.originalUrl)]);
    else refuse(res, status, (status === 400 && contractProblems(error)) || [bodyProblem(error, status)]);
  };

const statusOf = (error: unknown): number | undefined => {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined;
  return status !== undefined && status >= 400 && status < 500 ? status : undefined;
};

/** A store that cannot write says what to do; anything else stays inside. */
const unforeseen = (error: unknown): Problem => ({
  where: 'the simulator',
  message: error instanceof Error && error.name === 'StoreError' ? error.message : 'something unforeseen; see the log',
  remedy: 'Try again; if it stays, report it with the log.',
});

export const noRoute = (method: string, url: string): Problem => ({
  where: `${method} ${url.split('?', 1)[0]}`,
  message: 'there is no such route',
  remedy: 'GET /__admin/docs/ shows all routes, GET /__admin/openapi.json describes them.',
});

const contractProblems = (error: unknown): readonly Problem[] | undefined => {
  if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return undefined;
  // The validator's own list: a path and a sentence each.
  return (error.errors as { readonly path?: string; readonly message: string }[]).map(({ path = '', message }) => ({
    where: placeOf(path),
    message,
    remedy: 'See the route at /__admin/docs/.',
  }));
};

/** `/body/exchanges/0` becomes `body.exchanges.0`. */
const placeOf = (path: string): string => (path.startsWith('/') ? path.slice(1).replaceAll('/', '.') || 'the request' : path);

const remedies: Readonly<Record<number, string>> = {
  400: 'Send a JSON object, as GET /__admin/docs/ shows.',
  408: 'Send it in one go.',
  413: 'Send less at once.',
  415: 'Send Content-Type: application/json.',
};

const bodyProblem = (error: unknown, status: number): Problem => ({
  where: 'the body',
  message: error instanceof Error ? error.message : String(error),
  remedy: remedies[status] ?? 'Correct it and try again.',
});
