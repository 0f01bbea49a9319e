import { cpuMs, p99, perSecond, ratio } from '../figures.ts';
import type { AbuseRow, ScaleResult } from '../results.ts';
import { toSpread } from '../statistics.ts';
import { figuresTable, formatNumber, withSpread } from './markdown.ts';

export const scaleTable = ({ rows }: ScaleResult): string =>
  `${figuresTable(
    [
      '',
      'start to first answer, ms',
      'memory at rest, MiB',
      'CPU ms per request',
      '÷ empty',
      'per second',
      'longest pause, ms',
      'p99 of pauses',
      'with nothing to do',
    ],
    rows.map(({ title, startMs, atRestMiB, measured, pauses }) => [
      title,
      formatNumber(startMs),
      formatNumber(atRestMiB),
      withSpread(toSpread(measured.map(cpuMs))),
      withSpread(ratio(measured.map(cpuMs), rows[0]?.measured.map(cpuMs) ?? [])),
      withSpread(toSpread(measured.map(perSecond))),
      formatNumber(pauses?.longestMs),
      formatNumber(pauses?.p99Ms),
      formatNumber(pauses?.idleLongestMs),
    ]),
  )}\n\n${[
    'Order sync with `--durability os` at 16 connections on one core. Pauses are those of an event',
    'loop while a snapshot of the whole state is written; the last column is the longest pause of an',
    'idle event loop on the same machine.',
  ].join('\n')}`;

export const abuseTable = (rows: readonly AbuseRow[]): string =>
  `${figuresTable(
    [
      '',
      'attackers’ connections',
      'valid p99 ms, calm',
      'attacked',
      '÷ calm',
      'valid responses per second ÷ calm',
      'memory afterwards, MiB',
    ],
    rows.map(({ title, calm, attacked, heldMost, restMiB }) => [
      title,
      formatNumber(heldMost),
      withSpread(toSpread(calm.map(p99))),
      withSpread(toSpread(attacked.map(p99))),
      withSpread(ratio(attacked.map(p99), calm.map(p99))),
      withSpread(ratio(attacked.map(perSecond), calm.map(perSecond))),
      withSpread(toSpread(restMiB)),
    ]),
  )}\n\n${[
    'Sixteen valid connections send orders during each attack, in turns with calm phases; one server',
    'runs through all of them. Attackers share the load generator’s core.',
  ].join('\n')}`;
