import { p99, perSecond, ratio } from '../figures.ts';
import type {
  DoctorResult,
  FloodResult,
  LintRow,
  MemoryResult,
  SizeResult,
  StartUpResult,
} from '../results.ts';
import { toSpread } from '../statistics.ts';
import { figuresTable, formatNumber, withSpread } from './markdown.ts';

export const startUpTable = (rows: readonly StartUpResult[]): string =>
  figuresTable(
    ['', 'ms'],
    rows.map(({ name, ms }) => [name, withSpread(toSpread(ms))]),
  );

export const memoryTable = (rows: readonly MemoryResult[]): string => {
  const steps = [...new Set(rows.flatMap(({ after }) => Object.keys(after).map(Number)))].sort(
    (a, b) => a - b,
  );
  return figuresTable(
    ['', 'at rest', ...steps.map((step) => `after ${formatNumber(step)} requests`)],
    rows.map(({ name, atRestMiB, after }) => [
      name,
      formatNumber(atRestMiB),
      ...steps.map((step) => formatNumber(after[step])),
    ]),
  );
};

export const doctorTable = (rows: readonly DoctorResult[]): string =>
  figuresTable(
    ['', 'found', 'hypotheses', 'median ms', 'p99 ms', 'runs'],
    rows.map((row) => [
      row.title,
      row.verdict,
      formatNumber(row.hypotheses),
      formatNumber(row.medianMs),
      formatNumber(row.p99Ms),
      formatNumber(row.runs),
    ]),
  );

export const floodTable = ({ calm, flooded, refusedPerSecond }: FloodResult): string =>
  figuresTable(
    ['', 'good answers per second', 'their p99 ms', 'refusals per second'],
    [
      [
        '16 good connections alone',
        withSpread(toSpread(calm.map(perSecond))),
        withSpread(toSpread(calm.map(p99))),
        '',
      ],
      [
        'and 16 that flood',
        withSpread(toSpread(flooded.map(perSecond))),
        withSpread(toSpread(flooded.map(p99))),
        withSpread(toSpread(refusedPerSecond)),
      ],
    ],
  );

export const lintTable = (rows: readonly LintRow[]): string =>
  `${figuresTable(
    ['connections', 'CPU ms per request with', 'without', 'with ÷ without'],
    rows.map(({ title, connections, on, off }) => [
      `${title}, ${connections}`,
      withSpread(toSpread(on)),
      withSpread(toSpread(off)),
      withSpread(ratio(on, off)),
    ]),
  )}\n\n${[
    `Medians of ${rows[0]?.on.length ?? 0} rounds, in turns in one process on one core: the package`,
    'with a switch for lint and coverage, which the product does not have.',
  ].join('\n')}`;

export const sizeTable = (rows: readonly SizeResult[]): string =>
  figuresTable(
    ['', 'tarball MB', 'installed MB', 'packages'],
    rows.map(({ name, tarballBytes, installedBytes, packages }) => [
      name,
      formatNumber(tarballBytes === undefined ? undefined : tarballBytes / 1e6),
      formatNumber(installedBytes / 1e6),
      formatNumber(packages),
    ]),
  );
