import { algorithmNames } from '../../clients/key-folder/key-folder-layout.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import {
  type Keyring,
  type KeyVersion,
  type ValidityState,
  validityState,
} from '../../protocol/keys/keyring.ts';

import { writeTimestamp } from '../../protocol/timestamps.ts';
import { exitCodes } from '../exit-codes.ts';
import { keyFolder, type OwnerOptions, readKeyrings, requireKeyring } from './keys-folder.ts';

export interface ListOptions extends OwnerOptions {
  readonly json?: boolean;
}

interface KeyRow {
  readonly party: string;
  readonly algorithm: string;
  readonly version: number;
  readonly state: ValidityState;
  /** Another, newer version of the algorithm is active too. */
  readonly overlapping: boolean;
  readonly from: string | null;
  readonly until: string | null;
  readonly key: string;
  readonly privateKey: boolean;
  readonly fingerprint: string;
}

/** Shows what keys there are and which of them serve now. */
export const printKeys = (options: ListOptions, settings: Settings): number => {
  const parties = readKeyrings(keyFolder(settings), settings);
  const everyone: (readonly [string, Keyring])[] = [
    ['platform', parties.platform],
    ...parties.clients,
  ];
  const chosen: typeof everyone =
    options.client === undefined && options.platform !== true
      ? everyone
      : [[options.client ?? 'platform', requireKeyring(parties, options)]];
  const now = Date.now();
  const lines = chosen.flatMap(([party, keyring]) =>
    keyring.versions.map((key) => toKeyRow(party, keyring, key, now)),
  );
  process.stdout.write(
    options.json === true ? `${JSON.stringify(lines, null, 2)}\n` : formatTable(lines),
  );
  return exitCodes.ok;
};

const toKeyRow = (party: string, keyring: Keyring, key: KeyVersion, now: number): KeyRow => {
  const { family, version, validity, publicKey, privateKey, fingerprint } = key;
  const state = validityState(validity, now);
  return {
    party,
    algorithm: algorithmNames[family],
    version,
    state,
    overlapping: state === 'active' && keyring.find(family, undefined, now) !== key,
    from: validity.from === undefined ? null : writeTimestamp(validity.from),
    until: validity.until === undefined ? null : writeTimestamp(validity.until),
    key:
      family === 'RSA'
        ? `RSA ${publicKey.asymmetricKeyDetails?.modulusLength ?? '?'}`
        : 'secp224r1',
    privateKey: privateKey !== undefined,
    fingerprint,
  };
};

const columns: readonly (readonly [title: string, cell: (line: KeyRow) => string])[] = [
  ['party', ({ party }) => party],
  ['algorithm', ({ algorithm }) => algorithm],
  ['version', ({ version }) => String(version)],
  ['state', ({ state, overlapping }) => (overlapping ? 'active, overlapping' : state)],
  ['from', ({ from }) => from ?? '-'],
  ['until', ({ until }) => until ?? '-'],
  ['key', ({ key, privateKey }) => `${key}${privateKey ? ' pair' : ' public'}`],
  ['fingerprint', ({ fingerprint }) => fingerprint],
];

const formatTable = (lines: readonly KeyRow[]): string => {
  const rows = [
    columns.map(([title]) => title),
    ...lines.map((line) => columns.map(([, cell]) => cell(line))),
  ];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};
