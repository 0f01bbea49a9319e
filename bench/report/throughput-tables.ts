import { cpuMs, p50, p99, perSecond, series } from '../figures.ts';
import type { RowResult, ThroughputResult } from '../results.ts';
import { connectionCounts } from '../rows.ts';
import { toSpread } from '../statistics.ts';
import { figuresTable, formatNumber, withSpread } from './markdown.ts';

const busyClient = 0.9;

export const throughputTable = ({ rows, crypto }: ThroughputResult): string =>
  figuresTable(
    ['', 'cores', ...connectionCounts.map((count) => `${count} conn.`)],
    [
      ...crypto.map(({ title, cores, perSecond: turns }) => [
        `ceiling: ${title}`,
        cores === 'one' ? '1' : '2',
        withSpread(toSpread(turns)),
        '',
        '',
      ]),
      ...rows.map((row) => [row.title, row.cores === 'one' ? '1' : '2', ...rowCells(row)]),
    ],
  );

const rowCells = (row: RowResult): string[] =>
  row.errors.length > 0
    ? ['error', '', '']
    : connectionCounts.map(
        (count) =>
          withSpread(toSpread(series(row, count, perSecond))) +
          (isClientBound(row, count) ? ' †' : ''),
      );

/** Where the load generator had no time left, the server may be faster than the figure. */
const isClientBound = (row: RowResult, count: (typeof connectionCounts)[number]): boolean =>
  (toSpread(series(row, count, ({ clientLoad }) => clientLoad))?.median ?? 0) > busyClient;

export const latencyTable = ({ rows }: ThroughputResult): string =>
  figuresTable(
    [
      '',
      ...connectionCounts.map((count) => `CPU ms, ${count}`),
      ...connectionCounts.map((count) => `p50 / p99 ms, ${count}`),
    ],
    rows
      .filter(({ errors }) => errors.length === 0)
      .map((row) => {
        const figure = (
          count: (typeof connectionCounts)[number],
          of: Parameters<typeof series>[2],
        ) => formatNumber(toSpread(series(row, count, of))?.median);
        return [
          row.title,
          ...connectionCounts.map((count) => figure(count, cpuMs)),
          ...connectionCounts.map((count) => `${figure(count, p50)} / ${figure(count, p99)}`),
        ];
      }),
  );
