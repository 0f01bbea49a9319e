/** How each file of the package is bundled: one file each, without dependencies. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { type BuildOptions, type BuildResult, build, type Plugin, transform } from 'esbuild';

export type ModuleFormat = 'esm' | 'cjs';

/**
 * express-openapi-validator reads the query string with the deprecated `url.parse`. Outside
 * node_modules, Node 24 prints a warning for it at every start. This shim replaces the call.
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
 * Patches a file of a package while it is bundled. Fails when the file no longer contains the
 * replaced code.
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
          throw new Error(`${path} has changed: check whether the patch is still needed`);
        contents = contents.replace(before, after);
      }
      return { contents };
    });
  },
});

/**
 * express-openapi-validator compiles the schema of OpenAPI documents at every start, even when
 * the check of the document is turned off: a fifth of the start-up time. Here it compiles at the
 * first use.
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
 * No operation takes files, so multer, which express-openapi-validator uses for them, is left out.
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

/**
 * Bodies are JSON in UTF-8: the tables of iconv-lite for other charsets, a tenth of the simulator's
 * code, are left out, and such a charset is refused as an unknown one.
 */
const withoutCharsets: Plugin = {
  name: 'without-charsets',
  setup: ({ onLoad }) => {
    const filter = /iconv-lite\/encodings\/(dbcs-data|sbcs-data-generated)\.js$/;
    onLoad({ filter }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Extensions of what is served, and of what bodies are. */
const servedTypes =
  /^(?:bin|css|csv|html|ico|js|json|map|md|mjs|pem|png|svg|txt|woff2?|xml|ya?ml)$/;

/**
 * Of the 2,500 media types that Express knows, those that are served, and those with a character
 * set of their own: a start reads and sorts all of them.
 */
const withoutRareTypes: Plugin = {
  name: 'without-rare-types',
  setup: ({ onLoad }) => {
    onLoad({ filter: /mime-db\/db\.json$/ }, async ({ path }) => {
      const types: Readonly<Record<string, { extensions?: string[]; charset?: string }>> =
        JSON.parse(await readFile(path, 'utf8'));
      const kept = Object.entries(types).filter(
        ([, { extensions = [], charset }]) =>
          charset !== undefined || extensions.some((one) => servedTypes.test(one)),
      );
      return { contents: JSON.stringify(Object.fromEntries(kept)), loader: 'json' };
    });
  },
};

/**
 * The protocol's SDK checks answers that a server has asked a user for with a validator of its own,
 * a third of the file. No tool asks, and the results of tools are checked by their own schemas.
 */
const withoutElicitation: Plugin = {
  name: 'without-elicitation',
  setup: ({ onLoad }) => {
    onLoad({ filter: /@modelcontextprotocol\/server\/dist\/shimsNode\.mjs$/ }, () => ({
      contents: [
        "import process from 'node:process';",
        'class DefaultJsonSchemaValidator {',
        "  getValidator() { throw new Error('no tool asks a user'); }",
        '}',
        'export { DefaultJsonSchemaValidator, process };',
      ].join('\n'),
    }));
  },
};

const patches = [
  withoutUrlParse,
  withoutIdleCompile,
  withoutUploads,
  withoutCharsets,
  withoutRareTypes,
  withoutElicitation,
];

/** What these change in which package, for the bill of materials. */
export const patchNotes: Readonly<Record<string, readonly string[]>> = {
  'express-openapi-validator': [
    'reads the query string without url.parse',
    'compiles the schema of OpenAPI documents at its first use',
    'multer, which takes files, is left out',
  ],
  '@modelcontextprotocol/server': ['the validator of elicited answers is left out'],
  'mime-db': ['media types that are not served are left out'],
  'iconv-lite': ['the tables of charsets other than Unicode, ASCII and Latin-1 are left out'],
};

const everyBundle: BuildOptions = {
  bundle: true,
  metafile: true,
  platform: 'node',
  // The default; the launcher reads the command line's bundle as ASCII.
  charset: 'ascii',
  target: 'node20',
  // Removes comments; `writeReadable` formats the code again.
  minifyWhitespace: true,
  write: false,
  legalComments: 'none',
  logLevel: 'warning',
};

// CommonJS has no import.meta.url.
const ownUrl = `const __ownUrl = require('node:url').pathToFileURL(__filename).href;`;

// Lazy imports become lazy requires: code from the engine's cache cannot import.
const commonJs = { format: 'cjs', supported: { 'dynamic-import': false } } as const;

const formats: Readonly<Record<ModuleFormat, BuildOptions>> = {
  esm: { format: 'esm', outExtension: { '.js': '.mjs' } },
  cjs: { ...commonJs, outExtension: { '.js': '.cjs' } },
};

const ownUrlInCommonJs: BuildOptions = {
  banner: { js: ownUrl },
  define: { 'import.meta.url': '__ownUrl' },
};

/**
 * Texts in Chinese by their English: read by few, a tenth of the simulator's size. They are packed,
 * and unpacked when a run asks for them.
 */
const packedTexts: Plugin = {
  name: 'packed-texts',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/chinese\/\w+\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')));
      const packed = brotliCompressSync(text).toString('base64');
      const read = `require('node:zlib').brotliDecompressSync(Buffer.from('${packed}', 'base64'))`;
      return { contents: `module.exports = JSON.parse(${read}.toString());` };
    });
  },
};

