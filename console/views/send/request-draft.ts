import type { Messages } from '../../i18n/messages.ts';

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
