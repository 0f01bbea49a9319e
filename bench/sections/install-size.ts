import type { SizeResult } from '../results.ts';
import { peers } from '../servers/peers.ts';
import type { BenchContext } from './bench-context.ts';

/** What an installation puts on the disk. Ours brings no further packages. */
export const measureSize = ({ packed, peers: installed }: BenchContext): readonly SizeResult[] => [
  {
    name: 'alipayhk-mock',
    tarballBytes: packed.tarballBytes,
    installedBytes: packed.unpackedBytes,
    packages: 1,
  },
  ...[...installed.values()].map(({ id, installedBytes, packages }) => ({
    name: peers[id].name,
    installedBytes,
    packages,
  })),
];
