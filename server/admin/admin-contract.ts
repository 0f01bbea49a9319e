import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import { middleware } from 'express-openapi-validator';
import { type ContractError, describeError } from '../domain/contract/describe-faults.ts';
import {
  isNode,
  type Node,
  nodeAt,
  readFieldSchemas,
  requestDocument,
  requestSchema,
  resolveRef,
} from '../domain/contract/document.ts';
import type { Json } from '../domain/state/state.ts';
import { nearestWord } from '../problems/did-you-mean.ts';
import { quoteValue } from '../problems/display-text.ts';
import type { Problem } from '../problems/problem.ts';
import { AdminRequestError } from './middleware.ts';
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

const seeRoute = 'See the route at /__admin/docs/.';

/** Keywords whose errors only state that some branch did not match. */
const branchKeywords = ['if', 'anyOf', 'oneOf', 'allOf'];

/**
 * Explains what openapi/admin.yaml does not allow in a request.
 * @returns undefined for an error that is not of the validator
 */
const contractProblems = (
  error: unknown,
  req: Request,
  document: Node,
): readonly Problem[] | undefined => {
  if (!(error instanceof Error && 'status' in error && error.status === 400)) return undefined;
  if (!('errors' in error && Array.isArray(error.errors))) return undefined;
  const errors = error.errors as ContractError[];
  const telling = errors.filter((one) => !branchKeywords.includes(readKeyword(one)));
  const operation = findRequestOperation(req);
  const problems = (telling.length > 0 ? telling : errors).map((one) =>
    describeContractError(one, req, namesAround(document, operation)),
  );
  return [
    ...new Map(
      problems.map((problem) => [`${problem.where}: ${problem.message}`, problem]),
    ).values(),
  ];
};

type NamesAround = (path: readonly string[]) => readonly string[];

const describeContractError = (
  error: ContractError,
  req: Request,
  namesAt: NamesAround,
): Problem => {
  const path = error.path.split('/').filter((part) => part !== '');
  const where = path.join('.') || 'the request';
  const keyword = readKeyword(error);
  if (keyword === 'additionalProperties' || /^Unknown query/.test(error.message))
    return unknownNameProblem(where, path, namesAt(path));
  if (keyword === 'required') return { where, message: 'is required', remedy: seeRoute };
  const value = readValueAt(req, path);
  const message =
    keyword === '' ? sentenceWithoutKeyword(error.message) : describeError(error, value);
  const got = value === undefined ? '' : ` (got ${quoteValue(value)})`;
  return { where, message: `${message}${got}`, remedy: seeRoute };
};

const readKeyword = ({ errorCode }: ContractError): string => errorCode?.split('.')[0] ?? '';

const unknownNameProblem = (
  where: string,
  path: readonly string[],
  known: readonly string[],
): Problem => {
  const nearest = nearestWord(path.at(-1) ?? '', known);
  const list = known.length === 0 ? 'Leave it out.' : `Known here: ${known.join(', ')}.`;
  return {
    where,
    message: 'is not known here',
    remedy: nearest === undefined ? list : `Did you mean "${nearest}"?`,
  };
};

/** The validator reads parameters itself before it checks them by a keyword. */
const sentenceWithoutKeyword = (raw: string): string => {
  if (/^Empty value/.test(raw)) return 'must not be empty';
  if (/reserved characters/.test(raw)) return 'holds a character that must be percent-encoded';
  return 'is not what the contract allows';
};

const readValueAt = (req: Request, [place = '', ...path]: readonly string[]): Json | undefined => {
  const parts: Readonly<Record<string, unknown>> = {
    body: req.body,
    query: req.query,
    params: nodeAt(req, 'openapi', 'pathParams'),
  };
  const found = path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Node)[name]
        : undefined,
    parts[place],
  );
  return found as Json | undefined;
};

/** The validator leaves on the request which operation of the document it has found. */
const findRequestOperation = (req: Request): Node => nodeAt(req, 'openapi', 'schema');

/** The names that the document allows in place of the one at a path. */
const namesAround =
  (document: Node, operation: Node): NamesAround =>
  ([place, ...path]) => {
    if (place === 'query') return queryNames(document, operation);
    const around = path
      .slice(0, -1)
      .reduce(
        (schema, name) => schemaBelow(document, schema, name),
        requestSchema(document, operation),
      );
    return [...readFieldSchemas(document, around).keys()];
  };

