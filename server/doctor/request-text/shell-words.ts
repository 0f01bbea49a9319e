/** The words of a command line, or why it cannot be read. */
export type ShellWords = { readonly words: readonly string[] } | { readonly problem: string };

const ansiEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/**
 * One row per way in which a shell text goes on: the piece at this place and what it stands for.
 */
const pieces: readonly (readonly [pattern: RegExp, value: (found: RegExpExecArray) => string])[] = [
  [/\\\r?\n/y, () => ''],
  // How our own curl lines write bytes that are not ASCII. Nothing else is expanded.
  [/"\$\(printf '((?:[^'\\%]|\\[0-7]{3})*)'\)"/y, ([, text = '']) => ansi(text)],
  [/\$'([^'\\]*(?:\\[\s\S][^'\\]*)*)'/y, ([, text = '']) => ansi(text)],
  [
    /\$?"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y,
    ([, text = '']) =>
      text.replace(/\\(?:\r?\n|([$`"\\]))/g, (_, sign: string | undefined) => sign ?? ''),
  ],
  [/'([^']*)'/y, ([, text = '']) => text],
  [/\\([\s\S])/y, ([, sign = '']) => sign],
  [/[^\s'"\\]/y, ([sign]) => sign],
];

const ansi = (text: string): string =>
  text.replace(
    /\\(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g,
    (_, unit?: string, byte?: string, octal?: string, sign?: string) => {
      const code = unit ?? byte;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return ansiEscapes[sign ?? ''] ?? `\\${sign ?? ''}`;
    },
  );

/**
 * Splits a command as a POSIX shell does: quotes of all three kinds, escapes, line continuations.
 * Nothing is expanded.
 */
export const splitShellWords = (text: string): ShellWords => {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const found = pieceAt(text, at);
    if (found === undefined && !/\s/.test(text[at] ?? ''))
      return { problem: 'A quotation mark in the command is not closed.' };
    if (found === undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
    } else {
      if (found.text !== '' || found.isQuoted) word = (word ?? '') + found.text;
      at += found.length;
    }
  }
  return { words: word === undefined ? words : [...words, word] };
};

const pieceAt = (
  text: string,
  at: number,
): { readonly text: string; readonly length: number; readonly isQuoted: boolean } | undefined => {
  for (const [pattern, value] of pieces) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null)
      return { text: value(found), length: found[0].length, isQuoted: /^\$?['"]/.test(found[0]) };
  }
  return undefined;
};
