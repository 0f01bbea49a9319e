import { RE2JS } from 're2js';

/** Whether a text has a match somewhere. */
export type PatternFits = (text: string) => boolean;

/**
 * Readies a regular expression whose time grows only with the length of the text: the engine of JavaScript tries one way after the other,
 * and a pattern like `(a+)+$` would let a single field keep the process busy for years.
 * @throws Error when it is none, or needs look-arounds or back-references, which cannot be matched that way.
 */
export const readyPattern = (source: string): PatternFits => {
  const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
  return (text) => pattern.matcher(text).find();
};

/** @returns what is wrong with a regular expression, or undefined. */
export const patternProblem = (source: string): string | undefined => {
  try {
    readyPattern(source);
    return undefined;
  } catch (error) {
    return /\(\?<?[=!]|\\[1-9]/.test(source)
      ? 'is a regular expression with a look-around or a back-reference, which could take for ever; spell the condition out without it'
      : `is not a regular expression: ${error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)}`;
  }
};
