import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import type * as z from 'zod';
import { findReservedKey, reservedKeyProblem } from './json-text.ts';
import type { Problem } from './problem.ts';
import { readTextFile } from './read-file.ts';
import { checkValue, describePath, type Path, type SchemaIssue } from './schema-issues.ts';

/** A YAML or JSON file whose every value can be found again by line and column. */
export interface LocatedYaml {
  readonly file: string;
  readonly value: unknown;
  /** Empty when the file could be read and parsed. */
  readonly problems: readonly Problem[];
  /** A problem at the value under `path`, or at its nearest parent in the file. */
  problemAt(path: Path, message: string, remedy: string): Problem;
  /** A problem at the name of that value. */
  problemAtName(path: Path, message: string, remedy: string): Problem;
}

export const readLocatedYaml = (file: string): LocatedYaml => {
  const read = readTextFile(file);
  return 'text' in read ? parseLocatedYaml(file, read.text) : withProblems(file, [read.problem]);
};

export const parseLocatedYaml = (file: string, text: string): LocatedYaml => {
  const known = parsedAtBuild(text);
  if (known === undefined) return parseWithPositions(file, text);
  // Positions are only wanted once something is wrong.
  return {
    file,
    value: known,
    problems: [],
    problemAt: (...problem) => parseWithPositions(file, text).problemAt(...problem),
    problemAtName: (...problem) => parseWithPositions(file, text).problemAtName(...problem),
  };
};

const parseWithPositions = (file: string, text: string): LocatedYaml => {
  try {
    return readPositions(file, text);
  } catch (error) {
    // Nesting beyond the stack, and whatever else the library throws instead of listing it.
    const message = `is not YAML that can be read: ${error instanceof Error ? error.message : String(error)}`;
    return withProblems(file, [
      { where: file, message, remedy: 'Write it plainly: less deep, no directives.' },
    ]);
  }
};

const readPositions = (file: string, givenText: string): LocatedYaml => {
  const text = givenText.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [document, second] = 'empty' in parsed ? [] : parsed;
  if (document === undefined)
    return {
      ...withoutLocation(file, null),
      problemAt: atStart(file),
      problemAtName: atStart(file),
    };
  const refuse = (offset: number, message: string, remedy: string): LocatedYaml =>
    withProblems(file, [{ where: file, ...at(offset), message, remedy }]);
  const comment = isJsonFile(file, text) ? commentIn(text) : undefined;
  if (comment !== undefined)
    return refuse(
      comment,
      'is JSON with a comment, which JSON does not have',
      'Delete the comment, or name the file .yaml and begin comments with "#".',
    );
  if (document.errors.length > 0)
    return withProblems(file, syntaxProblems(file, text, document.errors, at));
  if (second !== undefined)
    return refuse(
      second.range[0],
      'holds several YAML documents, separated by "---"',
      'Keep one document in a file.',
    );
  const numbers = keepNamesAndFindLosses(document);
  if (numbers.length > 0)
    return withProblems(
      file,
      numbers.map(({ source, offset }) => ({
        where: file,
        ...at(offset),
        message: `the number ${source} does not keep its digits`,
        remedy: `Put it in quotation marks: "${source}".`,
      })),
    );
  const problemFor = (offset: number | undefined, message: string, remedy: string): Problem =>
    offset === undefined
      ? atStart(file)([], message, remedy)
      : { where: file, ...at(offset), message, remedy };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const reserved = findReservedKey(value);
    if (reserved !== undefined) {
      const { message, remedy } = reservedKeyProblem(reserved);
      return withProblems(file, [
        problemFor(findOffset(document, reserved, 'name'), message, remedy),
      ]);
    }
    return {
      file,
      value,
      problems: [],
      problemAt: (path, message, remedy) =>
        problemFor(findOffset(document, path, 'value'), message, remedy),
      problemAtName: (path, message, remedy) =>
        problemFor(findOffset(document, path, 'name'), message, remedy),
    };
  } catch (error) {
    return refuse(
      0,
      aliasSentence(error),
      'Write the values out, or correct the anchors (&name), aliases (*name) and merge keys (<<).',
    );
  }
};

const atStart =
  (file: string) =>
  (_path: Path, message: string, remedy: string): Problem => ({
    where: file,
    line: 1,
    column: 1,
    message,
    remedy,
  });

