import { isRecord, omitUndefined } from '../../problems/plain-object.ts';
import type { Contract, Operation } from './contract.ts';

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

/**
 * An OpenAPI document cut down to what a validator of requests looks at: parameters and bodies,
 * with the schemas in the place of the `$ref`s to them. From the whole document
 * express-openapi-validator compiles every schema that is referred to once more, those of the
 * answers too. For the package's own documents, whose schemas do not contain themselves.
 */
export const requestDocument = (document: Node): Node => ({
  openapi: document['openapi'],
  info: document['info'],
  servers: document['servers'],
  paths: eachField(document['paths'], (path) =>
    eachField(path, (part) =>
      isNode(part) ? keepRequests(document, part) : withoutRefs(document, part),
    ),
  ),
});

/**
 * A document without the parameters of its paths and their posts, for who has checked them by other
 * means.
 */
export const withoutParameters = (document: Node): Node => ({
  ...document,
  paths: eachField(document['paths'], (path) => ({
    ...(isNode(path) ? path : {}),
    parameters: [],
    post: { ...nodeAt(path, 'post'), parameters: [] },
  })),
});

const keepRequests = (document: Node, { parameters, requestBody }: Node): Node => {
  const body = isNode(requestBody) ? resolveRef(document, requestBody) : undefined;
  const content = eachField(body?.['content'], (media) => ({
    schema: withoutRefs(document, nodeAt(media, 'schema')),
  }));
  return {
    ...omitUndefined({
      parameters: parameters && withoutRefs(document, parameters),
      requestBody: body && { ...body, content },
    }),
    responses: {},
  };
};

/**
 * The document with each discriminated `oneOf` written as conditions over the shared schema. A
 * validator then names the field at fault, and compiles what the variants share once.
 */
export const withConditions = (document: Node): Node => ({
  ...document,
  components: {
    ...nodeAt(document, 'components'),
    schemas: eachField(nodeAt(document, 'components', 'schemas'), (schema) =>
      isNode(schema) ? asConditions(document, schema) : schema,
    ),
  },
});

const asConditions = (document: Node, schema: Node): Node => {
  const variants = readVariants(document, schema);
  if (variants === undefined) return schema;
  const { field, base, own } = variants;
  const conditions = [...own].map(([value, part]) => ({
    if: { required: [field], properties: { [field]: { const: value } } },
    then: part,
  }));
  return {
    ...base,
    allOf: [...(Array.isArray(base['allOf']) ? base['allOf'] : []), ...conditions],
  };
};

/** The same with nothing left to look up, and without the `x-` fields, which validate nothing. */
const withoutRefs = (document: Node, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => withoutRefs(document, item));
  if (!isNode(value)) return value;
  const fields = Object.entries(resolveRef(document, value)).filter(
    ([key]) => !key.startsWith('x-'),
  );
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutRefs(document, field)]));
};

const eachField = (value: unknown, change: (field: unknown) => unknown): unknown =>
  isNode(value)
    ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, change(field)]))
    : value;

/** What the contract says of a field, as far as a single value can be held against it. */
export interface FieldSchema {
  /** JSON types; empty: any. */
  readonly types: readonly string[];
  /** The only values allowed; undefined: any. */
  readonly values: readonly unknown[] | undefined;
  readonly pattern: string | undefined;
  readonly minLength: number;
  readonly maxLength: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly fields: FieldSchemas;
}

export type FieldSchemas = ReadonlyMap<string, FieldSchema>;

/** All fields that a request of this operation may have, those of every order type included. */
export const requestFields = (contract: Contract, operation: Operation): FieldSchemas => {
  const schema = requestSchema(
    contract.document,
    nodeAt(contract.document, 'paths', operation.path, 'post'),
  );
  const own = readFieldsBelow(contract.document, schema);
  if (!own.has('merchantBizType')) return own;
  const branches = [...orderBranches(contract.document).values()].map((branch) =>
    readFieldsBelow(contract.document, branch),
  );
  return new Map([...branches.flatMap((branch) => [...branch]), ...own]);
};

/** All fields that an answer of this operation may have beside its result. */
export const answerFields = (contract: Contract, operation: Operation): FieldSchemas => {
  const response = nodeAt(contract.document, 'paths', operation.path, 'post', 'responses', '200');
  const schema = nodeAt(response, 'content', 'application/json', 'schema');
  return readFieldsBelow(contract.document, resolveRef(contract.document, schema));
};

/** Recursive schemas are cut at this depth; no condition goes deeper. */
const maxReferenceDepth = 6;

const readFieldsBelow = (document: Node, schema: Node, depth = 0): FieldSchemas =>
  depth > maxReferenceDepth
    ? new Map()
    : new Map(
        [...readFieldSchemas(document, schema)].map(([name, field]) => [
          name,
          readFieldSchema(document, field, depth),
        ]),
      );

const readFieldSchema = (document: Node, field: Node, depth: number): FieldSchema => ({
  types: [field['type'] ?? []].flat().map(String),
  values:
    'const' in field ? [field['const']] : Array.isArray(field['enum']) ? field['enum'] : undefined,
  pattern: typeof field['pattern'] === 'string' ? field['pattern'] : undefined,
  minLength: numberOr(field['minLength'], 0),
  maxLength: numberOr(field['maxLength'], Infinity),
  minimum: numberOr(field['minimum'], -Infinity),
  maximum: numberOr(field['maximum'], Infinity),
  fields: isNode(field['properties']) ? readFieldsBelow(document, field, depth + 1) : new Map(),
});

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
