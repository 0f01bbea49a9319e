import type { Words } from '../words/en.ts';
import { type ReadJson, readJson } from './json-text.ts';
import type { JsonObject } from './json-value.ts';

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

export const readWhole = (text: string): ReadJson => readJson(text, { wantsObject: true });

/** Reads the JSON of one field; an empty text leaves the field out. */
export const readField = (text: string): ReadJson | undefined =>
  text.trim() === '' ? undefined : readJson(text);

export interface BrokenText {
  readonly field: string;
  readonly problem: ReadJson & { readonly ok: false };
}

/**
 * The texts that are no JSON: what they should become is unknown, so nothing may be sent instead.
 */
export const brokenTexts = ({ isJson, texts }: RequestDraft): readonly BrokenText[] =>
  Object.entries(texts).flatMap(([field, text]) => {
    if (isJson !== (field === wholeRequest)) return [];
    const read = field === wholeRequest ? readWhole(text) : readField(text);
    return read === undefined || read.ok ? [] : [{ field, problem: read }];
  });

export const describeProblem = ({ problem }: BrokenText, { send }: Words): string =>
  problem.problem === 'no-object'
    ? send.mustBeObject
    : send.brokenJson(problem.line, problem.column);
