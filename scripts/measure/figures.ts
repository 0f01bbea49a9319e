import ts from 'typescript';
import { importedFiles, type SourceFile, walk } from './source-files.ts';

const lineCount = ({ text }: SourceFile): number => text.trimEnd().split('\n').length;

/** Lines of all files together, empty lines and comments included. */
export const totalLines = (files: readonly SourceFile[]): number =>
  files.reduce((sum, file) => sum + lineCount(file), 0);

/** Files of fewer than 30 lines that exactly one other of the files imports. */
export const smallFilesWithOneImporter = (files: readonly SourceFile[]): string[] => {
  const importers = new Map<string, Set<string>>();
  for (const file of files)
    for (const target of importedFiles(file))
      importers.set(target, (importers.get(target) ?? new Set()).add(file.path));
  return files
    .filter((file) => importers.get(file.path)?.size === 1 && lineCount(file) < 30)
    .map(({ path }) => path);
};

export interface NamedFunction {
  readonly name: string;
  readonly path: string;
  readonly parameters: number;
}

const isFunctionLike = (
  node: ts.Node | undefined,
): node is ts.ArrowFunction | ts.FunctionExpression =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

/**
 * Functions and methods with a name: declarations, constants and properties that hold an arrow
 * function, and methods. Constructors count under the name `constructor`.
 */
export const namedFunctions = (files: readonly SourceFile[]): NamedFunction[] => {
  const found: NamedFunction[] = [];
  for (const file of files)
    walk(file, (node) => {
      const add = (name: string, parameters: number): void => {
        found.push({ name, path: file.path, parameters });
      };
      if (ts.isFunctionDeclaration(node) && node.name) add(node.name.text, node.parameters.length);
      else if (ts.isMethodDeclaration(node)) add(node.name.getText(), node.parameters.length);
      else if (ts.isConstructorDeclaration(node)) add('constructor', node.parameters.length);
      else if (
        (ts.isVariableDeclaration(node) ||
          ts.isPropertyAssignment(node) ||
          ts.isPropertyDeclaration(node)) &&
        isFunctionLike(node.initializer)
      )
        add(node.name.getText(), node.initializer.parameters.length);
    });
  return found;
};

/** `merchantOf`, `contractOf`: a noun where a verb belongs. */
export const isOfName = ({ name }: NamedFunction): boolean => /[a-z]Of$/.test(name);

const irregular =
  'gone found held kept made given taken shown seen known drawn written broken chosen born ' +
  'told left lost sent spent meant built bound stale late early hidden stuck begun';
const participle = new RegExp(`^#?(?:[a-z]+ed|${irregular.split(' ').join('|')})$`);
const verbs = /^#?(?:need|feed|seed|embed|shed|speed|heed|proceed|exceed|succeed)$/;

/** A function named by a participle alone (`ruled`, `gone`, `stale`): not a verb. */
export const isParticipleName = ({ name }: NamedFunction): boolean =>
  participle.test(name) && !verbs.test(name);

/** Top-level names that more than one file declares, with those files. */
export const repeatedNames = (files: readonly SourceFile[]): Map<string, string[]> => {
  const places = new Map<string, string[]>();
  for (const file of files) {
    const names = new Set(file.tree.statements.flatMap(declaredNames));
    for (const name of names) places.set(name, [...(places.get(name) ?? []), file.path]);
  }
  return new Map([...places].filter(([, paths]) => paths.length > 1));
};

const declaredNames = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isDeclaration && statement.name ? [statement.name.text] : [];
};

/** Lines longer than a number of columns, as `path:line`. */
export const longLines = (
  files: readonly { readonly path: string; readonly text: string }[],
  columns: number,
): string[] =>
  files.flatMap(({ path, text }) =>
    withoutTables(text)
      .split('\n')
      .flatMap((line, index) => ([...line].length > columns ? [`${path}:${index + 1}`] : [])),
  );

/** A list that is aligned to be read as a table may be as wide as it needs; its lines stay counted. */
const withoutTables = (text: string): string =>
  text.replaceAll(/^( *)\/\/ biome-ignore format: .*\n[\s\S]*?\n\1\};$/gm, (table) =>
    table.replaceAll(/[^\n]/g, ''),
  );

/**
 * Lines of Markdown longer than a number of columns that could be wrapped, as `path:line`. Not
 * counted: rows of tables, fenced output and HTTP messages, which show other programs' lines, and
 * lines that are long only for a link target or a word without spaces.
 */
export const longMarkdownLines = (
  pages: readonly { readonly path: string; readonly text: string }[],
  columns: number,
): string[] =>
  pages.flatMap(({ path, text }) => {
    let fence: string | undefined;
    return text.split('\n').flatMap((line, index) => {
      const [, language] = /^\s*```(.*)$/.exec(line) ?? [];
      if (language !== undefined) fence = fence === undefined ? language : undefined;
      const isShown = fence !== undefined && /^(?:text|http|$)|\boutput\b/.test(fence);
      if (isShown || line.startsWith('|')) return [];
      const words = line.replaceAll(/\]\([^)]*\)/g, ']').split(' ');
      const breakable = words.filter((word) => word.length <= columns - 20).join(' ');
      return [...breakable].length > columns ? [`${path}:${index + 1}`] : [];
    });
  });

/** `...(x === undefined ? {} : { x })`, as `path:line`. */
export const conditionalSpreads = (files: readonly SourceFile[]): string[] => {
  const isEmpty = (node: ts.Expression): boolean =>
    ts.isObjectLiteralExpression(node) && node.properties.length === 0;
  return files.flatMap((file) => {
    const found: string[] = [];
    walk(file, (node) => {
      if (!ts.isSpreadAssignment(node)) return;
      const value = ts.isParenthesizedExpression(node.expression)
        ? node.expression.expression
        : node.expression;
      if (
        ts.isConditionalExpression(value) &&
        /\bundefined\b/.test(value.condition.getText()) &&
        (isEmpty(value.whenTrue) || isEmpty(value.whenFalse))
      )
        found.push(placeIn(file, node));
    });
    return found;
  });
};

/**
 * Places in tests that wait for the wall clock: a sleep by name, or a promise around setTimeout.
 */
export const realTimeWaits = (files: readonly SourceFile[]): string[] =>
  files.flatMap((file) => {
    const found: string[] = [];
    walk(file, (node) => {
      if (!ts.isCallExpression(node)) return;
      const name = node.expression.getText();
      const isSleep = /^(?:sleep|delay|pause|setTimeout|wait)$/.test(name);
      const millis = node.arguments.find((argument) => ts.isNumericLiteral(argument));
      if (isSleep && millis !== undefined && Number(millis.getText().replaceAll('_', '')) > 0)
        found.push(placeIn(file, node));
    });
    return found;
  });

const placeIn = (file: SourceFile, node: ts.Node): string =>
  `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
