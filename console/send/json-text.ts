import { isObject, type JsonValue } from './json-value.ts';

/** Typed text as JSON, or where it stops being JSON. */
export type ReadJson =
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
export const readJson = (
  text: string,
  { wantsObject = false }: { readonly wantsObject?: boolean } = {},
): ReadJson => {
  try {
    const value = JSON.parse(text) as JsonValue;
    return wantsObject && !isObject(value)
      ? { ok: false, problem: 'no-object' }
      : { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      problem: 'syntax',
      ...placeIn(text, error instanceof Error ? error.message : ''),
    };
  }
};

const placeIn = (
  text: string,
  message: string,
): { readonly line: number; readonly column: number } => {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named !== null) return { line: Number(named[1]), column: Number(named[2]) };
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
