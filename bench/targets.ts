import { type AttackId, attackIds, attacks } from './abuse/attacks.ts';
import { cpuMs, cryptoSeries, findRow, p50, p99, perSecond, ratio, series } from './figures.ts';
import type { Results, ScaleRow } from './results.ts';
import { type ConnectionCount, connectionCounts } from './rows.ts';
import { lintKinds } from './sections/lint.ts';
import { repeatingName } from './sections/memory.ts';
import { type Spread, toSpread } from './statistics.ts';

/** What we want to be true on any machine; ratios wherever one can be had. */
export interface Target {
  readonly title: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit: 'ratio' | 'ms' | 'MB';
  /** undefined: not measured in this run. */
  readonly measure: (results: Results) => Spread | undefined;
}

const throughputOver =
  (above: string, below: string, connections: ConnectionCount) => (results: Results) =>
    ratio(
      series(findRow(results, above), connections, perSecond),
      series(findRow(results, below), connections, perSecond),
    );

const shareOfCeiling =
  (row: string, ceiling: string, connections: ConnectionCount) => (results: Results) =>
    ratio(series(findRow(results, row), connections, perSecond), cryptoSeries(results, ceiling));

const tail = (row: string, connections: ConnectionCount) => (results: Results) =>
  ratio(
    series(findRow(results, row), connections, p99),
    series(findRow(results, row), connections, p50),
  );

const startUps = (results: Results, name: string): readonly number[] =>
  results.startUp?.find((one) => one.name === name)?.ms ?? [];
const atRest = (results: Results, name: string): readonly number[] =>
  results.memory?.filter((one) => one.name === name).map(({ atRestMiB }) => atRestMiB) ?? [];

/** What is used beyond the memory after the first step. */
const grown = (results: Results, name: string): Spread | undefined => {
  const steps = Object.values(results.memory?.find((one) => one.name === name)?.after ?? {});
  return steps.length < 2
    ? undefined
    : toSpread([(steps.at(-1) ?? Number.NaN) - (steps[0] ?? Number.NaN)]);
};

/** Processor time of an answer that is not the cryptography's own. */
const cpuBesideCrypto = (row: string, connections: ConnectionCount) => (results: Results) =>
  toSpread(
    series(findRow(results, row), connections, cpuMs).map(
      (ms, round) => ms - 1000 / (cryptoSeries(results, 'crypto')[round] ?? Number.NaN),
    ),
  );

const doctorMs = (title: string, figure: 'medianMs' | 'p99Ms') => (results: Results) =>
  toSpread(results.doctor?.filter((one) => one.title === title).map((one) => one[figure]) ?? []);

const abuseRatio = (results: Results, id: AttackId) => {
  const row = results.abuse?.find((one) => one.id === id);
  return ratio(row?.attacked.map(p99) ?? [], row?.calm.map(p99) ?? []);
};

/** The last row of the orders, which has the most. */
const mostOrders = ({ scale }: Results) =>
  scale?.rows.findLast(({ pauses }) => pauses !== undefined);
const scaleCpu = (results: Results, row: ScaleRow | undefined) =>
  ratio(row?.measured.map(cpuMs) ?? [], results.scale?.rows[0]?.measured.map(cpuMs) ?? []);
const only = (figure: number | undefined) => toSpread(figure === undefined ? [] : [figure]);

const scaleTargets: readonly Target[] = [
  {
    title: 'CPU per request, a million stored orders ÷ none, 16 connections',
    unit: 'ratio',
    atMost: 1.15,
    measure: (r) => scaleCpu(r, mostOrders(r)),
  },
  {
    title: 'CPU per request, 10,000 clients ÷ one, 16 connections',
    unit: 'ratio',
    atMost: 1.15,
    measure: (r) => scaleCpu(r, r.scale?.rows.at(-1)),
  },
  {
    title: 'process start to first verified answer, a million stored orders',
    unit: 'ms',
    atMost: 10_000,
    measure: (r) => only(mostOrders(r)?.startMs),
  },
  {
    title: 'longest pause while a snapshot of a million orders is written',
    unit: 'ms',
    atMost: 50,
    measure: (r) => only(mostOrders(r)?.pauses?.longestMs),
  },
];