const isJsonFile = (file: string, text: string): boolean =>
  /\.json$/i.test(file) || /^\s*(?:\{|\/\/|\/\*)/.test(text);

/**
 * Where the value, or its name, begins; of its nearest parent when it is not in the file itself.
 */
const findOffset = (
  document: Document.Parsed,
  path: Path,
  part: 'value' | 'name',
): number | undefined => {
  let node: unknown = document.contents;
  let offset = rangeStart(node);
  for (const [depth, key] of path.entries()) {
    const pair = findChild(document, node, key);
    if (pair === undefined) return offset;
    const isLast = depth === path.length - 1;
    offset =
      (isLast && part === 'name' ? rangeStart(pair.key) : undefined) ??
      rangeStart(pair.value) ??
      rangeStart(pair.key) ??
      offset;
    node = pair.value;
  }
  return offset;
};

const findChild = (
  document: Document.Parsed,
  given: unknown,
  key: PropertyKey,
): Pick<Pair, 'key' | 'value'> | undefined => {
  const node = isAlias(given) ? given.resolve(document) : given;
  if (isSeq(node)) {
    const value = node.items[Number(key)];
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  const own = node.items.find(
    (pair) => isScalar(pair.key) && String(pair.key.value) === String(key),
  );
  if (own !== undefined) return own;
  const merged = node.items
    .filter(({ key: name }) => isScalar(name) && typeof name.value === 'symbol')
    .map(({ value }) => value);
  return merged
    .flatMap((value) => (isSeq(value) ? value.items : [value]))
    .flatMap((one) => findChild(document, one, key) ?? [])[0];
};

const rangeStart = (node: unknown): number | undefined => {
  const range =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
};

/** A value that is not in a file: problems with it name where it came from instead. */
export const withoutLocation = (where: string, value: unknown): LocatedYaml => ({
  file: where,
  value,
  problems: [],
  problemAt: (_path, message, remedy) => ({ where, message, remedy }),
  problemAtName: (_path, message, remedy) => ({ where, message, remedy }),
});

const withProblems = (file: string, problems: readonly Problem[]): LocatedYaml => ({
  ...withoutLocation(file, undefined),
  problems,
});

/** Checks a file against a schema. @returns its data, or problems that name line and column */
export const checkYaml = <T>(
  source: LocatedYaml,
  schema: z.ZodType<T>,
  remedy: string,
): { readonly data: T } | { readonly problems: readonly Problem[] } => {
  const checked = checkValue(schema, source.value);
  if ('data' in checked) return checked;
  return { problems: checked.issues.map((issue) => issueProblem(source, issue, remedy)) };
};

const issueProblem = (
  source: LocatedYaml,
  { path, message, remedy, isName }: SchemaIssue,
  fallback: string,
): Problem => {
  const sentence = `${describePath(path)}${isName ? ' ' : ': '}${message}`;
  return isName
    ? source.problemAtName(path, sentence, remedy ?? fallback)
    : source.problemAt(path, sentence, remedy ?? fallback);
};

/**
 * The file in `dist/` for what the build has parsed beforehand: named after the SHA-256 of the
 * YAML's text.
 */
export const parsedYamlFile = (text: string): string =>
  `parsed-yaml/${createHash('sha256').update(text).digest('hex')}.json`;

/**
 * Returns one of the package's own YAML files as the build parsed it: parsing the contract again
 * costs a tenth of a second at every start. The name is a hash of the text, so the result is never
 * stale. Run from source, it returns undefined.
 */
const parsedAtBuild = (text: string): unknown => {
  try {
    return JSON.parse(readFileSync(new URL(parsedYamlFile(text), import.meta.url), 'utf8'));
  } catch {
    return undefined;
  }
};

type Position = Pick<Problem, 'line' | 'column'>;

/** Where the first comment of another language is, outside strings. */
const commentIn = (text: string): number | undefined => {
  const blanked = text.replace(/"(?:[^"\\\n]|\\.)*"/g, (found) => '"'.repeat(found.length));
  return /(?<=^|[\s,{}[\]"\d])(?:\/\/|\/\*)/m.exec(blanked)?.index;
};

const aliasSentence = (error: unknown): string => {
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
const syntaxProblems = (
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
const keepNamesAndFindLosses = (document: Document.Parsed): LostNumber[] => {
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
