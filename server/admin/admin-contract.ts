import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import { middleware } from 'express-openapi-validator';
import { requestDocument } from '../domain/contract/request-document.ts';
import { AdminApiError } from './admin-error.ts';
import { contractProblems } from './contract-problems.ts';
import type { operations } from './types.gen.ts';

type Document = Readonly<Record<string, unknown>>;
type Operation = keyof operations;

/** What an operation takes as JSON. */
export type BodyOf<O extends Operation> = operations[O] extends {
  requestBody?: { content: { 'application/json': infer B } };
}
  ? B
  : never;

type QueryOf<O extends Operation> = operations[O] extends { parameters: { query?: infer Q } }
  ? NonNullable<Q>
  : never;

/**
 * Checks requests against openapi/admin.yaml. Built at the first of them: a start, and whoever
 * never asks, pays nothing for it.
 */
export const createAdminValidator = (document: () => Document): RequestHandler => {
  let built: RequestHandler | undefined;
  return (req, res, next) => {
    built ??= build(document());
    built(req, res, next);
  };
};

const build = (document: Document): RequestHandler =>
  Router().use(
    middleware({
      // Linted where it is written, tested route by route.
      apiSpec: requestDocument(document) as unknown as Parameters<typeof middleware>[0]['apiSpec'],
      validateApiSpec: false,
      validateRequests: { allErrors: true },
      validateResponses: false,
      validateSecurity: false,
      fileUploader: false,
    }),
    inOurWords(document),
  );

/** No text of the validator's own reaches a caller. */
const inOurWords =
  (document: Document): ErrorRequestHandler =>
  (error, req, _res, next) => {
    const problems = contractProblems(error, req, document);
    next(problems === undefined ? error : new AdminApiError(400, problems));
  };

/** The body of a request that has passed the contract. */
export const validatedBody = <O extends Operation>(req: Request, _operation: O): BodyOf<O> =>
  (req.body ?? {}) as BodyOf<O>;

/** Its query, numbers as numbers. */
export const validatedQuery = <O extends Operation>(req: Request, _operation: O): QueryOf<O> =>
  req.query as QueryOf<O>;

/** A value of its path. */
export const pathValue = (req: Request, name: string): string => String(req.params[name]);
