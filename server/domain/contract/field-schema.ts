import type { Contract, Operation } from './contract.ts';
import {
  isNode,
  type Node,
  nodeAt,
  orderBranches,
  readFieldSchemas,
  requestSchema,
  resolveRef,
} from './document.ts';

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
