import { asSchema, type Schema } from '../../api/contract.ts';
import type { Messages } from '../../i18n/messages.ts';

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

/** A request that is being edited. */
export interface RequestDraft {
  /** The last valid value. */
  readonly body: RequestObject;
  /** Whether it is edited as JSON. */
  readonly isJson: boolean;
  /** Typed JSON text by field; the whole request has the key `wholeRequest`. */
  readonly texts: Readonly<Record<string, string>>;
}

export const wholeRequest = '';

export const parseWhole = (text: string): TypedJson => parseTypedJson(text, { wantsObject: true });

/** Parses the JSON of one field; an empty text omits the field. */
export const parseField = (text: string): TypedJson | undefined =>
  text.trim() === '' ? undefined : parseTypedJson(text);

export interface BrokenText {
  readonly field: string;
  readonly problem: TypedJson & { readonly ok: false };
}

/** Texts that are not valid JSON. The request is not sent while there are any. */
export const brokenTexts = ({ isJson, texts }: RequestDraft): readonly BrokenText[] =>
  Object.entries(texts).flatMap(([field, text]) => {
    if (isJson !== (field === wholeRequest)) return [];
    const read = field === wholeRequest ? parseWhole(text) : parseField(text);
    return read === undefined || read.ok ? [] : [{ field, problem: read }];
  });

export const describeProblem = ({ problem }: BrokenText, { send }: Messages): string =>
  problem.problem === 'no-object'
    ? send.mustBeObject
    : send.brokenJson(problem.line, problem.column);

export type RequestValue =
  | string
  | number
  | boolean
  | null
  | readonly RequestValue[]
  | RequestObject;
export interface RequestObject {
  readonly [name: string]: RequestValue;
}

export const isRequestObject = (value: unknown): value is RequestObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that turn an example into the value; null deletes a field. */
export const diffFields = (base: RequestObject, value: RequestObject): RequestObject => ({
  ...Object.fromEntries(Object.keys(base).flatMap((name) => (name in value ? [] : [[name, null]]))),
  ...Object.fromEntries(
    Object.entries(value).filter(
      ([name, field]) => JSON.stringify(field) !== JSON.stringify(base[name]),
    ),
  ),
});

/** A copy with one field set, or deleted if the value is undefined. */
export const assignField = (
  object: RequestObject,
  name: string,
  value: RequestValue | undefined,
): RequestObject =>
  value === undefined
    ? Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))
    : { ...object, [name]: value };

/** Parsed JSON, or the location of the syntax error. */
export type TypedJson =
  | { readonly ok: true; readonly value: RequestValue }
  | {
      readonly ok: false;
      readonly problem: 'syntax';
      readonly line: number;
      readonly column: number;
    }
  | { readonly ok: false; readonly problem: 'no-object' };

/**
 * Parses JSON text. Error messages differ between browsers; only the location is read from them.
 */
export const parseTypedJson = (
  text: string,
  { wantsObject = false }: { readonly wantsObject?: boolean } = {},
): TypedJson => {
  try {
    const value = JSON.parse(text) as RequestValue;
    return wantsObject && !isRequestObject(value)
      ? { ok: false, problem: 'no-object' }
      : { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      problem: 'syntax',
      ...locateError(text, error instanceof Error ? error.message : ''),
    };
  }
};

const locateError = (
  text: string,
  message: string,
): { readonly line: number; readonly column: number } => {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named !== null) return { line: Number(named[1]), column: Number(named[2]) };
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
