import { type Document, visit, type YAMLError } from 'yaml';
import type { Problem } from './problem.ts';

export type Position = Pick<Problem, 'line' | 'column'>;

/** Where the first comment of another language is, outside strings. */
export const commentIn = (text: string): number | undefined => {
  const blanked = text.replace(/"(?:[^"\\\n]|\\.)*"/g, (found) => '"'.repeat(found.length));
  return /(?<=^|[\s,{}[\]"\d])(?:\/\/|\/\*)/m.exec(blanked)?.index;
};

export const aliasSentence = (error: unknown): string => {
  const why = error instanceof Error ? error.message : '';
  if (/excessive alias/i.test(why))
    return 'uses aliases (*name) so often that the file becomes too large';
  const name = /Unresolved alias.*: (\S+)/.exec(why)?.[1];
  if (name !== undefined)
    return `uses the alias *${name}, but no anchor &${name} is defined before it`;
  if (/merge/i.test(why)) return 'has a merge key (<<) whose value is not a mapping';
  return 'has an alias or merge key that cannot be resolved';
};

/** The parser's own sentences are for those who write parsers. */
const syntaxSentences: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  DUPLICATE_KEY: ['this name is given twice', 'Delete one of the two.'],
  TAB_AS_INDENT: ['is indented with a tab', 'Indent with spaces.'],
  BAD_INDENT: [
    'is not indented as its surroundings are',
    'Give all entries of one mapping or list the same indentation.',
  ],
  MISSING_CHAR: [
    'a closing bracket, quotation mark, comma or colon is missing',
    'Close what was opened: ], }, " or \'; write a space after each colon.',
  ],
  BLOCK_AS_IMPLICIT_KEY: ['has a second ": " on one line', 'Put the value in quotation marks.'],
  MULTILINE_IMPLICIT_KEY: [
    'a name goes over several lines, or a colon is missing after it',
    'Write "name: value".',
  ],
  UNEXPECTED_TOKEN: [
    'has something that does not belong here',
    'Check quotation marks, colons and indentation; put special characters in quotation marks.',
  ],
  BAD_SCALAR_START: [
    'has a value that begins with a reserved character (@ or `)',
    'Put the value in quotation marks.',
  ],
  BAD_DQ_ESCAPE: [
    'has an unknown escape after "\\"',
    'Use single quotation marks, or write \\\\ for a backslash.',
  ],
  TAG_RESOLVE_FAILED: [
    'has a tag (!name) that is not known here',
    'Write the value without a tag.',
  ],
  BLOCK_IN_FLOW: [
    'has an indented block inside [ ] or { }',
    'Write all of it in brackets, or none.',
  ],
};

/** One problem a line: what follows from it only confuses. */
export const syntaxProblems = (
  file: string,
  text: string,
  errors: readonly YAMLError[],
  at: (offset: number) => Position,
): Problem[] => {
  const lines = text.split('\n');
  const byLine = new Map<number | undefined, Problem>();
  for (const error of errors) {
    const position = at(error.pos[0]);
    const variable = variableIn(lines[(position.line ?? 1) - 1] ?? '');
    const problem = {
      where: file,
      ...position,
      ...(variable === undefined ? syntaxSentence(error) : variableProblem(variable)),
    };
    if (!byLine.has(position.line)) byLine.set(position.line, problem);
  }
  return [...byLine.values()];
};

const syntaxSentence = ({ code, message: raw }: YAMLError): Pick<Problem, 'message' | 'remedy'> => {
  // An open bracket is reported as an indentation that ends it.
  const [message, remedy] = syntaxSentences[/end with a/.test(raw) ? 'MISSING_CHAR' : code] ?? [
    'is not YAML',
    'Correct it: indentation, quotation marks, brackets, colons.',
  ];
  return { message, remedy };
};

/** The first `${NAME}` of a text: other programs fill such places in. */
export const variableIn = (text: string): string | undefined =>
  /\$\{[A-Za-z_][^}]*\}/.exec(text)?.[0];

export const variableProblem = (variable: string): Pick<Problem, 'message' | 'remedy'> => ({
  message: `has ${variable}: variables are not filled in here`,
  remedy: 'Write the value itself, or set the ALIPAYHK_MOCK_… variable of this setting.',
});

interface LostNumber {
  readonly source: string;
  readonly offset: number;
}

/**
 * Gives names that YAML takes for numbers their digits back, so that a Client-Id 0123456789 stays
 * one.
 * @returns the numbers among the values that JavaScript would change
 */
export const keepNamesAndFindLosses = (document: Document.Parsed): LostNumber[] => {
  const lost: LostNumber[] = [];
  visit(document, {
    Scalar: (key, node) => {
      if (
        typeof node.source !== 'string' ||
        typeof node.value === 'string' ||
        typeof node.value === 'symbol'
      )
        return;
      if (key === 'key') node.value = node.source;
      else if (losesDigits(node.value, node.source))
        lost.push({ source: node.source, offset: node.range?.[0] ?? 0 });
    },
  });
  return lost;
};

const losesDigits = (value: unknown, source: string): boolean => {
  if (typeof value !== 'number') return false;
  if (/^[-+]?\d+$/.test(source)) return !Number.isSafeInteger(value) || /^[-+]?0\d/.test(source);
  return !Number.isFinite(value);
};
