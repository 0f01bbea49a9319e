import { isRecord } from '../../problems/is-record.ts';
import type { Json, JsonObject } from '../state/state.ts';
import { isNode, type Node, readFieldSchemas, readVariants, resolveRef } from './document.ts';

/**
 * What the contract says of a field, as far as null and the empty string are concerned (register
 * G-27).
 */
export interface Field {
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  readonly isText: boolean;
  /** The fields of an object, or of the objects in a list. */
  readonly children: FieldTree;
}
export type FieldTree = ReadonlyMap<string, Field>;

export const fieldTree = (document: Node, schema: Node): FieldTree => {
  const { required: names } = readVariants(document, schema)?.base ?? schema;
  const required: readonly unknown[] = Array.isArray(names) ? names : [];
  return new Map(
    [...readFieldSchemas(document, schema)].map(([name, field]): [string, Field] => {
      const types = [field['type']].flat();
      const items = isNode(field['items']) ? resolveRef(document, field['items']) : {};
      return [
        name,
        {
          isRequired: required.includes(name),
          isNullable: types.includes('null'),
          isText: types.includes('string'),
          children: new Map([
            ...fieldTree(document, field),
            ...('properties' in items ? fieldTree(document, items) : []),
          ]),
        },
      ];
    }),
  );
};

/**
 * A null on an optional field counts as absent (register G-27). @returns the request itself where
 * no field is null
 */
export const withoutNulls = (trees: readonly FieldTree[], request: JsonObject): JsonObject => {
  let changed: Record<string, Json> | undefined;
  for (const name in request) {
    const value = request[name];
    if (typeof value !== 'object') continue;
    const field = find(trees, name);
    if (field === undefined) continue;
    if (value === null) {
      if (field.isRequired || field.isNullable) continue;
      changed ??= { ...request };
      delete changed[name];
    } else if (field.children.size > 0) {
      const child = withoutNullsBelow(field.children, value);
      if (child === value) continue;
      changed ??= { ...request };
      changed[name] = child;
    }
  }
  return changed ?? request;
};

const withoutNullsBelow = (children: FieldTree, value: JsonObject | readonly Json[]): Json => {
  if (!Array.isArray(value)) return withoutNulls([children], value as JsonObject);
  const items = (value as readonly Json[]).map((item) =>
    typeof item === 'object' && item !== null
      ? withoutNullsBelow(children, item as JsonObject | readonly Json[])
      : item,
  );
  return items.some((item, at) => item !== value[at]) ? items : (value as readonly Json[]);
};

/** Paths of the optional text fields that are there and empty. */
export const emptyTexts = (
  trees: readonly FieldTree[],
  request: JsonObject,
  above = '',
  found: string[] = [],
): readonly string[] => {
  for (const name in request) {
    const value = request[name];
    if (value !== '' && (typeof value !== 'object' || value === null)) continue;
    const field = find(trees, name);
    if (field === undefined) continue;
    if (value === '') {
      if (field.isText && !field.isRequired) found.push(above + name);
    } else if (field.children.size > 0) {
      for (const one of Array.isArray(value) ? value : [value])
        if (isRecord(one))
          emptyTexts([field.children], one as JsonObject, `${above}${name}.`, found);
    }
  }
  return found;
};

const find = (trees: readonly FieldTree[], name: string): Field | undefined => {
  for (const tree of trees) {
    const field = tree.get(name);
    if (field !== undefined) return field;
  }
  return undefined;
};
