import type { Contract } from './contract.ts';
import { isNode, type Node, nodeAt, requestSchema, resolveRef } from './document.ts';

/**
 * The contract cut down to what a validator of requests looks at: each operation's body, with the schemas in the place of the `$ref`s to
 * them. From the whole document express-openapi-validator compiles every schema that is referred to once more, those of the answers too.
 * For the package's own contract, whose schemas do not contain themselves.
 */
export const requestDocument = ({ document, operations }: Contract): Node => ({
  openapi: document['openapi'],
  info: document['info'],
  paths: Object.fromEntries([...operations.values()].map(({ path }) => [path, { post: requestOnly(document, path) }])),
});

const requestOnly = (document: Node, path: string): Node => {
  const operation = nodeAt(document, 'paths', path, 'post');
  const schema = withoutRefs(document, requestSchema(document, operation));
  return {
    requestBody: { ...nodeAt(operation, 'requestBody'), content: { 'application/json': { schema } } },
    responses: {},
  };
};

/** The same schema with nothing left to look up, and without the `x-` fields, which validate nothing. */
const withoutRefs = (document: Node, schema: Node): Node =>
  Object.fromEntries(
    Object.entries(resolveRef(document, schema))
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, value]) => [key, withoutRefsIn(document, value)]),
  );

const withoutRefsIn = (document: Node, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => withoutRefsIn(document, item));
  return isNode(value) ? withoutRefs(document, value) : value;
};
