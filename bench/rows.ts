import type { RequestKind } from './requests/request-kinds.ts';
import { idleRules } from './servers/idle-rules.ts';
import type { InstalledPeer } from './servers/install-peers.ts';
import { ours } from './servers/ours.ts';
import { type PeerId, peerIds, peers } from './servers/peers.ts';
import { bareExpress, bareNodeHttp } from './servers/reference-servers.ts';
import type { ServerRecipe } from './servers/start-server.ts';
import { storeOrders } from './servers/store-orders.ts';
import { collectorKinds, exportTraces } from './servers/trace-collector.ts';

export const connectionCounts = [1, 16, 64] as const;
export type ConnectionCount = (typeof connectionCounts)[number];

/** A server under load. */
export interface ServerRow {
  readonly id: string;
  readonly title: string;
  readonly recipe: ServerRecipe;
  readonly cores: 'one' | 'all';
  readonly kind: RequestKind;
  /** The same few requests again and again, instead of each one once. */
  readonly repeats: boolean;
  readonly expect: string;
  /** Whether it signs its answers, so that some are verified. */
  readonly signs: boolean;
}

/** A loop without a server. */
export interface CryptoRow {
  readonly id: string;
  readonly title: string;
  readonly cores: 'one' | 'all';
  readonly sealed: boolean;
}

export const cryptoRows: readonly CryptoRow[] = [
  { id: 'crypto', title: 'verify + sign, RSA-2048', cores: 'one', sealed: false },
  {
    id: 'crypto-all',
    title: 'verify + sign, RSA-2048, one thread per core',
    cores: 'all',
    sealed: false,
  },
  { id: 'crypto-sealed', title: 'verify + unwrap + wrap + sign', cores: 'one', sealed: true },
];

export const serverRows = (
  packageFolder: string,
  installed: ReadonlyMap<PeerId, InstalledPeer>,
  storedOrders: number,
): readonly ServerRow[] => {
  const quiet = ['--log-level', 'silent'];
  const prismQuiet = ['--verboseLevel', 'silent'];
  const mountebankQuiet = ['--nologfile', '--loglevel', 'warn'];
  const unique = { cores: 'one', repeats: false, expect: 'SUCCESS', signs: true } as const;
  const constant = {
    cores: 'one',
    kind: 'order',
    repeats: true,
    expect: 'SUCCESS',
    signs: false,
  } as const;
  const durable = (durability: string) => (folder: string) =>
    Promise.resolve(['--data', `${folder}/data`, '--durability', durability]);
  const storedOrdersOptions = async (folder: string): Promise<readonly string[]> => {
    await storeOrders(`${folder}/data`, storedOrders);
    return ['--data', `${folder}/data`, '--durability', 'os'];
  };
  const peerRow = (
    id: PeerId,
    rowId: string,
    title: string,
    flags: readonly string[] = [],
    cores: 'one' | 'all' = 'one',
  ): ServerRow[] => {
    const peer = installed.get(id);
    return peer === undefined
      ? []
      : [
          {
            ...constant,
            id: rowId,
            title,
            cores,
            recipe: peers[id].recipe(peer.home, flags),
            expect: peers[id].expect,
          },
        ];
  };
  return [
    { ...constant, id: 'node-http', title: 'bare node:http', recipe: bareNodeHttp },
    { ...constant, id: 'express', title: 'bare Express', recipe: bareExpress },
    { ...unique, id: 'order', title: 'order sync', kind: 'order', recipe: ours(packageFolder) },
    {
      ...unique,
      id: 'order-quiet',
      title: 'order sync, logging off',
      kind: 'order',
      recipe: ours(packageFolder, quiet),
    },
    ...collectorKinds.map((collector) => ({
      ...unique,
      id: collector === 'taking' ? 'traced' : `traced-${collector}`,
      title: `order sync, traces exported, collector ${collector}`,
      kind: 'order' as const,
      recipe: ours(packageFolder, exportTraces(collector)),
    })),
    {
      ...unique,
      id: 'encrypted',
      title: 'order sync, encrypted both ways',
      kind: 'order-sealed',
      recipe: ours(packageFolder),
    },
    {
      ...unique,
      id: 'payment',
      title: 'payment info (answers repeat)',
      kind: 'payment',
      recipe: ours(packageFolder),
    },
    {
      ...unique,
      id: 'duplicate',
      title: 'order sync, duplicates',
      kind: 'order',
      recipe: ours(packageFolder),
      repeats: true,
    },
    {
      ...unique,
      id: 'refused',
      title: 'refused: bad signature',
      kind: 'order-badly-signed',
      recipe: ours(packageFolder),
      repeats: true,
      expect: 'INVALID_SIGNATURE',
    },
    {
      ...unique,
      id: 'rules-1000',
      title: 'order sync, 1,000 idle scenario rules',
      kind: 'order',
      recipe: ours(packageFolder, idleRules(1000)),
    },
    {
      ...unique,
      id: 'durable-os',
      title: 'order sync, --durability os',
      kind: 'order',
      recipe: ours(packageFolder, durable('os')),
    },
    {
      ...unique,
      id: 'durable-disk',
      title: 'order sync, --durability disk',
      kind: 'order',
      recipe: ours(packageFolder, durable('disk')),
    },
    {
      ...unique,
      id: 'stored',
      title: `order sync, --durability os, ${storedOrders.toLocaleString('en')} orders stored before`,
      kind: 'order',
      recipe: ours(packageFolder, storedOrdersOptions),
    },
    {
      ...unique,
      id: 'order-all',
      title: 'order sync, two cores',
      kind: 'order',
      recipe: ours(packageFolder),
      cores: 'all',
    },
    {
      ...unique,
      id: 'order-quiet-all',
      title: 'order sync, logging off, two cores',
      kind: 'order',
      recipe: ours(packageFolder, quiet),
      cores: 'all',
    },
    {
      ...unique,
      id: 'payment-all',
      title: 'payment info, two cores',
      kind: 'payment',
      recipe: ours(packageFolder),
      cores: 'all',
    },
    {
      ...unique,
      id: 'encrypted-all',
      title: 'order sync, encrypted, two cores',
      kind: 'order-sealed',
      recipe: ours(packageFolder),
      cores: 'all',
    },
    ...peerRow('prism', 'prism', 'Prism'),
    ...peerRow('prism', 'prism-quiet', 'Prism, logging off', prismQuiet),
    ...peerRow('prism', 'prism-quiet-all', 'Prism, logging off, two cores', prismQuiet, 'all'),
    ...peerRow('mockoon', 'mockoon', 'Mockoon CLI'),
    ...peerRow('mockoon', 'mockoon-all', 'Mockoon CLI, two cores', [], 'all'),
    ...peerRow('mountebank', 'mountebank', 'mountebank'),
    ...peerRow('mountebank', 'mountebank-all', 'mountebank, two cores', [], 'all'),
    ...peerRow(
      'mountebank',
      'mountebank-quiet-all',
      'mountebank, logging off, two cores',
      mountebankQuiet,
      'all',
    ),
    ...peerRow('msw', 'msw', 'MSW behind node:http'),
    ...peerRow('msw', 'msw-all', 'MSW behind node:http, two cores', [], 'all'),
  ];
};

/** The names of all rows, those of peers that are not installed included. */
export const rowIds: readonly string[] = [
  ...cryptoRows,
  ...serverRows(
    '',
    new Map(peerIds.map((id) => [id, { id, home: '', installedBytes: 0, packages: 0 }])),
    0,
  ),
].map(({ id }) => id);
