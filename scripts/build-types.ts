/**
 * Rolls the types of each entry up into one file in dist/, so that the published types do not name
 * internal files: `npm run build:types`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { libraryEntries, vitestEntries } from './bundles.ts';

/**
 * Replaces a key of node:crypto, so that a program can use the package's types without Node's:
 * TypeScript 6 and later include Node's only on request.
 */
const keyObject = `/** A key of node:crypto. */
interface KeyObject {
    readonly type: 'secret' | 'public' | 'private';
    readonly asymmetricKeyType?: string;
    equals(other: never): boolean;
}
`;

/** A library of TypeScript that no target before ESNext includes. */
const disposable = '/// <reference lib="esnext.disposable" />\n';

/** The package returns Buffers, but its types promise only Uint8Arrays. */
const withoutNodeTypes = async (file: string): Promise<void> => {
  const text = (await readFile(file, 'utf8'))
    .replace(/^import (?:type )?\{ KeyObject \} from 'node:crypto';\n/m, keyObject)
    .replace(/\bBuffer\b(?=[;,)\]| ])/g, 'Uint8Array');
  const left = /.*(?:'node:|\bBuffer\b|\bNodeJS\.).*/.exec(text.replace(/\/\*[\s\S]*?\*\//g, ''));
  if (left !== null) throw new Error(`${file} refers to Node's types: ${left[0].trim()}`);
  await writeFile(file, (/\basyncDispose\b/.test(text) ? disposable : '') + text);
};

/**
 * @param entries name of the file in dist/ → source. An entry imports another one from that one's
 * file, as at run time.
 */
const bundleTypes = async (entries: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, input] of Object.entries(entries)) {
    const neighbours = Object.entries(libraryEntries).filter(([, source]) => source !== input);
    const bundle = await rollup({
      input,
      plugins: [dts({ tsconfig: 'tsconfig.json' })],
      external: (id) =>
        /^(node:|vitest)/.test(id) || neighbours.some(([, source]) => resolve(source) === id),
      onwarn: ({ message }) => {
        throw new Error(`${name}: ${message}`);
      },
    });
    const isOnlyModule = Object.hasOwn(vitestEntries, name);
    const [ending, module] = isOnlyModule ? ['mts', 'mjs'] : ['cts', 'cjs'];
    const file = `dist/${name}.d.${ending}`;
    const paths = Object.fromEntries(
      neighbours.map(([neighbour, source]) => [resolve(source), `./${neighbour}.${module}`]),
    );
    const { output } = await bundle.write({ file, format: 'es', paths });
    await withoutNodeTypes(file);
    const foreign = output
      .flatMap((part) => ('imports' in part ? part.imports : []))
      .filter((from) => !/^(node:|vitest|\.\/|\/)/.test(from));
    if (foreign.length > 0)
      throw new Error(
        `the types of ${name} import ${foreign.join(', ')}, which the package does not contain`,
      );
    // The same types for both kinds of module: a class is one class, and is published once.
    if (!isOnlyModule) await writeFile(`dist/${name}.d.mts`, `export * from './${name}.cjs';\n`);
    await bundle.close();
  }
};

const { 'jest-setup': _loadedByJestItself, ...typed } = libraryEntries;
await bundleTypes({ ...typed, ...vitestEntries });
