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

/** The simulator: the command line, all in one file, or the library. */
export const serverBundle = (entryPoints: Readonly<Record<string, string>>, format: ModuleFormat): BuildOptions => ({
  ...everyBundle,
  ...formats[format],
  entryPoints: { ...entryPoints },
  plugins: [withoutUrlParse, ...('main' in entryPoints ? [] : [withNeighbours(format)])],
  ...(format === 'esm'
    ? { banner: { js: requireForBundledPackages } }
    : { banner: { js: ownUrl }, define: { 'import.meta.url': '__ownUrl' } }),
});

/** The merchant's client, and what steers a simulator: neither holds one. */
export const lightBundle = (entryPoints: Readonly<Record<string, string>>, format: ModuleFormat): BuildOptions => ({
  ...everyBundle,
  ...formats[format],
  entryPoints: { ...entryPoints },
  external: ['vitest', 'vitest/*'],
  plugins: [withNeighbours(format)],
});

/** Sources that are files of their own in dist/. Whoever else needs one loads that file, so that a class is the same class everywhere. */
export const libraryEntries = {
  index: 'server/index.ts',
  client: 'server/merchant/client.ts',
  connect: 'server/embedded/connect.ts',
} as const;

const withNeighbours = (format: ModuleFormat): Plugin => ({
  name: 'with-neighbours',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\..*\/(index|client|connect)\.ts$/ }, ({ path, resolveDir, kind }) => {
      const source = relative(process.cwd(), join(resolveDir, path));
      const name = Object.entries(libraryEntries).find(([, file]) => file === source)?.[0];
      return name === undefined || kind === 'entry-point'
        ? undefined
        : { path: `./${name}.${format === 'esm' ? 'mjs' : 'cjs'}`, external: true };
    });
  },
});
