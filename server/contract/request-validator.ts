import express, { type NextFunction, type Request, type Response } from 'express';
import { middleware } from 'express-openapi-validator';
import type { JsonObject } from '../world/state.ts';
import type { Contract, Operation } from './contract.ts';
import { type ContractError, describeFaults } from './describe-faults.ts';

/** Checks a request's fields against the contract. @returns what is wrong, a sentence a field; empty when nothing is. */
export type RequestValidator = (operation: Operation, request: JsonObject) => Promise<readonly string[]>;

/**
 * Builds express-openapi-validator from the contract. It is handed a bare request of its own, with nothing but the path,
 * a plain `application/json` (its cache would keep one validator for every spelling of Content-Type) and the parsed body:
 * the protocol's headers have been checked by then, and their bytes are not to be touched.
 * @throws Error when the contract cannot be compiled; every operation is tried at once, which also warms it up.
 */
export const createRequestValidator = async (contract: Contract): Promise<RequestValidator> => {
  const app = express();
  const router = express.Router({ strict: true, caseSensitive: true });
  router.use(
    middleware({
      // The contract's reader has checked the parts that matter here; the validator checks the rest itself.
      apiSpec: contract.document as unknown as Parameters<typeof middleware>[0]['apiSpec'],
      validateRequests: { allErrors: true },
      validateResponses: false,
      validateSecurity: false,
      fileUploader: false,
    }),
  );
  const run = (operation: Operation, body: JsonObject): Promise<unknown> => {
    const req: Request = Object.assign(Object.create(app.request), {
      app,
      method: 'POST',
      url: operation.path,
      originalUrl: operation.path,
      headers: presentHeaders,
      body,
    });
    const res: Response = Object.assign(Object.create(app.response), { app, req, locals: {} });
    return new Promise((resolve) => router(req, res, resolve as NextFunction));
  };
  const validate: RequestValidator = async (operation, request) => {
    const error = await run(operation, request);
    return error === undefined ? [] : describeFaults(contractErrors(error), request);
  };
  for (const operation of contract.operations.values()) await warmUp(operation, validate);
  return validate;
};

const presentHeaders = { 'content-type': 'application/json', 'client-id': '-', signature: '-', 'request-time': '-' };

/** Tells the request's faults from the validator's own troubles, which are thrown. */
const contractErrors = (error: unknown): readonly ContractError[] => {
  const isBadRequest =
    error instanceof Error && 'status' in error && error.status === 400 && 'errors' in error && Array.isArray(error.errors);
  if (!isBadRequest) throw error;
  return error.errors as ContractError[];
};

const warmUp = async (operation: Operation, validate: RequestValidator): Promise<void> => {
  for (const [name, example] of operation.examples) {
    const faults = await validate(operation, structuredClone(example));
    if (faults.length > 0) throw new Error(`${operation.id}: the example "${name}" breaks the contract: ${faults.join('; ')}`);
  }
};