/** The executable, which loads the simulator. CommonJS, so that the thread pool is still unused. */
export const launcherBundle: BuildOptions = {
  ...everyBundle,
  ...formats.cjs,
  ...ownUrlInCommonJs,
  outdir: 'dist',
  entryPoints: { main: 'server/main.ts' },
};

/** The entries that other programs load. */
export const libraryEntries = {
  index: 'sdk/testing/index.ts',
  client: 'sdk/client/client.ts',
  connect: 'sdk/testing/connect.ts',
  jest: 'sdk/testing/jest.ts',
  'jest-setup': 'sdk/testing/jest-setup.ts',
} as const;

/** Vitest does not support CommonJS. */
export const vitestEntries = {
  vitest: 'sdk/testing/vitest.ts',
  'vitest-setup': 'sdk/testing/vitest-setup.ts',
} as const;

/**
 * The library is CommonJS, and its ES modules re-export it: loaded in either way, or in both, a
 * class is the same class. An entry that needs another one loads that file for the same reason.
 * Only the merchant's client is a separate ES module, because merchants bundle it.
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

/**
 * Files of their own, which a plain start does not load: the first only with `store` set to an
 * address, the second only by `mcp`, the third by the setups of jest and vitest, the others when
 * certificates are made, metrics are read, YAML is parsed, or a pattern is compiled.
 */
export const lazyEntries = {
  redis: '@redis/client',
  mcp: 'server/admin/mcp/sdk.ts',
  'run-end': 'sdk/testing/run-end.ts',
  'node-forge': 'node-forge',
  'prom-client': 'prom-client',
  yaml: 'yaml',
  re2js: 're2js',
} as const;

/** A module with the exports of another one, which loads its file when one of them is read. */
const renderFirstUse = async (name: string, source: string): Promise<string> => {
  const exported = await import(source.endsWith('.ts') ? pathToFileURL(source).href : source);
  return [
    'module.exports = {',
    ...Object.keys(exported)
      // Newer versions of Node add the name `module.exports`.
      .filter((key) => /^[\w$]+$/.test(key))
      .map((key) => `get ${key}() { return require('./${name}.cjs').${key}; },`),
    '};',
  ].join('\n');
};

