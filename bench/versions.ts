import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './process/type-script.ts';
import type { InstalledPeer } from './servers/install-peers.ts';
import { type PeerId, peers } from './servers/peers.ts';

const ownPackages = ['express', 'express-openapi-validator', 'lowdb'];

/** Of everything that was measured. */
export const readVersions = (
  ownVersion: string,
  installed: ReadonlyMap<PeerId, InstalledPeer>,
): Readonly<Record<string, string>> => ({
  'alipayhk-mock': ownVersion,
  ...Object.fromEntries(
    ownPackages.map((name) => [name, readVersion(join(repository, 'node_modules', name))]),
  ),
  ...Object.fromEntries([...installed.keys()].map((id) => [peers[id].package, peers[id].version])),
});

const readVersion = (folder: string): string => {
  try {
    return String(
      (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown })
        .version,
    );
  } catch {
    return 'unknown';
  }
};
