/** How each of the package's files is bundled; one file each, with nothing to install beside it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuildOptions, type BuildResult, build, type Plugin, transform } from 'esbuild';

export type ModuleFormat = 'esm' | 'cjs';

/**
 * express-openapi-validator asks the old `url.parse` for the query string, and Node 24 warns of
 * that at every start once the call stands outside node_modules. It gets the one answer it needs
 * from here.
 */
const withoutUrlParse: Plugin = {
  name: 'without-url-parse',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^url$/ }, ({ importer }) =>
      /express-openapi-validator.*req\.parameter\.mutator/.test(importer)
        ? { path: 'query-of-url', namespace: 'shim' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'shim' }, () => ({
      contents: `export const parse = (url) => ({ query: url.split('?')[1] ?? null });`,
    }));
  },
};

/**
 * Changes a package's file on its way into the bundles, and fails when it is no longer the file
 * that was meant.
 */
const patch = (
  name: string,
  filter: RegExp,
  replacements: Readonly<Record<string, string>>,
): Plugin => ({
  name,
  setup: ({ onLoad }) => {
    onLoad({ filter }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [before, after] of Object.entries(replacements)) {
        if (!contents.includes(before))
          throw new Error(`${path} has changed: see whether this is still needed`);
        contents = contents.replace(before, after);
      }
      return { contents };
    });
  },
});

/**
 * express-openapi-validator compiles the schema of OpenAPI documents at every start, also when it
 * has been told not to check the document: a fifth of the time to start. Here it does so when it is
 * first used.
 */
const withoutIdleCompile = patch(
  'without-idle-compile',
  /express-openapi-validator.*openapi\.schema\.validator\.js$/,
  {
    'constructor(opts) {': 'constructor(opts) { this.opts = opts; } compile(opts) {',
    'const valid =': 'if (this.validator === undefined) this.compile(this.opts); const valid =',
  },
);

/**
 * Ajv goes over the code of a validator it has written and takes away what is not needed, which
 * takes it a third of the time. Unless told otherwise, and express-openapi-validator does not hand
 * that on. The engine does the same for functions that are called often.
 */
const withoutTidying = patch('without-tidying', /ajv\/dist\/core\.js$/, {
  '_optz === undefined ? 1 :': '_optz === undefined ? 0 :',
});

/**
 * No operation takes files, so what express-openapi-validator would read them with stays outside.
 */
const withoutUploads: Plugin = {
  name: 'without-uploads',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^multer$/ }, () => ({ path: 'multer', namespace: 'uploads' }));
    onLoad({ filter: /.*/, namespace: 'uploads' }, () => ({
      contents: `module.exports = () => { throw new Error('takes no files'); };`,
    }));
  },
};

const patches = [withoutUrlParse, withoutIdleCompile, withoutTidying, withoutUploads];

const everyBundle: BuildOptions = {
  bundle: true,
  metafile: true,
  platform: 'node',
  // As it is by default; the launcher reads the command line's bundle as such.
  charset: 'ascii',
  target: 'node20',
  // Takes the comments away; `writeReadable` lays the code out again.
  minifyWhitespace: true,
  write: false,
  legalComments: 'none',
  logLevel: 'warning',
};

// A CommonJS bundle knows its own file by another name.
const ownUrl = `const __ownUrl = require('node:url').pathToFileURL(__filename).href;`;

const formats: Readonly<Record<ModuleFormat, BuildOptions>> = {
  esm: { format: 'esm', outExtension: { '.js': '.mjs' } },
  // What is loaded late is required late: code that comes out of the engine's cache cannot import.
  cjs: { format: 'cjs', outExtension: { '.js': '.cjs' }, supported: { 'dynamic-import': false } },
};

const ownUrlInCommonJs: BuildOptions = {
  banner: { js: ownUrl },
  define: { 'import.meta.url': '__ownUrl' },
};

/** The executable, which loads it. CommonJS too: the thread pool is still unused then. */
export const launcherBundle: BuildOptions = {
  ...everyBundle,
  ...formats.cjs,
  ...ownUrlInCommonJs,
  outdir: 'dist',
  entryPoints: { main: 'server/main.ts' },
};

/** What other programs load. */
export const libraryEntries = {
  index: 'sdk/testing/index.ts',
  client: 'sdk/client/client.ts',
  connect: 'sdk/testing/connect.ts',
  jest: 'sdk/testing/jest.ts',
  'jest-setup': 'sdk/testing/jest-setup.ts',
} as const;

/** Vitest knows no CommonJS. */
export const vitestEntries = {
  vitest: 'sdk/testing/vitest.ts',
  'vitest-setup': 'sdk/testing/vitest-setup.ts',
} as const;

/**
 * The library is CommonJS, and its ES modules hand on what stands there: loaded in either way, or
 * in both, a class is the same class. An entry that needs another one loads that one's file for the
 * same reason. Only the merchant's client is an ES module of its own, since merchants bundle it.
 */
export const libraryBundle = (
  entryPoints: Readonly<Record<string, string>>,
  format: ModuleFormat,
): BuildOptions => ({
  ...everyBundle,
  ...formats[format],
  outdir: 'dist',
  entryPoints: { ...entryPoints },
  external: ['vitest', 'vitest/*'],
  plugins: [...patches, withNeighbours(format)],
  ...(format === 'cjs' ? ownUrlInCommonJs : {}),
});

const withNeighbours = (format: ModuleFormat): Plugin => ({
  name: 'with-neighbours',
  setup: ({ onResolve }) => {
    const filter = /^\..*\/(index|client|connect)\.ts$/;
    onResolve({ filter }, ({ path, resolveDir, importer, kind }) => {
      const source = relative(process.cwd(), join(resolveDir, path));
      const name = Object.entries(libraryEntries).find(([, file]) => file === source)?.[0];
      const isEntry = kind === 'entry-point' || importer.endsWith(simulatorSource);
      const isOther = name !== undefined && !isEntry;
      return isOther
        ? { path: `./${name}.${format === 'esm' ? 'mjs' : 'cjs'}`, external: true }
        : undefined;
    });
  },
});

/** Not a file: the bundle's first lines. */
const simulatorSource = 'simulator.ts';

/**
 * The command line and the embedded simulator in one file, since they are the same code. CommonJS,
 * so that what the engine compiles of it can be kept.
 */
export const simulatorBundle: BuildOptions = {
  ...everyBundle,
  ...formats.cjs,
  ...ownUrlInCommonJs,
  stdin: {
    contents: [
      "export { run } from './server/cli/run.ts';",
      `export * as library from './${libraryEntries.index}';`,
    ].join('\n'),
    resolveDir: process.cwd(),
    sourcefile: simulatorSource,
    loader: 'ts',
  },
  outfile: 'dist/run.cjs',
  plugins: [...patches, withNeighbours('cjs')],
};

/** A CommonJS file that hands on the embedded simulator. */
export const libraryFront = `module.exports = require('./run.cjs').library;\n`;

/** An ES module that hands on what a CommonJS file exports. */
export const esmWrapper = (name: string, exports: readonly string[]): string =>
  `import library from './${name}.cjs';\nexport const { ${exports.join(', ')} } = library;\n`;

/**
 * Builds, and writes code without comments that is laid out as it was written, so that a stack
 * trace says where and an unpacked package can be read.
 */
export const buildReadable = async (options: BuildOptions): Promise<BuildResult> => {
  const result = await build(options);
  for (const { path, text } of result.outputFiles ?? []) {
    const { code } = await transform(text, { charset: 'ascii', target: 'node20' });
    await writeFile(path, code);
  }
  return result;
};
