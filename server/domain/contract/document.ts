import { isRecord } from '../../problems/is-record.ts';

/** A JSON object of the OpenAPI document, before anything is known of it. */
export type Node = Record<string, unknown>;

export const isNode = (value: unknown): value is Node => isRecord(value);

/** The object under a path of keys, or an empty one that is not part of the document. */
export const nodeAt = (root: unknown, ...path: readonly string[]): Node => {
  let node: unknown = root;
  for (const key of path) node = isNode(node) ? node[key] : undefined;
  return isNode(node) ? node : {};
};

/** The schema itself where it is one, or what its `$ref` within the document points to. */
export const resolveRef = (document: Node, schema: Node): Node => {
  const ref = schema['$ref'];
  return typeof ref === 'string' && ref.startsWith('#/')
    ? nodeAt(document, ...ref.slice(2).split('/'))
    : schema;
};

/** The JSON schema of an operation's request. */
export const requestSchema = (document: Node, operation: Node): Node =>
  resolveRef(document, nodeAt(operation, 'requestBody', 'content', 'application/json', 'schema'));

/**
 * The extra fields of each order type: the component schemas that carry `x-statuses`, by
 * merchantBizType.
 */
export const orderBranches = (document: Node): Map<string, Node> =>
  new Map(
    Object.entries(nodeAt(document, 'components', 'schemas'))
      .filter((entry): entry is [string, Node] => isNode(entry[1]) && 'x-statuses' in entry[1])
      .map(([name, schema]) => [name.replace(/^Order_/, ''), schema]),
  );

/**
 * A schema that a field's value selects one variant of: what all variants share, and what each
 * adds.
 */
export interface Variants {
  readonly field: string;
  readonly base: Node;
  /** Value of the field -> the variant's own part. */
  readonly own: ReadonlyMap<string, Node>;
}

/**
 * Reads a `oneOf` with a discriminator, each variant an `allOf` of the shared schema and its own.
 */
export const readVariants = (document: Node, schema: Node): Variants | undefined => {
  const { propertyName, mapping } = nodeAt(schema, 'discriminator');
  if (typeof propertyName !== 'string' || !isNode(mapping)) return undefined;
  const parts = Object.entries(mapping).map(([value, $ref]): [string, Node, Node] => {
    const { allOf } = resolveRef(document, { $ref });
    const [shared, own] = Array.isArray(allOf) ? allOf : [];
    return [value, isNode(shared) ? resolveRef(document, shared) : {}, isNode(own) ? own : {}];
  });
  return {
    field: propertyName,
    base: parts[0]?.[1] ?? {},
    own: new Map(parts.map(([value, , own]) => [value, own])),
  };
};

/**
 * Names and schemas of all fields a request may have, whatever their conditions. Of variants, the
 * fields that they share; of one variant, its own too.
 */
export const readFieldSchemas = (document: Node, schema: Node): Map<string, Node> => {
  const variants = readVariants(document, schema);
  if (variants !== undefined) return readFieldSchemas(document, variants.base);
  const here = Object.entries(nodeAt(schema, 'properties')).map(([name, field]): [string, Node] => [
    name,
    isNode(field) ? resolveRef(document, field) : {},
  ]);
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) =>
    Array.isArray(schema[keyword]) ? schema[keyword] : [],
  );
  const below = [...parts, schema['then'], schema['else']]
    .filter(isNode)
    .map((part) => resolveRef(document, part));
  return new Map([...below.flatMap((part) => [...readFieldSchemas(document, part)]), ...here]);
};
