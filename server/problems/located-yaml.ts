import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { parsedAtBuild } from './parsed-yaml.ts';
import type { Problem } from './problem.ts';
import { readRegularFile } from './regular-file.ts';

type Path = readonly PropertyKey[];

/** A YAML or JSON file whose every value can be found again by line and column. */
export interface LocatedYaml {
  readonly file: string;
  readonly value: unknown;
  /** Empty when the file could be read and parsed. */
  readonly problems: readonly Problem[];
  /** A problem at the value under `path`, or at its nearest parent that stands in the file. */
  problemAt(path: Path, message: string, remedy: string): Problem;
}

export const readLocatedYaml = (file: string): LocatedYaml => {
  try {
    return parseLocatedYaml(file, readRegularFile(file).toString('utf8'));
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return unreadable(file, [{ where: file, message, remedy: 'Check the path and its permissions.' }]);
  }
};

export const parseLocatedYaml = (file: string, text: string): LocatedYaml => {
  const known = parsedAtBuild(text);
  if (known === undefined) return parseWithPositions(file, text);
  // Positions are only wanted once something is wrong.
  return { file, value: known, problems: [], problemAt: (...problem) => parseWithPositions(file, text).problemAt(...problem) };
};

const parseWithPositions = (file: string, text: string): LocatedYaml => {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    return unreadable(
      file,
      document.errors.map((error) => ({
        where: file,
        ...at(error.pos[0]),
        message: error.message,
        remedy: 'Correct the YAML: indentation, quotes, repeated keys.',
      })),
    );
  }
  return {
    file,
    value: document.toJS({ maxAliasCount: 100 }),
    problems: [],
    problemAt: (path, message, remedy) => {
      for (let depth = path.length; depth >= 0; depth--) {
        const node: unknown = document.getIn(path.slice(0, depth), true);
        const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
        if (Array.isArray(range) && typeof range[0] === 'number') return { where: file, ...at(range[0]), message, remedy };
      }
      return { where: file, line: 1, column: 1, message, remedy };
    },
  };
};

/** A value that does not stand in a file: problems with it name where it came from instead. */
export const unlocated = (where: string, value: unknown): LocatedYaml => ({
  file: where,
  value,
  problems: [],
  problemAt: (_path, message, remedy) => ({ where, message, remedy }),
});

const unreadable = (file: string, problems: readonly Problem[]): LocatedYaml => ({
  file,
  value: undefined,
  problems,
  problemAt: (_path, message, remedy) => ({ where: file, message, remedy }),
});

/** Turns a schema's findings into problems that name line and column. */
export const schemaProblems = (source: LocatedYaml, error: z.ZodError, remedy: string): Problem[] =>
  error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => source.problemAt([...issue.path, key], `${named([...issue.path, key])} is not known here`, remedy));
    }
    return [source.problemAt(issue.path, `${named(issue.path)}: ${issue.message}`, remedy)];
  });

const named = (path: Path): string => (path.length === 0 ? 'the file' : path.map(String).join('.'));
