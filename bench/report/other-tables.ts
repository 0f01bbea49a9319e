import { p99, perSecond } from '../figures.ts';
import type {
  DoctorResult,
  FloodResult,
  MemoryResult,
  SizeResult,
  StartUpResult,
} from '../results.ts';
import { spreadOf } from '../statistics.ts';
import { number, table, withSpread } from './markdown.ts';

export const startUpTable = (rows: readonly StartUpResult[]): string =>
  table(
    ['', 'ms'],
    rows.map(({ name, ms }) => [name, withSpread(spreadOf(ms))]),
  );

export const memoryTable = (rows: readonly MemoryResult[]): string => {
  const steps = [...new Set(rows.flatMap(({ after }) => Object.keys(after).map(Number)))].sort(
    (a, b) => a - b,
  );
  return table(
    ['', 'at rest', ...steps.map((step) => `after ${number(step)} requests`)],
    rows.map(({ name, atRestMiB, after }) => [
      name,
      number(atRestMiB),
      ...steps.map((step) => number(after[step])),
    ]),
  );
};

export const doctorTable = (rows: readonly DoctorResult[]): string =>
  table(
    ['', 'found', 'hypotheses', 'median ms', 'p99 ms', 'runs'],
    rows.map((row) => [
      row.title,
      row.verdict,
      number(row.hypotheses),
      number(row.medianMs),
      number(row.p99Ms),
      number(row.runs),
    ]),
  );

export const floodTable = ({ calm, flooded, refusedPerSecond }: FloodResult): string =>
  table(
    ['', 'good answers per second', 'their p99 ms', 'refusals per second'],
    [
      [
        '16 good connections alone',
        withSpread(spreadOf(calm.map(perSecond))),
        withSpread(spreadOf(calm.map(p99))),
        '',
      ],
      [
        'and 16 that flood',
        withSpread(spreadOf(flooded.map(perSecond))),
        withSpread(spreadOf(flooded.map(p99))),
        withSpread(spreadOf(refusedPerSecond)),
      ],
    ],
  );

export const sizeTable = (rows: readonly SizeResult[]): string =>
  table(
    ['', 'tarball MB', 'installed MB', 'packages'],
    rows.map(({ name, tarballBytes, installedBytes, packages }) => [
      name,
      number(tarballBytes === undefined ? undefined : tarballBytes / 1e6),
      number(installedBytes / 1e6),
      number(packages),
    ]),
  );
