import type { Request, RequestHandler } from 'express';
import {
  isNode,
  type Node,
  nodeAt,
  readFieldSchemas,
  requestSchema,
  resolveRef,
} from '../domain/contract/document.ts';
import { AdminRequestError } from './admin-error.ts';
import { queryNames } from './contract-problems.ts';

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
