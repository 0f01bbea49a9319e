/** How each of the package's files is bundled; one file each, with nothing to install beside it. */
import { join, relative } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

export type ModuleFormat = 'esm' | 'cjs';

/**
 * express-openapi-validator asks the old `url.parse` for the query string, and Node 24 warns of that at every start once the call
 * stands outside node_modules. It gets the one answer it needs from here.
 */
const withoutUrlParse: Plugin = {
  name: 'without-url-parse',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^url$/ }, ({ importer }) =>
      /express-openapi-validator.*req\.parameter\.mutator/.test(importer) ? { path: 'query-of-url', namespace: 'shim' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'shim' }, () => ({
      contents: `export const parse = (url) => ({ query: url.split('?')[1] ?? null });`,
    }));
  },
};

const everyBundle: BuildOptions = {
  bundle: true,
  metafile: true,
  platform: 'node',
  target: 'node20',
  outdir: 'dist',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};

// CommonJS packages inside an ES module bundle still call require.
const requireForBundledPackages = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;
// A CommonJS bundle knows its own file by another name.
const ownUrl = `const __ownUrl = require('node:url').pathToFileURL(__filename).href;`;

const formats: Readonly<Record<ModuleFormat, BuildOptions>> = {
  esm: { format: 'esm', outExtension: { '.js': '.mjs' } },
  cjs: { format: 'cjs', outExtension: { '.js': '.cjs' } },
};

/** The command line, all in one file. */
export const mainBundle: BuildOptions = {
  ...everyBundle,
  ...formats.esm,
  entryPoints: { main: 'server/main.ts' },
  plugins: [withoutUrlParse],
  banner: { js: requireForBundledPackages },
};

/** What other programs load. */
export const libraryEntries = {
  index: 'server/index.ts',
  client: 'server/merchant/client.ts',
  connect: 'server/embedded/connect.ts',
  jest: 'server/embedded/jest.ts',
  'jest-setup': 'server/embedded/jest-setup.ts',
} as const;

/** Vitest knows no CommonJS. */
export const vitestEntries = { vitest: 'server/embedded/vitest.ts', 'vitest-setup': 'server/embedded/vitest-setup.ts' } as const;

/**
 * The library is CommonJS, and its ES modules hand on what stands there: loaded in either way, or in both, a class is the same class.
 * An entry that needs another one loads that one's file for the same reason.
 */
export const libraryBundle = (entryPoints: Readonly<Record<string, string>>, format: ModuleFormat): BuildOptions => ({
  ...everyBundle,
  ...formats[format],
  entryPoints: { ...entryPoints },
  external: ['vitest', 'vitest/*'],
  plugins: [withoutUrlParse, withNeighbours(format)],
  ...(format === 'cjs' ? { banner: { js: ownUrl }, define: { 'import.meta.url': '__ownUrl' } } : {}),
});

const withNeighbours = (format: ModuleFormat): Plugin => ({
  name: 'with-neighbours',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\..*\/(index|client|connect)\.ts$/ }, ({ path, resolveDir, kind }) => {
      const source = relative(process.cwd(), join(resolveDir, path));
      const name = Object.entries(libraryEntries).find(([, file]) => file === source)?.[0];
      const isOther = name !== undefined && kind !== 'entry-point';
      return isOther ? { path: `./${name}.${format === 'esm' ? 'mjs' : 'cjs'}`, external: true } : undefined;
    });
  },
});

/** An ES module that hands on what a CommonJS file exports. */
export const esmWrapper = (name: string, exports: readonly string[]): string =>
  `import library from './${name}.cjs';\nexport const { ${exports.join(', ')} } = library;\n`;
