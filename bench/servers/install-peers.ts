import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peersFolder } from '../folders.ts';
import { type PeerId, peerIds, peers } from './peers.ts';

export interface InstalledPeer {
  readonly id: PeerId;
  readonly home: string;
  readonly installedBytes: number;
  readonly packages: number;
}

const run = promisify(execFile);
const longestInstallMs = 180_000;

/**
 * Installs the peers into a cache folder outside the repository; those that cannot be are named and
 * left out.
 */
export const installPeers = async (
  say: (line: string) => void,
): Promise<ReadonlyMap<PeerId, InstalledPeer>> => {
  const installed = await Promise.all(peerIds.map((id) => install(id, say)));
  return new Map(installed.flatMap((peer) => (peer === undefined ? [] : [[peer.id, peer]])));
};

const install = async (
  id: PeerId,
  say: (line: string) => void,
): Promise<InstalledPeer | undefined> => {
  const home = join(peersFolder, id);
  try {
    if (installedVersion(id) !== peers[id].version) await fetchPackage(id, home);
    return { id, home, ...measureFolder(join(home, 'node_modules')) };
  } catch (error) {
    say(`skipped: ${peers[id].name} could not be installed (${firstLine(error)})`);
    return undefined;
  }
};

const fetchPackage = async (id: PeerId, home: string): Promise<void> => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  const what = `${peers[id].package}@${peers[id].version}`;
  await run(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
      what,
    ],
    {
      cwd: home,
      timeout: longestInstallMs,
    },
  );
};

const installedVersion = (id: PeerId): string | undefined => {
  try {
    const file = join(peersFolder, id, 'node_modules', peers[id].package, 'package.json');
    return String((JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version);
  } catch {
    return undefined;
  }
};

const measureFolder = (folder: string): { installedBytes: number; packages: number } => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return {
    installedBytes: files.reduce(
      (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
      0,
    ),
    packages: files.filter(
      ({ parentPath, name }) =>
        name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/]+$/.test(parentPath),
    ).length,
  };
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 2)
    .join(' ')
    .slice(0, 200);
