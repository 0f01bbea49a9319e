/** Bundles the command line and the library: one file each, with nothing to install beside it. */
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { parse } from 'yaml';
import { type ParsedYaml, textHash } from '../server/problems/parsed-yaml.ts';
import { buildConsole } from './build-console.ts';

// CommonJS packages inside an ES module bundle still call require.
const requireForBundledPackages = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

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

const swaggerUi = 'node_modules/swagger-ui-dist';

/** The page of the admin API's document, served as it is. */
const copySwaggerUi = async (): Promise<void> => {
  await mkdir('dist/swagger-ui');
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt'])
    await copyFile(join(swaggerUi, name), join('dist/swagger-ui', name));
};

/** The licences of everything that was bundled, as they ask to be carried along. */
const notice = async (bundles: readonly Metafile[]): Promise<string> => {
  const inputs = bundles.flatMap((bundle) => Object.keys(bundle.inputs));
  const bundled = new Set(inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const parts = await Promise.all([...bundled, swaggerUi].sort().map(licenceOf));
  return `alipayhk-mock contains the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
};

const licenceOf = async (folder: string): Promise<string> => {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : `\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${name} ${version}, ${typeof license === 'string' ? license : 'see below'}\n${text}`;
};

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { main: 'server/main.ts', index: 'server/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: requireForBundledPackages },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [withoutUrlParse],
});
/** The package's own YAML, parsed once here instead of at every start. */
const parsedYaml = async (): Promise<ParsedYaml> => {
  const files = (
    await Promise.all(['openapi', 'scenarios'].map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))))
  ).flat();
  const texts = await Promise.all(files.filter((name) => name.endsWith('.yaml')).map((file) => readFile(file, 'utf8')));
  return Object.fromEntries(texts.map((text) => [textHash(text), parse(text, { maxAliasCount: 100 })]));
};

await writeFile('dist/parsed-yaml.json', JSON.stringify(await parsedYaml()));
await copySwaggerUi();
await writeFile('dist/NOTICE.txt', await notice([metafile, await buildConsole()]));
await chmod('dist/main.mjs', 0o755);
