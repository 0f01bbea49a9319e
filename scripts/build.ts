import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { parsedYamlFile } from '../server/problems/located-yaml.ts';
import { omitUndefined } from '../server/problems/plain-object.ts';
import { buildConsole } from './build-console.ts';
import {
  billOfMaterials,
  bundledPackages,
  packagesInBundle,
  renderNotice,
} from './bundled-packages.ts';
import {
  buildReadable,
  esmWrapper,
  launcherBundle,
  lazyEntries,
  libraryBundle,
  libraryEntries,
  libraryFront,
  patchNotes,
  simulatorBundle,
  vitestEntries,
} from './bundles.ts';

/**
 * Bundles the command line, the library and the merchant's client into dist/; their types take
 * longer and are made by build-types.ts.
 */

const swaggerUi = 'node_modules/swagger-ui-dist';

/** The page of the admin API's document, served as it is. */
const copySwaggerUi = async (): Promise<void> => {
  await mkdir('dist/swagger-ui');
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt'])
    await copyFile(join(swaggerUi, name), join('dist/swagger-ui', name));
};

/** The package's own YAML, parsed once here instead of at every start. */
const writeParsedYaml = async (): Promise<void> => {
  await mkdir('dist/parsed-yaml');
  for (const folder of ['openapi', 'scenarios']) {
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml'))) {
      const text = await readFile(join(folder, name), 'utf8');
      await writeFile(
        join('dist', parsedYamlFile(text)),
        JSON.stringify(parse(text, { maxAliasCount: 100 })),
      );
    }
  }
};

/** Jest loads a function by its file: one for the start, one for the end. */
const jestPreset = [
  'module.exports = {',
  "  globalSetup: require.resolve('./jest-global-setup.cjs'),",
  "  globalTeardown: require.resolve('./jest-global-teardown.cjs'),",
  '};',
  '',
].join('\n');

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
const { index: _inTheSimulator, 'jest-setup': jestSetup, ...smallEntries } = libraryEntries;
const { 'vitest-setup': vitestSetup, ...readableVitest } = vitestEntries;
const small = { minify: true, write: true };
const { client, ...fronted } = libraryEntries;
const built = await Promise.all([
  buildReadable(launcherBundle),
  buildReadable(simulatorBundle),
  buildReadable(libraryBundle(smallEntries, 'cjs')),
  build({ ...libraryBundle({ ...lazyEntries, 'jest-setup': jestSetup }, 'cjs'), ...small }),
  buildReadable(libraryBundle({ client, ...readableVitest }, 'esm')),
  build({ ...libraryBundle({ 'vitest-setup': vitestSetup }, 'esm'), ...small }),
]);
await writeFile('dist/index.cjs', libraryFront);
for (const name of Object.keys(fronted)) {
  const library: object = createRequire(import.meta.url)(`../dist/${name}.cjs`);
  await writeFile(`dist/${name}.mjs`, esmWrapper(name, Object.keys(library)));
}
await writeFile('dist/jest-preset.cjs', jestPreset);
for (const [file, name] of Object.entries({
  'jest-global-setup': 'setup',
  'jest-global-teardown': 'teardown',
}))
  await writeFile(`dist/${file}.cjs`, `module.exports = require('./jest-setup.cjs').${name};\n`);
await writeParsedYaml();
await copySwaggerUi();
const packages = await bundledPackages(
  [...built.flatMap(({ metafile }) => metafile ?? []), await buildConsole()],
  [swaggerUi],
);
await writeFile('dist/NOTICE.txt', renderNotice(packages));
const inSwaggerUi = await packagesInBundle(join(swaggerUi, 'swagger-ui-bundle.js.map'));
const described = packages.map((one) => ({
  ...one,
  ...omitUndefined({
    patches: patchNotes[one.name],
    contains: one.name === 'swagger-ui-dist' ? inSwaggerUi : undefined,
  }),
}));
const sbom = billOfMaterials(described, JSON.parse(await readFile('package.json', 'utf8')));
await writeFile('dist/sbom.cdx.json', `${JSON.stringify(sbom, null, 2)}\n`);
await chmod('dist/main.cjs', 0o755);
