import { join } from 'node:path';
import type { ServerRecipe } from './start-server.ts';

/** alipayhk-mock as its tarball holds it, with default settings beside those given. */
export const ours = (
  packageFolder: string,
  flags: readonly string[] | ((folder: string) => Promise<readonly string[]>) = [],
): ServerRecipe => ({
  name: 'alipayhk-mock',
  args: async (port, folder) => [
    join(packageFolder, 'dist', 'main.cjs'),
    '--port',
    String(port),
    ...(typeof flags === 'function' ? await flags(folder) : flags),
  ],
});
