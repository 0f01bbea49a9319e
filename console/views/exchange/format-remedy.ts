import type { CodeLanguage } from '../../shell/preferences.ts';

const comments: Readonly<Record<CodeLanguage, string>> = {
  java: '//',
  php: '//',
  python: '#',
  go: '//',
  csharp: '//',
  node: '//',
};

/**
 * Formats a remedy, which the doctor writes as one line: a line for each statement, and comments
 * above.
 */
export const formatRemedy = (remedy: string, language: CodeLanguage): string => {
  const { code, comment } = splitComment(remedy, comments[language]);
  return [
    ...(comment === undefined ? [] : [`${comments[language]} ${comment}`]),
    ...splitStatements(code),
  ].join('\n');
};

interface ScanState {
  readonly quote: string | undefined;
  readonly depth: number;
}

/** Calls `visit` for each character outside quotes, with its depth in brackets. */
const scanCode = (text: string, visit: (at: number, state: ScanState) => boolean): void => {
  let quote: string | undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quote === undefined && visit(at, { quote, depth })) return;
    if (quote !== undefined) {
      if (letter === '\\') at++;
      else if (letter === quote) quote = undefined;
    } else if (letter === '"' || letter === "'" || letter === '`') quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
  }
};

const splitComment = (
  text: string,
  sign: string,
): { readonly code: string; readonly comment: string | undefined } => {
  let cut: number | undefined;
  scanCode(text, (at) => {
    if (!text.startsWith(sign, at) || (at > 0 && !/\s/.test(text[at - 1] ?? ''))) return false;
    cut = at;
    return true;
  });
  return cut === undefined
    ? { code: text, comment: undefined }
    : { code: text.slice(0, cut).trimEnd(), comment: text.slice(cut + sign.length).trim() };
};

const splitStatements = (code: string): readonly string[] => {
  const ends: number[] = [];
  scanCode(code, (at, { depth }) => {
    if (depth === 0 && code.startsWith('; ', at)) ends.push(at + 1);
    return false;
  });
  return [...ends, code.length]
    .map((end, at) => code.slice(at === 0 ? 0 : ends[at - 1], end).trim())
    .filter((line) => line !== '');
};
