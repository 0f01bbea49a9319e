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
} from 'yaml';
import type * as z from 'zod';
import { findReservedKey, reservedKeyProblem } from './json-text.ts';
import type { Problem } from './problem.ts';
import { readTextFile } from './read-file.ts';
import { checkValue, describePath, type Path, type SchemaIssue } from './schema-issues.ts';
import {
  aliasSentence,
  commentIn,
  keepNamesAndFindLosses,
  type Position,
  syntaxProblems,
} from './yaml-errors.ts';

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
export const parsedAtBuild = (text: string): unknown => {
  try {
    return JSON.parse(readFileSync(new URL(parsedYamlFile(text), import.meta.url), 'utf8'));
  } catch {
    return undefined;
  }
};