const queryNames = (document: Node, { parameters }: Node): string[] =>
  (Array.isArray(parameters) ? parameters : [])
    .filter(isNode)
    .map((one) => resolveRef(document, one))
    .flatMap(({ in: place, name }) =>
      place === 'query' && typeof name === 'string' ? [name] : [],
    );

const schemaBelow = (document: Node, schema: Node, name: string): Node => {
  const { items, additionalProperties } = schema;
  const below = readFieldSchemas(document, schema).get(name) ?? items ?? additionalProperties;
  return isNode(below) ? resolveRef(document, below) : {};
};

const fullName = 'clientId';
const alias = 'client';

/**
 * Accepts `client` for `clientId` wherever openapi/admin.yaml has `clientId` in a query or a body.
 * @throws AdminRequestError when a request has both, and they differ
 */
export const acceptClientAlias =
  (document: () => Node): RequestHandler =>
  (req, _res, next) => {
    const operation = findOperationNode(document(), req);
    if (queryNames(document(), operation).includes(fullName)) req.url = renameInUrl(req.url);
    if (isNode(req.body)) {
      const place = aliasPlace(document(), requestSchema(document(), operation));
      if (place !== undefined) req.body = renameInBody(req.body, place, ['body']);
    }
    next();
  };

/** All operations that take a `clientId` in a query or a body have a path without parameters. */
const findOperationNode = (document: Node, { path, method }: Request): Node =>
  nodeAt(document, 'paths', path.replace(/\/$/, '').toLowerCase(), method.toLowerCase());

/** All other parameters keep their text. */
const renameInUrl = (url: string): string => {
  const [path = '', query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  const values = new URLSearchParams(query);
  if (!values.has(alias)) return url;
  if (values.has(fullName)) {
    if (String(values.getAll(fullName)) !== String(values.getAll(alias)))
      throw conflictingClients(['query']);
  }
  const parts = query.split('&').flatMap((part) => {
    const [key = '', ...value] = part.split('=');
    if (key !== alias) return [part];
    return values.has(fullName) ? [] : [[fullName, ...value].join('=')];
  });
  return `${path}?${parts.join('&')}`;
};

/** Where a body may have `clientId`. */
interface AliasPlace {
  readonly isHere: boolean;
  readonly below: ReadonlyMap<string, AliasPlace>;
  readonly items: AliasPlace | undefined;
}

const aliasPlace = (document: Node, schema: Node): AliasPlace | undefined => {
  const fields = readFieldSchemas(document, schema);
  const below = new Map<string, AliasPlace>();
  for (const [field, fieldSchema] of fields) {
    const place = aliasPlace(document, fieldSchema);
    if (place !== undefined) below.set(field, place);
  }
  const { items: itemSchema } = schema;
  const items = isNode(itemSchema)
    ? aliasPlace(document, resolveRef(document, itemSchema))
    : undefined;
  const isHere = fields.has(fullName);
  return isHere || below.size > 0 || items !== undefined ? { isHere, below, items } : undefined;
};

const renameInBody = (value: unknown, place: AliasPlace, path: readonly string[]): unknown => {
  const { items } = place;
  if (Array.isArray(value))
    return items === undefined
      ? value
      : value.map((one, index) => renameInBody(one, items, [...path, String(index)]));
  if (!isNode(value)) return value;
  const renamed = place.isHere ? renameField(value, path) : value;
  return Object.fromEntries(
    Object.entries(renamed).map(([key, field]) => {
      const below = place.below.get(key);
      return [key, below === undefined ? field : renameInBody(field, below, [...path, key])];
    }),
  );
};

const renameField = (value: Node, path: readonly string[]): Node => {
  if (!Object.hasOwn(value, alias)) return value;
  const { [alias]: meant, ...others } = value;
  if (!Object.hasOwn(value, fullName)) return { ...others, [fullName]: meant };
  if (JSON.stringify(value[fullName]) !== JSON.stringify(meant)) throw conflictingClients(path);
  return others;
};

const conflictingClients = (path: readonly string[]): AdminRequestError =>
  new AdminRequestError(400, [
    {
      where: [...path, alias].join('.'),
      message: `differs from ${fullName}, which is its full name`,
      remedy: `Send ${fullName} alone.`,
    },
  ]);