/**
 * On the same two cores, each with its defaults; peers that can turn logging off also against ours
 * with logging off.
 */
const peerTargets: readonly Target[] = [
  { title: 'Prism, logging off', ours: 'order-quiet-all', theirs: 'prism-quiet-all' },
  { title: 'Mockoon CLI', ours: 'order-all', theirs: 'mockoon-all' },
  { title: 'MSW', ours: 'order-all', theirs: 'msw-all' },
  { title: 'mountebank', ours: 'order-all', theirs: 'mountebank-all' },
  { title: 'mountebank, logging off', ours: 'order-quiet-all', theirs: 'mountebank-quiet-all' },
].flatMap(({ title, ours, theirs }) =>
  ([16, 64] as const).map((connections) => ({
    title: `order sync ÷ ${title}, two cores, ${connections} connections`,
    unit: 'ratio' as const,
    atLeast: 1,
    measure: throughputOver(ours, theirs, connections),
  })),
);

export const targets: readonly Target[] = [
  {
    title: 'order sync, one core, 16 connections ÷ crypto ceiling of one core',
    unit: 'ratio',
    atLeast: 0.55,
    measure: shareOfCeiling('order', 'crypto', 16),
  },
  {
    title: 'order sync, two cores, 64 connections ÷ crypto ceiling of two cores',
    unit: 'ratio',
    atLeast: 0.7,
    measure: shareOfCeiling('order-all', 'crypto-all', 64),
  },
  {
    title: 'encrypted, one core, 64 connections ÷ encrypted crypto ceiling',
    unit: 'ratio',
    atLeast: 0.65,
    measure: shareOfCeiling('encrypted', 'crypto-sealed', 64),
  },
  {
    title: 'payment info, one core, 64 connections ÷ crypto ceiling of one core',
    unit: 'ratio',
    atLeast: 1.4,
    measure: shareOfCeiling('payment', 'crypto', 64),
  },
  {
    title: 'two cores ÷ one core, order sync, 64 connections',
    unit: 'ratio',
    atLeast: 1.5,
    measure: throughputOver('order-all', 'order', 64),
  },
  {
    title: 'order sync ÷ Prism, both with their defaults, one core, 16 connections',
    unit: 'ratio',
    atLeast: 1,
    measure: throughputOver('order', 'prism', 16),
  },
  ...peerTargets,
  {
    title: 'payment info ÷ MSW, one core, 64 connections',
    unit: 'ratio',
    atLeast: 1,
    measure: throughputOver('payment', 'msw', 64),
  },
  {
    title: 'CPU per order without verify + sign, two cores, 64 connections',
    unit: 'ms',
    atMost: 0.1,
    measure: cpuBesideCrypto('order-all', 64),
  },
  {
    title: 'p99 ÷ p50, order sync, two cores, 64 connections',
    unit: 'ratio',
    atMost: 4,
    measure: tail('order-all', 64),
  },
  {
    title: '1,000 active scenario rules ÷ none, order sync, 16 connections',
    unit: 'ratio',
    atLeast: 0.9,
    measure: throughputOver('rules-1000', 'order', 16),
  },
  {
    title: 'CPU per request, 1,000 active scenario rules ÷ none, 16 connections',
    unit: 'ratio',
    atMost: 1.05,
    measure: (r) =>
      ratio(series(findRow(r, 'rules-1000'), 16, cpuMs), series(findRow(r, 'order'), 16, cpuMs)),
  },
  {
    title: '--durability os ÷ memory only, 16 connections',
    unit: 'ratio',
    atLeast: 0.9,
    measure: throughputOver('durable-os', 'order', 16),
  },
  {
    title: '--durability disk ÷ memory only, 16 connections',
    unit: 'ratio',
    atLeast: 0.8,
    measure: throughputOver('durable-disk', 'order', 16),
  },
  {
    title: 'many orders stored before ÷ none, --durability os, 16 connections',
    unit: 'ratio',
    atLeast: 0.9,
    measure: throughputOver('stored', 'durable-os', 16),
  },
  {
    title: 'valid clients’ throughput, flooded with bad signatures ÷ calm',
    unit: 'ratio',
    atLeast: 0.8,
    measure: (r) =>
      ratio(r.flood?.flooded.map(perSecond) ?? [], r.flood?.calm.map(perSecond) ?? []),
  },
  {
    title: 'valid clients’ p99, flooded with bad signatures ÷ calm',
    unit: 'ratio',
    atMost: 4,
    measure: (r) => ratio(r.flood?.flooded.map(p99) ?? [], r.flood?.calm.map(p99) ?? []),
  },
  ...scaleTargets,
  ...lintKinds.flatMap(({ title }) =>
    connectionCounts.map(
      (connections): Target => ({
        title: `CPU per request with lint ÷ without, ${title}, connections: ${connections}`,
        unit: 'ratio',
        atMost: 1.03,
        measure: ({ lint }) => {
          const row = lint?.find((one) => one.title === title && one.connections === connections);
          return ratio(row?.on ?? [], row?.off ?? []);
        },
      }),
    ),
  ),
  ...attackIds.map(
    (id): Target => ({
      title: `valid clients’ p99, ${attacks[id].title} ÷ calm`,
      unit: 'ratio',
      atMost: 3,
      measure: (r) => abuseRatio(r, id),
    }),
  ),
  {
    title: 'process start to first verified answer',
    unit: 'ms',
    atMost: 500,
    measure: (r) => toSpread(startUps(r, 'alipayhk-mock')),
  },
  {
    title: 'start-up ÷ Prism',
    unit: 'ratio',
    atMost: 0.25,
    measure: (r) => ratio(startUps(r, 'alipayhk-mock'), startUps(r, 'Prism')),
  },
  {
    title: 'start-up ÷ Mockoon CLI',
    unit: 'ratio',
    atMost: 1,
    measure: (r) => ratio(startUps(r, 'alipayhk-mock'), startUps(r, 'Mockoon CLI')),
  },
  {
    title: 'memory growth after 1,000 requests, known orders only',
    unit: 'MB',
    atMost: 60,
    measure: (r) => grown(r, repeatingName),
  },
  {
    title: 'start-up ÷ mountebank',
    unit: 'ratio',
    atMost: 1,
    measure: (r) => ratio(startUps(r, 'alipayhk-mock'), startUps(r, 'mountebank')),
  },
  {
    title: 'memory at rest ÷ Prism',
    unit: 'ratio',
    atMost: 1,
    measure: (r) => ratio(atRest(r, 'alipayhk-mock'), atRest(r, 'Prism')),
  },
  {
    title: 'doctor, median of a full search, RSA256, 500 bytes',
    unit: 'ms',
    atMost: 5,
    measure: doctorMs('RSA256, no known mistake, 500 bytes', 'medianMs'),
  },
  {
    title: 'doctor, median of a full search, ECC224, 500 bytes',
    unit: 'ms',
    atMost: 50,
    measure: doctorMs('ECC224, no known mistake, 500 bytes', 'medianMs'),
  },
  {
    title: 'doctor, median of a typical hit',
    unit: 'ms',
    atMost: 5,
    measure: doctorMs('RSA256, a line feed after the body, 500 bytes', 'medianMs'),
  },
  {
    title: 'tarball',
    unit: 'MB',
    atMost: 3,
    measure: (r) =>
      toSpread(
        r.size?.flatMap(({ tarballBytes }) =>
          tarballBytes === undefined ? [] : [tarballBytes / 1e6],
        ) ?? [],
      ),
  },
];

/** By the median; undefined: not measured. */
export const isMet = (
  { atLeast, atMost }: Target,
  measured: Spread | undefined,
): boolean | undefined =>
  measured &&
  (atLeast === undefined || measured.median >= atLeast) &&
  (atMost === undefined || measured.median <= atMost);
