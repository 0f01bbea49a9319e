import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import { middleware } from 'express-openapi-validator';
import { requestDocument } from '../domain/contract/request-document.ts';
import { AdminRequestError } from './admin-error.ts';
import { contractProblems } from './contract-problems.ts';
import type { operations } from './types.gen.ts';

type AdminDocument = Readonly<Record<string, unknown>>;
type AdminOperation = keyof operations;

/** The JSON body of an operation. */
export type BodyOf<O extends AdminOperation> = operations[O] extends {
  requestBody?: { content: { 'application/json': infer B } };
}
  ? B
  : never;

type QueryParametersOf<O extends AdminOperation> = operations[O] extends {
  parameters: { query?: infer Q };
}
  ? NonNullable<Q>
  : never;

/** Validates requests against openapi/admin.yaml. Built at the first request, to start faster. */
export const createAdminValidator = (document: () => AdminDocument): RequestHandler => {
  let built: RequestHandler | undefined;
  return (req, res, next) => {
    built ??= buildValidator(document());
    built(req, res, next);
  };
};

const buildValidator = (document: AdminDocument): RequestHandler =>
  Router().use(
    middleware({
      // The document is linted, and tested route by route.
      apiSpec: requestDocument(document) as unknown as Parameters<typeof middleware>[0]['apiSpec'],
      validateApiSpec: false,
      validateRequests: { allErrors: true },
      validateResponses: false,
      validateSecurity: false,
      fileUploader: false,
    }),
    explainErrors(document),
  );

/** Replaces the validator's texts by this project's. */
const explainErrors =
  (document: AdminDocument): ErrorRequestHandler =>
  (error, req, _res, next) => {
    const problems = contractProblems(error, req, document);
    next(problems === undefined ? error : new AdminRequestError(400, problems));
  };

/** The validated body of a request. */
export const validatedBody = <O extends AdminOperation>(req: Request, _operation: O): BodyOf<O> =>
  (req.body ?? {}) as BodyOf<O>;

/** The validated query, with numbers as numbers. */
export const validatedQuery = <O extends AdminOperation>(
  req: Request,
  _operation: O,
): QueryParametersOf<O> => req.query as QueryParametersOf<O>;

/** A parameter of the path. */
export const pathValue = (req: Request, name: string): string => String(req.params[name]);
