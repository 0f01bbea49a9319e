import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { isNode, type Node, nodeAt, readVariants, resolveRef } from './document.ts';

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
