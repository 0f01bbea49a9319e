/** What the generated pages share: wrapped paragraphs and tables. */

/** Columns of a line of Markdown. */
const maxColumns = 100;

const fence = /^\s*(?:```|~~~)/;
const unwrapped = /^\s*(?:\||#|<|\*Not run|$)/;
const listItem = /^(\s*)((?:[-*]|\d+\.) (?:\[[ x]\] )?)(.*)$/;
/** At the start of a line, these would turn the rest of a paragraph into a list or a quotation. */
const startsBlock = /^(?:[-+*>]|#+|\d+[.)]|\|.*)$/;

/**
 * Wraps paragraphs and list items. Fenced blocks, tables, headings, HTML and the lines that say why
 * a command is not run stay as they are. Code spans are not broken.
 */
export const wrapMarkdown = (markdown: string, columns = maxColumns): string => {
  const wrapped: string[] = [];
  let paragraph: { readonly first: string; readonly rest: string; words: string } | undefined;
  const flush = (): void => {
    if (paragraph !== undefined) wrapped.push(...wrapLines(paragraph, columns));
    paragraph = undefined;
  };
  let isFenced = false;
  for (const line of markdown.split('\n')) {
    if (fence.test(line)) {
      flush();
      isFenced = !isFenced;
      wrapped.push(line);
    } else if (isFenced || unwrapped.test(line)) {
      flush();
      wrapped.push(line);
    } else {
      const [, indent = '', marker = '', text = ''] = listItem.exec(line) ?? [];
      if (marker !== '') {
        flush();
        const rest = ' '.repeat(indent.length + (marker.startsWith('- [') ? 6 : marker.length));
        paragraph = { first: indent + marker, rest, words: text };
      } else if (paragraph === undefined) {
        const margin = /^\s*/.exec(line)?.[0] ?? '';
        paragraph = { first: margin, rest: margin, words: line.trim() };
      } else paragraph.words += ` ${line.trim()}`;
    }
  }
  flush();
  return wrapped.join('\n');
};

const wrapLines = (
  paragraph: { readonly first: string; readonly rest: string; readonly words: string },
  columns: number,
): string[] => {
  const lines: string[] = [];
  let line = paragraph.first;
  let isEmpty = true;
  for (const word of unbreakable(paragraph.words)) {
    const fits = line.length + word.length + (isEmpty ? 0 : 1) <= columns;
    if (isEmpty || fits || startsBlock.test(word)) line += isEmpty ? word : ` ${word}`;
    else {
      lines.push(line);
      line = paragraph.rest + word;
    }
    isEmpty = false;
  }
  return [...lines, line];
};

/** Words, each code span kept whole together with what touches it. */
const unbreakable = (text: string): string[] =>
  text.match(/(?:(``?)(?!`).*?[^`]?\1(?!`)|[^\s`]|`)+/g) ?? [];

/** A table whose cells may hold line feeds and pipes. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`)
    .join('\n');

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');

/** Languages that generated pages have. */
export type PageLanguage = 'en' | 'zh-hant';
export type Translate = (english: string) => string;

/** English as it is; a sentence without its translation is an error. */
export const translator =
  (lang: PageLanguage, inChinese: (english: string) => string | undefined): Translate =>
  (english) => {
    if (lang === 'en') return english;
    const chinese = inChinese(english);
    if (chinese === undefined) throw new Error(`no Chinese text for "${english}"`);
    return chinese;
  };
