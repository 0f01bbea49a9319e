/**
 * Rolls the types of each entry up into one file in dist/, so that what is published names nothing
 * of the inside: `npm run build:types`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { libraryEntries, vitestEntries } from './bundles.ts';

/**
 * What stands for a key of node:crypto, so that a program needs no types of Node to use the
 * package's: TypeScript 6 and later include them only where they are asked for.
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

/** Bytes that are handed out are Buffers; that they are Uint8Arrays is what is promised. */
const withoutNodeTypes = async (file: string): Promise<void> => {
  const text = (await readFile(file, 'utf8'))
    .replace(/^import (?:type )?\{ KeyObject \} from 'node:crypto';\n/m, keyObject)
    .replace(/\bBuffer\b(?=[;,)\]| ])(?!\()/g, 'Uint8Array');
  const left = /.*(?:'node:|\bBuffer\b|\bNodeJS\.).*/.exec(text.replace(/\/\*[\s\S]*?\*\//g, ''));
  if (left !== null) throw new Error(`${file} speaks of Node's types: ${left[0].trim()}`);
  await writeFile(file, (/\basyncDispose\b/.test(text) ? disposable : '') + text);
};

/**
 * @param entries name of the file in dist/ → source. What an entry has of another one it takes from
 * that one's file, as at run time.
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
    for (const ending of ['mts', 'cts'] as const) {
      const module = ending === 'mts' ? 'mjs' : 'cjs';
      const paths = Object.fromEntries(
        neighbours.map(([neighbour, source]) => [resolve(source), `./${neighbour}.${module}`]),
      );
      const { output } = await bundle.write({
        file: `dist/${name}.d.${ending}`,
        format: 'es',
        paths,
      });
      await withoutNodeTypes(`dist/${name}.d.${ending}`);
      const strangers = output
        .flatMap((part) => ('imports' in part ? part.imports : []))
        .filter((from) => !/^(node:|vitest|\.\/|\/)/.test(from));
      if (strangers.length > 0)
        throw new Error(
          `the types of ${name} speak of ${strangers.join(', ')}, which nobody installs`,
        );
    }
    await bundle.close();
  }
};

const { 'jest-setup': _loadedByJestItself, ...typed } = libraryEntries;
await bundleTypes({ ...typed, ...vitestEntries });