const withNeighbours = (format: ModuleFormat): Plugin => ({
  name: 'with-neighbours',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /./ }, ({ path, resolveDir, kind }) => {
      const source = path.startsWith('.') ? relative(process.cwd(), join(resolveDir, path)) : path;
      const name = Object.entries(lazyEntries).find(([, file]) => file === source)?.[0];
      if (name === undefined || kind === 'entry-point') return undefined;
      return kind === 'dynamic-import' || format === 'esm'
        ? { path: `./${name}.cjs`, external: true }
        : { path: name, namespace: 'first-use', pluginData: source };
    });
    onLoad({ filter: /./, namespace: 'first-use' }, async ({ path, pluginData: source }) => ({
      contents: await renderFirstUse(path, source),
      resolveDir: process.cwd(),
    }));
    onResolve({ filter: /./, namespace: 'first-use' }, ({ path }) => ({ path, external: true }));
    const filter = /^\..*\/(index|client|connect)\.ts$/;
    onResolve({ filter }, ({ path, resolveDir, importer, kind }) => {
      const source = relative(process.cwd(), join(resolveDir, path));
      const name = Object.entries(libraryEntries).find(([, file]) => file === source)?.[0];
      const isEntry = kind === 'entry-point' || importer in simulatorSources;
      const isOther = name !== undefined && !isEntry;
      return isOther
        ? { path: `./${name}.${format === 'esm' ? 'mjs' : 'cjs'}`, external: true }
        : undefined;
    });
  },
});

/** The server's modules that are imported with `import()`. */
const findOnDemandModules = (): readonly string[] => {
  const files = readdirSync('server', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('server', file));
  const found = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?<!typeof )\bimport\('(\..+?)'\)/g)].map(
      ([, path = '']) => join(dirname(file), path),
    ),
  );
  return [...new Set(found)].filter((file) => file !== lazyEntries.mcp);
};

/** The first lines of the simulator's bundles, which are not files. */
const simulatorSources = {
  run: () => [
    "export { run } from './server/cli/program.ts';",
    `export * as library from './${libraryEntries.index}';`,
  ],
  'on-demand': (modules: readonly string[]) => [
    'export const modules = {',
    ...modules.map((name) => `'${name}': () => require('./${name}'),`),
    '};',
  ],
} as const;

/** What is imported with `import()` becomes a module of `on-demand.cjs`, by its path. */
const withOnDemand: Plugin = {
  name: 'with-on-demand',
  setup: ({ onResolve, onLoad }) => {
    const modules = findOnDemandModules();
    onResolve({ filter: /./ }, ({ path, kind, resolveDir }) => {
      if (kind === 'entry-point') return { path, namespace: 'first-lines' };
      if (kind !== 'dynamic-import' || !path.startsWith('.')) return undefined;
      const name = relative(process.cwd(), join(resolveDir, path));
      if (!modules.includes(name)) throw new Error(`${name} is not in on-demand.cjs`);
      return { path: `on-demand:${name}`, external: true };
    });
    for (const [name, render] of Object.entries(simulatorSources))
      onLoad({ filter: new RegExp(`^${name}$`), namespace: 'first-lines' }, () => ({
        contents: render(modules).join('\n'),
        resolveDir: process.cwd(),
      }));
  },
};

/**
 * The command line and the embedded simulator in one file, `simulator.cjs`, since they are the same
 * code. Beside it are `run.cjs`, which exports both, and `on-demand.cjs`, which a plain start does
 * not load. They are divided as ES modules, because esbuild divides no others, and written as
 * CommonJS, so that what the engine compiles can be kept.
 */
export const simulatorBundle: BuildOptions = {
  ...everyBundle,
  ...ownUrlInCommonJs,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.cjs' },
  chunkNames: 'simulator',
  entryPoints: Object.fromEntries(Object.keys(simulatorSources).map((name) => [name, name])),
  outdir: 'dist',
  plugins: [...patches, packedTexts, withNeighbours('cjs'), withOnDemand],
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
    const { code: formatted } = await transform(text, {
      charset: 'ascii',
      target: 'node20',
      ...(path.endsWith('.cjs') ? commonJs : {}),
    });
    const code = formatted.replace(
      /require\("on-demand:(.*?)"\)/g,
      `require("./on-demand.cjs").modules["$1"]()`,
    );
    // The launcher reads ASCII, and esbuild leaves regular expressions as they are written.
    const other = /.{0,40}[^\0-\x7f].{0,40}/.exec(code)?.[0];
    if (other !== undefined)
      throw new Error(`${path} is not ASCII at "${other}": write \\u escapes in the source`);
    await writeFile(path, code);
  }
  return result;
};
