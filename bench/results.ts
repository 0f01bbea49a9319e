import type { Measurement } from './load/load-order.ts';
import type { Machine } from './machine/describe-machine.ts';
import type { ConnectionCount } from './rows.ts';
import type { Pauses } from './scale/longest-pause.ts';
import type { Spread } from './statistics.ts';

/** A row's measurements: one a round, at the round's place, undefined where it failed. */
export interface RowResult {
  readonly id: string;
  readonly title: string;
  readonly cores: 'one' | 'all';
  readonly cells: Readonly<Record<ConnectionCount, readonly (Measurement | undefined)[]>>;
  /** Messages about failures: the row is an error. */
  readonly errors: readonly string[];
}

export interface CryptoResult {
  readonly id: string;
  readonly title: string;
  readonly cores: 'one' | 'all';
  readonly perSecond: readonly number[];
}

export interface ThroughputResult {
  readonly rows: readonly RowResult[];
  readonly crypto: readonly CryptoResult[];
}

export interface StartUpResult {
  readonly name: string;
  readonly ms: readonly number[];
}

export interface MemoryResult {
  readonly name: string;
  readonly atRestMiB: number;
  /** By the number of requests answered. */
  readonly after: Readonly<Record<number, number>>;
}

export interface DoctorResult {
  readonly title: string;
  readonly runs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly hypotheses: number;
  readonly verdict: string;
}

export interface FloodResult {
  /** One of each a round. */
  readonly calm: readonly Measurement[];
  readonly flooded: readonly Measurement[];
  readonly refusedPerSecond: readonly number[];
}

/** A server with many records, compared with an empty one. */
export interface ScaleRow {
  readonly title: string;
  /** From the start of the process to its first verified answer. */
  readonly startMs: number;
  readonly atRestMiB: number;
  readonly measured: readonly Measurement[];
  readonly errors: readonly string[];
  /** Of the event loop, while a snapshot of all of it was written. */
  readonly pauses?: Pauses;
}

export interface ScaleResult {
  /** The first one is the empty one. */
  readonly rows: readonly ScaleRow[];
}

/** Valid clients during one kind of attack. */
export interface AbuseRow {
  readonly id: string;
  readonly title: string;
  readonly calm: readonly Measurement[];
  readonly attacked: readonly Measurement[];
  /** Connections that the attacker held at once. */
  readonly heldMost: number;
  /** Resident memory after each round. */
  readonly restMiB: readonly number[];
}

/** Processor milliseconds for each request with and without lint, one of each a round. */
export interface LintRow {
  readonly title: string;
  readonly connections: number;
  readonly on: readonly number[];
  readonly off: readonly number[];
}

export interface SizeResult {
  readonly name: string;
  readonly tarballBytes?: number;
  readonly installedBytes: number;
  readonly packages: number;
}

/** This build and another one, both measured in turns. */
export interface AgainstResult {
  readonly folder: string;
  /** Row by row: this build's, then the other's. */
  readonly rows: readonly (readonly [RowResult, RowResult])[];
  readonly startUpMs: readonly [readonly number[], readonly number[]];
  readonly atRestMiB: readonly [readonly number[], readonly number[]];
  /** What it grows by, with the same orders again and again. */
  readonly grownMiB: readonly [readonly number[], readonly number[]];
  /** This build alone: earlier ones have other files. */
  readonly stored: StoredResult;
}

/** A world of many orders: how long its server takes to start, and pauses for. */
export interface StoredResult {
  readonly orders: number;
  readonly startMs: readonly number[];
  readonly pauses: readonly Pauses[];
}

export interface Results {
  readonly machine: Machine;
  readonly pace: 'quick' | 'default';
  /** Only some rows were asked for. */
  readonly isPartial: boolean;
  readonly minutes: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly throughput?: ThroughputResult;
  readonly startUp?: readonly StartUpResult[];
  readonly memory?: readonly MemoryResult[];
  readonly doctor?: readonly DoctorResult[];
  readonly flood?: FloodResult;
  readonly scale?: ScaleResult;
  readonly abuse?: readonly AbuseRow[];
  readonly lint?: readonly LintRow[];
  readonly size?: readonly SizeResult[];
  readonly against?: AgainstResult;
  /** What could not be measured, and why. */
  readonly skipped: readonly string[];
}

export type { Spread };
