/**
 * Rolls the types of each entry up into one file in dist/, so that what is published names nothing
 * of the inside: `npm run build:types`.
 */
import { resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { libraryEntries, vitestEntries } from './bundles.ts';

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
