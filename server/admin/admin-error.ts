import type { ErrorRequestHandler, Response } from 'express';
import { suggest } from '../problems/did-you-mean.ts';
import { formatProblem, type Problem } from '../problems/problem.ts';
import { StoreError } from '../storage/store.ts';

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
