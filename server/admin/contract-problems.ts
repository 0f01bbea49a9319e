import type { Request } from 'express';
import { type ContractError, describeError } from '../domain/contract/describe-faults.ts';
import {
  isNode,
  type Node,
  nodeAt,
  readFieldSchemas,
  requestSchema,
  resolveRef,
} from '../domain/contract/document.ts';
import type { Json } from '../domain/state/state.ts';
import { nearestWord } from '../problems/did-you-mean.ts';
import { quoteValue } from '../problems/display-text.ts';
import type { Problem } from '../problems/problem.ts';

const seeRoute = 'See the route at /__admin/docs/.';

/** Keywords whose errors only state that some branch did not match. */
const branchKeywords = ['if', 'anyOf', 'oneOf', 'allOf'];

/**
 * Explains what openapi/admin.yaml does not allow in a request.
 * @returns undefined for an error that is not of the validator
 */
export const contractProblems = (
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

export const queryNames = (document: Node, { parameters }: Node): string[] =>
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
