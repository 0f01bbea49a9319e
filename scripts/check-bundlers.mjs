// Bundles examples/bundlers/consumer.mjs with each bundler and runs what comes out against the
// simulator. Run in a folder where the package is installed: node check-bundlers.mjs FOLDER ROOT
// ROOT is where the bundlers are installed. Prints a line for each; ends with 1 when one fails.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, root] = process.argv.slice(2).map((name) => resolve(name));
const entry = join(folder, 'consumer.mjs');
const load = (name) =>
  import(pathToFileURL(createRequire(join(root, 'package.json')).resolve(name)));
const builtIn = /^node:/;
const out = (name) => join(folder, `bundle-${name}.mjs`);

/** Each the way its users write it for Node, with nothing but the entry and the platform. */
const bundlers = {
  esbuild: async (file) => {
    const { build } = await load('esbuild');
    await build({
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
      logLevel: 'error',
    });
  },
  rolldown: async (file) => {
    const { build } = await load('rolldown');
    await build({ input: entry, platform: 'node', output: { file, format: 'esm' } });
  },
  vite: async (file) => {
    const { build } = await load('vite');
    await build({
      root: folder,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: entry,
        emptyOutDir: false,
        outDir: folder,
        target: 'node20',
        rollupOptions: { output: { entryFileNames: 'bundle-vite.mjs' } },
      },
    });
    if (!existsSync(file)) throw new Error(`vite wrote no ${file}`);
  },
  rollup: async (file) => {
    const { rollup } = await load('rollup');
    const { default: nodeResolve } = await load('@rollup/plugin-node-resolve');
    const bundle = await rollup({ input: entry, external: builtIn, plugins: [nodeResolve()] });
    await bundle.write({ file, format: 'esm' });
    await bundle.close();
  },
  webpack: async (file) => {
    const { default: webpack } = await load('webpack');
    const stats = await new Promise((done, failed) =>
      webpack(
        {
          mode: 'production',
          target: 'node20',
          entry,
          experiments: { outputModule: true },
          output: {
            path: folder,
            filename: 'bundle-webpack.mjs',
            module: true,
            chunkFormat: 'module',
          },
        },
        (error, result) => (error ? failed(error) : done(result)),
      ),
    );
    if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
    if (!existsSync(file)) throw new Error(`webpack wrote no ${file}`);
  },
};

let failures = 0;
for (const [name, bundle] of Object.entries(bundlers)) {
  const file = out(name);
  try {
    await bundle(file);
  } catch (error) {
    if (error?.code === 'MODULE_NOT_FOUND' && String(error.message).includes(root)) {
      console.log(`bundler ${name}: skipped, it is not installed`);
      continue;
    }
    console.log(`bundler ${name}: FAIL, it does not bundle: ${error?.message}`);
    failures++;
    continue;
  }
  const command = join(folder, 'node_modules', '.bin', 'alipayhk-mock');
  // Moved away from node_modules, so that nothing is found but what was bundled.
  const run = spawnSync(command, ['exec', '--', process.execPath, file], { encoding: 'utf8' });
  const size = `${Math.round(statSync(file).size / 1000)} kB`;
  if (run.status === 0)
    console.log(`bundler ${name}: one file of ${size}, signed and sealed a call`);
  else {
    console.log(`bundler ${name}: FAIL, exit ${run.status}\n${run.stdout}${run.stderr}`);
    failures++;
  }
}
process.exitCode = failures === 0 ? 0 : 1;
