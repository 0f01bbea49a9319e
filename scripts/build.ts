/** Bundles the command line and the library: one file each, with nothing to install beside it. */
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

// CommonJS packages inside an ES module bundle still call require.
const requireForBundledPackages = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { main: 'server/main.ts', index: 'server/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: requireForBundledPackages },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
await chmod('dist/main.mjs', 0o755);
