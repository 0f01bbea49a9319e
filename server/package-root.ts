import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The package's own folder, from `server/` as from the bundle in `dist/`: contract, demo keys and
 * scenarios are there.
 */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** The package's own OpenAPI document, which its tests check. */
export const shippedContract = join(packageRoot, 'openapi', 'alipayhk.yaml');

/** The calls that AlipayHK makes to merchants. */
export const shippedOutbound = join(packageRoot, 'openapi', 'outbound.yaml');

/** The package's own fidelity register. */
export const shippedRegister = join(packageRoot, 'openapi', 'fidelity.yaml');

/** The package's version. */
export const version: string = String(
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version,
);
