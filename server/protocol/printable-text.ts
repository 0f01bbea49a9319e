/**
 * Characters that a terminal obeys instead of showing them: C0 apart from line feed and tab, DEL,
 * C1, and those that reorder or break a line (bidirectional controls, U+2028, U+2029).
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text with every control character as `\u001b`: safe on a terminal, and inside JSON still the same
 * text.
 */
export const printable = (text: string): string => text.replace(controls, escaped);

/** The same on one line: for a value that must not begin a line of its own. */
export const printableLine = (text: string): string =>
  printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

/** Whether a text can be shown as it is. */
export const isPrintable = (text: string): boolean => printable(text) === text;
