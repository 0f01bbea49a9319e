/** How each of the package's files is bundled; one file each, with nothing to install beside it. */
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

/** The simulator: the command line, and the library in both module formats. */
export const serverBundle = (entryPoints: Readonly<Record<string, string>>, format: ModuleFormat): BuildOptions => ({
  ...everyBundle,
  ...formats[format],
  entryPoints: { ...entryPoints },
  plugins: [withoutUrlParse],
  ...(format === 'esm'
    ? { banner: { js: requireForBundledPackages } }
    : { banner: { js: ownUrl }, define: { 'import.meta.url': '__ownUrl' } }),
});

/** The merchant's client alone. */
export const clientBundle = (format: ModuleFormat): BuildOptions => ({
  ...everyBundle,
  ...formats[format],
  entryPoints: { client: 'server/merchant/client.ts' },
});
