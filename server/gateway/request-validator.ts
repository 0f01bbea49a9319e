import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { middleware } from 'express-openapi-validator';
import type { Contract, Operation } from '../domain/contract/contract.ts';
import { type ContractError, describeFaults } from '../domain/contract/describe-faults.ts';
import { requestDocument, withConditions, withoutParameters } from '../domain/contract/document.ts';
import type { JsonObject } from '../domain/state/state.ts';
import type { Problem } from '../problems/problem.ts';

/**
 * Checks a request's fields against the contract. @returns what is wrong, a sentence a field; empty
 * when nothing is.
 */
export type RequestValidator = (
  operation: Operation,
  request: JsonObject,
  /** Numbers that the parsed request does not hold as they were written, by dotted path. */
  asWritten?: ReadonlyMap<string, string>,
) => Promise<readonly string[]>;

export interface PreparedValidator {
  /** Compiles an operation's schemas when it is first asked for. */
  readonly validate: RequestValidator;
  /**
   * Tries every operation with its own examples, one a turn, which also compiles it.
   * @throws Error when the contract cannot be compiled, or an example breaks it
   */
  readonly validateExamples: () => Promise<void>;
}

/**
 * Builds express-openapi-validator from the contract. It is handed a bare request of its own, with
 * nothing but the path, a plain `application/json` (its cache would keep one validator for every
 * spelling of Content-Type) and the parsed body: the protocol's headers have been checked by then,
 * and their bytes are not to be touched, so it does not even know of them.
 *
 * All its handlers but the last look up which operation a path belongs to, at several times the
 * cost of validating. Here that is known, so they run once an operation; what they wrote on the
 * request is inherited by all later ones.
 * @param isOwnContract the document can be cut down to what is needed here: its schemas do not
 *   contain themselves. More than half of the time to start would go into the rest
 */
export const createRequestValidator = (
  contract: Contract,
  isOwnContract: boolean,
): PreparedValidator => {
  const app = express().enable('strict routing').enable('case sensitive routing');
  const document = withConditions(contract.document);
  const handlers = middleware({
    apiSpec: withoutParameters(
      isOwnContract ? requestDocument(document) : document,
    ) as unknown as Parameters<typeof middleware>[0]['apiSpec'],
    // Another contract is checked when it is loaded: this check would print its raw list.
    validateApiSpec: false,
    validateRequests: { allErrors: true },
    validateResponses: false,
    validateSecurity: false,
    fileUploader: false,
  });
  const lookUps = handlers.slice(0, -1);
  const [check] = handlers.slice(-1);
  const lookedUp = new Map<Operation, Request>();
  const validate: RequestValidator = async (operation, request, asWritten) => {
    let known = lookedUp.get(operation);
    if (known === undefined) {
      known = await runLookUps(bareRequest(app, operation.path), lookUps);
      lookedUp.set(operation, known);
    }
    if (check === undefined) return noFaults;
    const copy: Request = Object.create(known);
    copy.body = request;
    const error = await runHandler(check, copy);
    return error === undefined
      ? noFaults
      : describeFaults(contractErrors(error), request, operation, asWritten);
  };
  return {
    validate,
    validateExamples: async () => {
      for (const operation of contract.operations.values()) {
        await nextTurn();
        await tryExamples(operation, validate);
      }
    },
  };
};

const noFaults: readonly string[] = [];

/** With a query of its own, so that Express need not parse the path for one. */
const bareRequest = (app: Express, path: string): Request =>
  Object.assign(Object.create(app.request, { query: { value: {}, writable: true } }), {
    app,
    method: 'POST',
    url: path,
    originalUrl: path,
    headers: { 'content-type': 'application/json' },
    body: {},
  });

type ValidatorHandler = ReturnType<typeof middleware>[number];

const runLookUps = async (
  req: Request,
  handlers: readonly ValidatorHandler[],
): Promise<Request> => {
  for (const handler of handlers) {
    const error = await runHandler(handler, req);
    if (error !== undefined) throw error;
  }
  return req;
};

/** @returns what the handler has to complain about. */
const runHandler = (handler: ValidatorHandler, req: Request): Promise<unknown> =>
  new Promise((resolve) => handler(req, untouched, resolve as NextFunction));

/** The validator of requests has no use for a response. */
const untouched = Object.freeze({}) as Response;

/** Separates the request's faults from the validator's own errors, which are thrown. */
const contractErrors = (error: unknown): readonly ContractError[] => {
  const isBadRequest =
    error instanceof Error &&
    'status' in error &&
    error.status === 400 &&
    'errors' in error &&
    Array.isArray(error.errors);
  if (!isBadRequest) throw error;
  return error.errors as ContractError[];
};

const tryExamples = async (operation: Operation, validate: RequestValidator): Promise<void> => {
  for (const [name, example] of operation.examples) {
    const faults = await validate(operation, structuredClone(example));
    if (faults.length > 0)
      throw new BrokenExample(
        `${operation.id}: the example "${name}" breaks the contract: ${faults.join('; ')}`,
      );
  }
};

/** An example of the contract breaks its own schema; the message is in our words. */
export class BrokenExample extends Error {
  override readonly name = 'BrokenExample';
}

interface Cause {
  /** Found in the library's text; its first group is the part of the document that is wrong. */
  readonly raw: RegExp;
  readonly message: (part: string) => string;
  readonly remedy: string;
}

const lintContract = 'npx @redocly/cli lint shows more.';

const causes: readonly Cause[] = [
  {
    raw: /\$ref pointer "([^"]*)"|can't resolve reference (\S+)/,
    message: (part) => `refers to "${part}", which is not in the document`,
    remedy: 'Correct the $ref, or add what it names.',
  },
  {
    raw: /Error (?:opening|reading|downloading|parsing) (?:file )?"?([^":]+)/,
    message: (part) => `refers to another file that cannot be read: ${part}`,
    remedy: 'Put what that file holds into the document itself.',
  },
  {
    raw: /Invalid regular expression: \/(.*)\/\w*: /s,
    message: (part) => `has a pattern that is not a regular expression: ${part}`,
    remedy: `Correct the pattern; ${lintContract}`,
  },
  {
    raw: /^(?:keyword )?"?(\w+)"? (?:keyword )?(?:value )?must be/,
    message: (part) => `has a value of the wrong type under ${part}`,
    remedy: `Write it as JSON Schema describes the keyword; ${lintContract}`,
  },
];

/** Says in our words, and with the place where it can be found, why a contract cannot be used. */
export const describeUncompilable = (file: string, error: unknown): Problem => {
  const raw = error instanceof Error ? error.message : '';
  if (error instanceof BrokenExample) {
    return {
      where: file,
      message: raw,
      remedy: `Correct the example, or the schema that it breaks; ${lintContract}`,
    };
  }
  for (const { raw: pattern, message, remedy } of causes) {
    const found = pattern.exec(raw);
    if (found === null) continue;
    const part = found[1] ?? found[2] ?? '';
    return { where: file, ...positionOf(part, file), message: message(part), remedy };
  }
  return {
    where: file,
    message: 'is not an OpenAPI 3.1 document that a validator can be built from',
    remedy: 'Correct the document; npx @redocly/cli lint names the places.',
  };
};

/**
 * Where the part is written. Of a part that occurs more than once, it is unknown which one is
 * meant.
 */
const positionOf = (part: string, file: string): Pick<Problem, 'line' | 'column'> => {
  const text = readFileSync(file, 'utf8');
  const at = part === '' ? -1 : text.indexOf(part);
  if (at < 0 || text.indexOf(part, at + 1) >= 0) return {};
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
};
