import type { Messages } from '../../i18n/messages.ts';

/** A request that is being written. */
export interface RequestDraft {
  /** The last whole value. */
  readonly body: JsonObject;
  /** Whether it is written as JSON instead of field by field. */
  readonly isJson: boolean;
  /** JSON as it was typed, by field; the whole request under `wholeRequest`. */
  readonly texts: Readonly<Record<string, string>>;
}

export const wholeRequest = '';

export const parseWhole = (text: string): TypedJson => parseTypedJson(text, { wantsObject: true });

/** Reads the JSON of one field; an empty text leaves the field out. */
export const parseField = (text: string): TypedJson | undefined =>
  text.trim() === '' ? undefined : parseTypedJson(text);

export interface BrokenText {
  readonly field: string;
  readonly problem: TypedJson & { readonly ok: false };
}

/**
 * The texts that are no JSON: what they should become is unknown, so nothing may be sent instead.
 */
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

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What has to be laid over an example so that it becomes the value; null takes a field away. */
export const diffFields = (base: JsonObject, value: JsonObject): JsonObject => ({
  ...Object.fromEntries(Object.keys(base).flatMap((name) => (name in value ? [] : [[name, null]]))),
  ...Object.fromEntries(
    Object.entries(value).filter(
      ([name, field]) => JSON.stringify(field) !== JSON.stringify(base[name]),
    ),
  ),
});

/** An object with one field set, or taken away by undefined. */
export const setField = (
  object: JsonObject,
  name: string,
  value: JsonValue | undefined,
): JsonObject =>
  value === undefined
    ? Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))
    : { ...object, [name]: value };

/** Typed text as JSON, or where it stops being JSON. */
export type TypedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | {
      readonly ok: false;
      readonly problem: 'syntax';
      readonly line: number;
      readonly column: number;
    }
  | { readonly ok: false; readonly problem: 'no-object' };

/**
 * Reads typed JSON. Browsers tell the place of an error in sentences of their own, of which only
 * the numbers are used.
 */
export const parseTypedJson = (
  text: string,
  { wantsObject = false }: { readonly wantsObject?: boolean } = {},
): TypedJson => {
  try {
    const value = JSON.parse(text) as JsonValue;
    return wantsObject && !isJsonObject(value)
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
