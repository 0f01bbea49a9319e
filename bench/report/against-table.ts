import { cpuMs, type Figure, p50, perSecond, ratio, series } from '../figures.ts';
import type { AgainstResult, RowResult } from '../results.ts';
import type { ConnectionCount } from '../rows.ts';
import type { Pauses } from '../scale/longest-pause.ts';
import { toSpread } from '../statistics.ts';
import { figuresTable, formatNumber, withSpread } from './markdown.ts';

const compared: readonly (readonly [title: string, ConnectionCount, Figure])[] = [
  ['CPU ms per request, 1 connection', 1, cpuMs],
  ['CPU ms per request, 16 connections', 16, cpuMs],
  ['CPU ms per request, 64 connections', 64, cpuMs],
  ['answers per second, 64 connections', 64, perSecond],
  ['p50 ms, 1 connection', 1, p50],
];

/** This build ÷ the other, a ratio for each round. */
export const againstTable = ({
  rows,
  startUpMs,
  atRestMiB,
  grownMiB,
  stored: { orders, startMs, pauses },
}: AgainstResult): string =>
  figuresTable(
    ['', 'this build', 'other build', 'this ÷ other'],
    [
      ...rows.flatMap(([ours, theirs]) =>
        compared.map(([title, count, figure]) =>
          line(
            `${ours.title}: ${title}`,
            figures(ours, count, figure),
            figures(theirs, count, figure),
          ),
        ),
      ),
      line('start to first verified answer, ms', ...startUpMs),
      line('resident memory at rest, MiB', ...atRestMiB),
      line('what it grows by with the same orders again and again, MiB', ...grownMiB),
      line(`start with ${orders.toLocaleString('en')} orders, ms`, startMs, []),
      line('longest pause while a snapshot of them is written, ms', longest(pauses), []),
      line('longest pause of an idle event loop beside it, ms', idle(pauses), []),
    ],
  );

const longest = (pauses: readonly Pauses[]) => pauses.map(({ longestMs }) => longestMs);
const idle = (pauses: readonly Pauses[]) => pauses.map(({ idleLongestMs }) => idleLongestMs);

const figures = (row: RowResult, count: ConnectionCount, figure: Figure): readonly number[] =>
  row.errors.length > 0 ? [] : series(row, count, figure);

const line = (
  title: string,
  ours: readonly number[],
  theirs: readonly number[],
): readonly string[] => [
  title,
  formatNumber(toSpread(ours)?.median),
  formatNumber(toSpread(theirs)?.median),
  withSpread(ratio(ours, theirs)),
];
