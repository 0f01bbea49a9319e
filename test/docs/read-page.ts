/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  /** The words behind the language: `background`, `fails`, `output`, `file=NAME`. */
  readonly words: readonly string[];
  readonly text: string;
  /** Why the tests do not run it, as the page tells its readers in the line above. */
  readonly notRun: string | undefined;
}

const fence = /^(\s*)```(\S*) ?(.*)$/;
const notRunLine = /^\s*\*Not run[^:*]*: (.+)\*$/;

/** Every fenced block of a Markdown page, in order. */
export const readBlocks = (page: string, markdown: string): readonly Block[] => {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', language = '', words = ''] = fence.exec(lines[at] ?? '') ?? [];
    if (!fence.test(lines[at] ?? '')) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`);
    blocks.push({
      page,
      line: at + 1,
      language,
      words: words.split(' ').filter((word) => word !== ''),
      text: lines
        .slice(at + 1, end)
        .map((line) => line.slice(indent.length))
        .join('\n'),
      notRun: notRunLine.exec(textAbove(lines, at))?.[1],
    });
    at = end;
  }
  return blocks;
};

const textAbove = (lines: readonly string[], at: number): string =>
  lines
    .slice(0, at)
    .filter((line) => line.trim() !== '')
    .at(-1) ?? '';

const shells = ['sh', 'bash', 'shell', 'console', 'zsh', 'powershell', 'cmd'];

export const isCommand = ({ language }: Block): boolean => shells.includes(language);
export const fileOf = ({ words }: Block): string | undefined =>
  words.find((word) => word.startsWith('file='))?.slice('file='.length);
