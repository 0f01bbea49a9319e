import type { Measurement } from './load/load-order.ts';
import type { Results, RowResult } from './results.ts';
import type { ConnectionCount } from './rows.ts';
import { type Spread, toSpread } from './statistics.ts';

/** One figure of a measurement. */
export type Figure = (measured: Measurement) => number;

export const perSecond: Figure = ({ requests, seconds }) => requests / seconds;
export const cpuMs: Figure = ({ serverCpuMs, requests }) => serverCpuMs / requests;
export const p50: Figure = ({ p50Ms }) => p50Ms;
export const p99: Figure = ({ p99Ms }) => p99Ms;

/** A row's figure, round by round; NaN where a round failed. */
export const series = (
  row: RowResult | undefined,
  connections: ConnectionCount,
  figure: Figure,
): readonly number[] =>
  row === undefined
    ? []
    : row.cells[connections].map((measured) =>
        measured === undefined ? Number.NaN : figure(measured),
      );

export const findRow = ({ throughput }: Results, id: string): RowResult | undefined =>
  throughput?.rows.find((row) => row.id === id);

export const cryptoSeries = ({ throughput }: Results, id: string): readonly number[] =>
  throughput?.crypto.find((row) => row.id === id)?.perSecond ?? [];

/** Round by round, since what is measured within one round had the same machine. */
export const ratio = (above: readonly number[], below: readonly number[]): Spread | undefined =>
  toSpread(above.map((one, round) => one / (below[round] ?? Number.NaN)));
