import { matches, type ReadyQuery } from './exchange-query.ts';
import type { JournalEntry } from './journal-entry.ts';

export interface Difference {
  /** `code`, `body.merchantBizNo`. */
  readonly field: string;
  readonly wanted: unknown;
  /** undefined: the exchange has none. */
  readonly got: unknown;
}

/** An exchange that has some of what was asked, and what of it differs. */
export interface NearMiss {
  readonly entry: JournalEntry;
  readonly differences: readonly Difference[];
}

const most = 5;

/**
 * How far away an exchange is for each thing that differs: another operation is seldom the one that
 * was meant.
 */
const distances: Readonly<Record<string, number>> = { operation: 4, clientId: 2 };

/** The exchanges that almost match, the nearest first, of equals the newest. */
export const nearMisses = (
  query: ReadyQuery,
  entries: readonly JournalEntry[],
): readonly NearMiss[] =>
  entries
    .filter((entry) => !matches(query, entry))
    .map((entry) => ({ entry, differences: listDifferences(query, entry) }))
    .filter(({ differences }) => differences.length < query.length || query.length === 1)
    .sort((a, b) => measureDistance(a) - measureDistance(b) || b.entry.number - a.entry.number)
    .slice(0, most);

const listDifferences = (query: ReadyQuery, entry: JournalEntry): readonly Difference[] =>
  query
    .filter(({ fits }) => !fits(entry))
    .map(({ field, wanted, got }) => ({ field, wanted, got: got(entry) }));

const measureDistance = ({ differences }: NearMiss): number =>
  differences.reduce((sum, { field }) => sum + (distances[field] ?? 1), 0);
