/**
 * Cuts a text to a number of Unicode code points, the last of which is then an ellipsis. A
 * character outside the basic plane is never cut in half, and a half that was there before becomes
 * U+FFFD, so that the result can be written as UTF-8.
 */
export const clipText = (text: string, maxCodePoints: number): string => {
  if (text.length <= maxCodePoints) return replaceSurrogates(text);
  // A code point has at most two code units: what lies beyond these cannot be needed.
  const points = [...text.slice(0, 2 * maxCodePoints + 2)];
  return replaceSurrogates(
    points.length <= maxCodePoints ? text : `${points.slice(0, maxCodePoints - 1).join('')}…`,
  );
};

/** What half a surrogate pair is to a pattern with the flag u. */
const loneSurrogates = /\p{Surrogate}/gu;

const replaceSurrogates = (text: string): string => text.replace(loneSurrogates, '\uFFFD');

const maxLength = 40;

/** A value as it was written, for "(got …)": cut where it is long. */
export const quoteValue = (value: unknown): string => clipQuoted(writeValue(value));

const writeValue = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value) ?? String(value);
};

const clipQuoted = (text: string): string => {
  const clipped = clipText(text, maxLength);
  return clipped !== text && text.startsWith('"') ? `${clipText(text, maxLength - 3)}"` : clipped;
};

/**
 * Characters that a terminal obeys instead of showing them: C0 apart from line feed and tab, DEL,
 * C1, and those that reorder or break a line (bidirectional controls, U+2028, U+2029).
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text with every control character as `\u001b`: safe on a terminal, and inside JSON still the same
 * text.
 */
export const printable = (text: string): string => text.replace(controls, escapeCharacter);

/** The same on one line: for a value that must not begin a line of its own. */
export const printableLine = (text: string): string =>
  printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

/** Whether a text can be shown as it is. */
export const isPrintable = (text: string): boolean => printable(text) === text;
