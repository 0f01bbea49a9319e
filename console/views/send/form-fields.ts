import { asSchema, type Schema } from '../../api/contract.ts';
import type { RequestObject } from './request-draft.ts';

/** One field of a request in a form. */
export interface FormField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'json';
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** Milliseconds since 1970. */
  readonly isTime: boolean;
  readonly description: string;
  readonly maxLength: number | undefined;
}

type Resolve = (schema: unknown) => Schema;

/**
 * The fields of the schema for a request with these values; some fields depend on the business
 * type.
 */
export const listFormFields = (
  schema: Schema,
  value: RequestObject,
  resolve: Resolve,
): readonly FormField[] => {
  const parts = collectSchemas(schema, value, resolve);
  const required = new Set(parts.flatMap((part) => readStrings(part['required'])));
  const properties = new Map<string, Schema>();
  for (const part of parts)
    for (const [name, property] of Object.entries(asSchema(part['properties'])))
      if (!properties.has(name)) properties.set(name, resolve(property));
  return [...properties].map(([name, property]) => toFormField(name, property, required.has(name)));
};

/**
 * The schema, and the parts of `allOf` whose `if` matches; the contract uses constants only. For a
 * discriminated `oneOf`: the selected variant, or the part that all variants share.
 */
const collectSchemas = (
  schema: Schema,
  value: RequestObject,
  resolve: Resolve,
): readonly Schema[] => {
  const { propertyName, mapping } = asSchema(schema['discriminator']);
  if (typeof propertyName === 'string') {
    const refs = asSchema(mapping);
    const selected = String(value[propertyName]);
    if (Object.hasOwn(refs, selected))
      return collectSchemas(resolve({ $ref: refs[selected] }), value, resolve);
    const [first] = Object.values(refs);
    const shared = asSchema(resolve({ $ref: first }))['allOf'];
    return Array.isArray(shared) ? collectSchemas(resolve(shared[0]), value, resolve) : [];
  }
  const inner = Array.isArray(schema['allOf']) ? schema['allOf'].map(resolve) : [];
  return [
    schema,
    ...inner.flatMap((part) =>
      'if' in part
        ? matchesCondition(resolve(part['if']), value)
          ? collectSchemas(resolve(part['then']), value, resolve)
          : []
        : collectSchemas(part, value, resolve),
    ),
  ];
};

const matchesCondition = (condition: Schema, value: RequestObject): boolean =>
  Object.entries(asSchema(condition['properties'])).every(([name, property]) => {
    const wanted = asSchema(property);
    return 'const' in wanted
      ? value[name] === wanted['const']
      : Array.isArray(wanted['enum'])
        ? wanted['enum'].includes(value[name])
        : true;
  });

const readStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

const toFormField = (name: string, schema: Schema, isRequired: boolean): FormField => {
  const choices = readStrings(schema['enum']);
  return {
    name,
    kind: choices.length > 0 ? 'choice' : chooseInputKind(schema['type']),
    choices,
    isRequired,
    isTime: schema['x-unit'] === 'milliseconds',
    description: stripMarkdown(schema['description']),
    maxLength: typeof schema['maxLength'] === 'number' ? schema['maxLength'] : undefined,
  };
};

/** Converts a Markdown description to one line of text. */
const stripMarkdown = (text: unknown): string =>
  typeof text === 'string'
    ? text.replace(/^- /gm, '').replaceAll('`', '').replace(/\s+/g, ' ').trim()
    : '';

const inputKinds: Readonly<Record<string, FormField['kind']>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
};

const chooseInputKind = (type: unknown): FormField['kind'] => {
  const [only, ...more] = (Array.isArray(type) ? type : [type]).filter((one) => one !== 'null');
  return more.length > 0 ? 'json' : (inputKinds[String(only)] ?? 'json');
};
