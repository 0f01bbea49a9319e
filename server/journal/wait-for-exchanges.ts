import { maxQuerySteps, PatternMeter } from '../domain/scenarios/pattern.ts';
import { omitUndefined } from '../protocol/omit-undefined.ts';
import { diagnosePending } from './diagnosis-queue.ts';
import {
  compileQuery,
  type ExchangeQuery,
  findNearMisses,
  matchesQuery,
  type NearMiss,
  namesDirection,
  needsDiagnosis,
  withDirection,
} from './exchange-query.ts';
import type { Journal } from './journal.ts';
import { isInbound, type JournalEntry } from './journal-entry.ts';

import { exchangesIn } from './verify-exchanges.ts';

/** Exchanges to wait for. */
export interface Wait {
  readonly exchange: ExchangeQuery;
  /** How many of them; 1 when absent. */
  readonly count?: number;
  readonly clientId?: string;
  /** Only exchanges with a greater number count; absent: those that are there already count too. */
  readonly since?: number;
  readonly withinMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
}

export interface WaitResult {
  readonly arrived: boolean;
  /** What came of them, the oldest first. */
  readonly entries: readonly JournalEntry[];
  readonly waitedMs: number;
  /** Exchanges that might have counted are no longer in the journal. */
  readonly evicted: boolean;
  readonly nearMisses: readonly NearMiss[];
}

/**
 * Settles as soon as they have arrived, or when the time is over; never rejects.
 * @param meter what its patterns may cost; the result is valid only if it has skipped none
 */
export const waitForExchanges = async (
  journal: Journal,
  wait: Wait,
  meter = new PatternMeter(maxQuerySteps),
): Promise<WaitResult> => {
  const { exchange, count = 1, clientId, since = 0 } = wait;
  const { direction, call } = exchange;
  const query = compileQuery(exchange, meter);
  const isBoth = namesDirection(exchange);
  const isDirection = isBoth ? compileQuery(withDirection(omitUndefined({ direction, call }))) : [];
  // An exchange that ends now may have arrived before the bookmark.
  const isConsidered = (entry: JournalEntry): boolean =>
    entry.number > since &&
    (isBoth ? matchesQuery(isDirection, entry) : isInbound(entry)) &&
    (clientId === undefined || entry.clientId === clientId);
  const isMeant = (entry: JournalEntry): boolean =>
    isConsidered(entry) && matchesQuery(query, entry);
  const began = performance.now();
  const needsDoctor = (entry: JournalEntry): boolean =>
    isConsidered(entry) && needsDiagnosis(query, entry);
  await diagnosePending(exchangesIn(journal, since, clientId).filter(needsDoctor), wait.signal);
  const entries = exchangesIn(journal, since, clientId).filter(isMeant).slice(0, count);
  // An exchange may come without its finding, and get it later: on demand, since this
  // call waits for it.
  const isEnough = (entry: JournalEntry): boolean => {
    if (needsDoctor(entry)) void diagnosePending([entry], wait.signal);
    if (isMeant(entry) && !entries.includes(entry)) entries.push(entry);
    return entries.length >= count || meter.skipped.length > 0;
  };
  if (entries.length < count) await waitUntilEnough(journal, wait, isEnough);
  const arrived = entries.length >= count;
  return {
    arrived,
    entries,
    waitedMs: Math.round(performance.now() - began),
    evicted: journal.hasEvictedSince(since, clientId),
    nearMisses: arrived
      ? []
      : findNearMisses(query, exchangesIn(journal, since, clientId).filter(isConsidered)),
  };
};

/** Settles once `isEnough` says so of a new exchange, or the time is over. */
const waitUntilEnough = (
  journal: Journal,
  { withinMs, signal }: Wait,
  isEnough: (entry: JournalEntry) => boolean,
): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      stop();
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, withinMs);
    const look = (entry: JournalEntry): void => {
      if (isEnough(entry)) finish();
    };
    const stop = journal.listen({ onClose: look, onDiagnosis: look });
    signal?.addEventListener('abort', finish, { once: true });
    if (signal?.aborted === true) finish();
  });
