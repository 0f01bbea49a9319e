/**
 * Bundles the console: plain files with fixed names, so that the server can serve them from a list.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { packageRoot } from '../server/package-root.ts';

const page = join(packageRoot, 'console');

/** Loaded when a scenario is written; a bundle of its own, so that the others stay small. */
const lazyEditor: Plugin = {
  name: 'lazy-editor',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/yaml-editor\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './yaml-editor.js', external: true } : undefined,
    ),
};

/** @returns what was bundled, for the licences */
export const buildConsole = async (
  outdir = join(packageRoot, 'dist', 'console'),
): Promise<Metafile> => {
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    entryPoints: {
      console: join(page, 'main.tsx'),
      'yaml-editor': join(page, 'views', 'scenarios', 'yaml-editor.ts'),
      'theme-bootstrap': join(page, 'theme-bootstrap.ts'),
      'console-styles': join(page, 'styles', 'console.css'),
    },
    outdir,
    bundle: true,
    plugins: [lazyEditor],
    metafile: true,
    minify: true,
    platform: 'browser',
    target: ['es2022'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: join(page, 'tsconfig.json'),
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'icon.svg'])
    await copyFile(join(page, file), join(outdir, file));
  return metafile;
};
