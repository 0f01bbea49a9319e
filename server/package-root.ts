import { fileURLToPath } from 'node:url';

/**
 * The package's own folder, from `server/` as from the bundle in `dist/`: contract, demo keys and
 * scenarios stand there.
 */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url));
