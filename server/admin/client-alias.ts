import type { Request, RequestHandler } from 'express';
import {
  fieldsOf,
  isNode,
  type Node,
  nodeAt,
  requestSchema,
  resolveRef,
} from '../domain/contract/document.ts';
import { AdminApiError } from './admin-error.ts';
import { queryNames } from './contract-problems.ts';

const name = 'clientId';
const alias = 'client';

/**
 * Takes `client` for `clientId` wherever openapi/admin.yaml has `clientId` in a query or a body, so
 * that the contract and the code behind it know one name only. @throws AdminApiError when both are
 * there and differ
 */
export const acceptClientAlias =
  (document: () => Node): RequestHandler =>
  (req, _res, next) => {
    const operation = findOperation(document(), req);
    if (queryNames(document(), operation).includes(name)) req.url = renameInUrl(req.url);
    if (isNode(req.body)) {
      const place = aliasPlace(document(), requestSchema(document(), operation));
      if (place !== undefined) req.body = renameInBody(req.body, place, ['body']);
    }
    next();
  };

/** All operations that take a `clientId` in a query or a body have a path without parameters. */
const findOperation = (document: Node, { path, method }: Request): Node =>
  nodeAt(document, 'paths', path.replace(/\/$/, '').toLowerCase(), method.toLowerCase());

/** The text of all other parameters stays as it came. */
const renameInUrl = (url: string): string => {
  const [path = '', query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  const values = new URLSearchParams(query);
  if (!values.has(alias)) return url;
  if (values.has(name)) {
    if (String(values.getAll(name)) !== String(values.getAll(alias))) throw twoClients(['query']);
  }
  const parts = query.split('&').flatMap((part) => {
    const [key = '', ...value] = part.split('=');
    if (key !== alias) return [part];
    return values.has(name) ? [] : [[name, ...value].join('=')];
  });
  return `${path}?${parts.join('&')}`;
};

/** Where in a body `clientId` may stand. */
interface AliasPlace {
  readonly isHere: boolean;
  readonly below: ReadonlyMap<string, AliasPlace>;
  readonly items: AliasPlace | undefined;
}

const aliasPlace = (document: Node, schema: Node): AliasPlace | undefined => {
  const fields = fieldsOf(document, schema);
  const below = new Map<string, AliasPlace>();
  for (const [field, fieldSchema] of fields) {
    const place = aliasPlace(document, fieldSchema);
    if (place !== undefined) below.set(field, place);
  }
  const { items: itemSchema } = schema;
  const items = isNode(itemSchema)
    ? aliasPlace(document, resolveRef(document, itemSchema))
    : undefined;
  const isHere = fields.has(name);
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
  if (!Object.hasOwn(value, name)) return { ...others, [name]: meant };
  if (JSON.stringify(value[name]) !== JSON.stringify(meant)) throw twoClients(path);
  return others;
};

const twoClients = (path: readonly string[]): AdminApiError =>
  new AdminApiError(400, [
    {
      where: [...path, alias].join('.'),
      message: `differs from ${name}, which is its full name`,
      remedy: `Send ${name} alone.`,
    },
  ]);
