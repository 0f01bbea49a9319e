import type { PatternMeter } from '../domain/scenarios/pattern.ts';
import {
  type CompiledQuery,
  compileQuery,
  type ExchangeQuery,
  matchesQuery,
} from './exchange-query.ts';
import type { JournalEntry } from './journal-entry.ts';

/** Exchanges that should have come. How many: exactly one when nothing is said. */
export interface ExchangeExpectation {
  readonly exchange: ExchangeQuery;
  readonly exactly?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** An expectation, ready to be held against many exchanges. */
export interface CompiledExpectation {
  readonly query: CompiledQuery;
  readonly least: number;
  readonly most: number;
}

export const compileExpectation = (
  { exchange, exactly, atLeast, atMost }: ExchangeExpectation,
  meter: PatternMeter,
): CompiledExpectation => {
  const isSilent = atLeast === undefined && atMost === undefined;
  return {
    query: compileQuery(exchange, meter),
    least: exactly ?? atLeast ?? (isSilent ? 1 : 0),
    most: exactly ?? atMost ?? (isSilent ? 1 : Infinity),
  };
};

/** In words: `exactly 2 with operation "syncOrder", code "SUCCESS"`. */
export const describeExpectation = ({ query, least, most }: CompiledExpectation): string =>
  `${describeRange(least, most)} ${describeQuery(query)}`;

const describeRange = (least: number, most: number): string => {
  if (least === most) return least === 0 ? 'no exchange' : `exactly ${least}`;
  if (most === Infinity) return `at least ${least}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
};

const describeQuery = (query: CompiledQuery): string =>
  query.length === 0
    ? 'of any kind'
    : `with ${query.map(({ field, wanted }) => `${field} ${JSON.stringify(wanted)}`).join(', ')}`;

/** Which exchanges answer to which expectation. */
export interface Matching {
  /** By expectation. */
  readonly matched: readonly (readonly JournalEntry[])[];
  /** Named by an expectation, but not in its place. */
  readonly outOfOrder: readonly JournalEntry[];
  /** Named by none. */
  readonly unmatched: readonly JournalEntry[];
}

/** Each expectation counts every exchange that has what it asks, also one that another counts. */
export const matchAnywhere = (
  expectations: readonly CompiledExpectation[],
  entries: readonly JournalEntry[],
): Matching => ({
  matched: expectations.map(({ query }) => entries.filter((entry) => matchesQuery(query, entry))),
  outOfOrder: [],
  unmatched: entries.filter((entry) => !isNamed(expectations, entry)),
});

/**
 * Walks along the expectations with the exchanges: each one counts for the place that has been come
 * to, or for the next one that it fits once all before that have what they need.
 */
export const matchInOrder = (
  expectations: readonly CompiledExpectation[],
  entries: readonly JournalEntry[],
): Matching => {
  const matched: JournalEntry[][] = expectations.map(() => []);
  const strays: JournalEntry[] = [];
  const others: JournalEntry[] = [];
  const countAt = (place: number): number => matched[place]?.length ?? 0;
  let place = 0;
  for (const entry of entries) {
    const next = nextPlace(expectations, entry, place, countAt);
    if (next !== undefined) {
      place = next;
      matched[next]?.push(entry);
    } else if (isNamed(expectations, entry)) strays.push(entry);
    else others.push(entry);
  }
  return { matched, outOfOrder: strays, unmatched: others };
};

const nextPlace = (
  expectations: readonly CompiledExpectation[],
  entry: JournalEntry,
  from: number,
  countAt: (place: number) => number,
): number | undefined => {
  for (let place = from; place < expectations.length; place++) {
    const expectation = expectations[place];
    if (expectation === undefined) return undefined;
    if (countAt(place) < expectation.most && matchesQuery(expectation.query, entry)) return place;
    if (countAt(place) < expectation.least) return undefined;
  }
  return undefined;
};

const isNamed = (expectations: readonly CompiledExpectation[], entry: JournalEntry): boolean =>
  expectations.some(({ query }) => matchesQuery(query, entry));
