import type { ErrorRequestHandler, Response } from 'express';
import { suggest } from '../problems/did-you-mean.ts';
import { formatProblem, type Problem } from '../problems/problem.ts';

/** The admin API's no: thrown by its routes, answered in one place. */
export class AdminApiError extends Error {
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, problems: readonly Problem[]) {
    super(problems.map(({ where, message }) => `${where}: ${message}`).join('; '));
    this.name = 'AdminApiError';
    this.status = status;
    this.problems = problems;
  }
}

/**
 * Something that is named and does not exist, with the nearest name that does.
 * @param listedBy the operation that lists the names
 */
export const noSuch = (
  what: string,
  name: string,
  known: readonly string[],
  listedBy?: string,
): AdminApiError =>
  new AdminApiError(404, [
    { where: name, message: `there is no such ${what}`, remedy: suggest(name, known, listedBy) },
  ]);

/** The one shape of every error: a text for people, and the same as a list. */
export const refuse = (res: Response, status: number, problems: readonly Problem[]): void => {
  res.status(status).json({
    error: problems.map(formatProblem).join('\n'),
    remedy: problems[0]?.remedy ?? '',
    problems,
  });
};

/**
 * Answers what a route, a body's reader or the contract's validator threw. @param onTrouble told of
 * what is nobody's fault but ours
 */
export const errorHandler =
  (onTrouble: (error: unknown) => void): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof AdminApiError) return refuse(res, error.status, error.problems);
    const status = statusOf(error);
    if (status === undefined) {
      onTrouble(error);
      return refuse(res, 500, [internalError(error)]);
    }
    if (status === 404 || status === 405)
      refuse(res, status, [noRoute(req.method, req.originalUrl)]);
    else refuse(res, status, [bodyProblems[status] ?? unreadable]);
  };

const statusOf = (error: unknown): number | undefined => {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined;
  return status !== undefined && status >= 400 && status < 500 ? status : undefined;
};

/** A store that cannot write says what to do; anything else stays inside. */
const internalError = (error: unknown): Problem => ({
  where: 'the simulator',
  message:
    error instanceof Error && error.name === 'StoreError'
      ? error.message
      : 'something unforeseen; see the log',
  remedy: 'Try again; if it stays, report it with the log.',
});

export const noRoute = (method: string, url: string): Problem => ({
  where: `${method} ${url.split('?', 1)[0]}`,
  message: 'there is no such route',
  remedy: 'GET /__admin/docs/ shows all routes, GET /__admin/openapi.json describes them.',
});

const unreadable: Problem = {
  where: 'the request',
  message: 'cannot be read',
  remedy: 'Send a JSON object, as GET /__admin/docs/ shows.',
};

/** By status. What a library says of the body stays inside. */
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
