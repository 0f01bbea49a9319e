import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  /** Relative to the package's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const isSource = (name: string): boolean => /\.tsx?$/.test(name) && !/\.d\.ts$/.test(name);

/**
 * The TypeScript files under folders of a root, generated ones (`*.gen.ts`) left out.
 *
 * A folder that does not exist yet counts as empty, so that one list of folders serves every
 * layout of the repository.
 */
export const readSourceFiles = (root: string, folders: readonly string[]): SourceFile[] =>
  folders.flatMap((folder) =>
    listFiles(join(root, folder))
      .filter((name) => isSource(name) && !name.endsWith('.gen.ts'))
      .map((name) => {
        const path = join(folder, name);
        const text = readFileSync(join(root, path), 'utf8');
        const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
        return { path, text, tree };
      }),
  );

const listFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.includes('node_modules'),
    );
  } catch {
    return [];
  }
};

/** The files that a file imports, re-exports or loads by `import()`, as paths from the root. */
export const importedFiles = (file: SourceFile): string[] => {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (specifier !== undefined && ts.isStringLiteral(specifier) && specifier.text.startsWith('.'))
      found.push(normalize(join(dirname(file.path), specifier.text)));
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
};

/** Calls `look` with every node of a file. */
export const walk = (file: SourceFile, look: (node: ts.Node) => void): void => {
  const visit = (node: ts.Node): void => {
    look(node);
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
};
