import { maxQuerySteps, PatternMeter } from '../domain/scenarios/pattern.ts';
import { clipText } from '../problems/display-text.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { diagnosePending } from './diagnosis-queue.ts';
import {
  type CompiledQuery,
  compileQuery,
  type ExchangeQuery,
  findNearMisses,
  isSigned,
  matchesQuery,
  type NearMiss,
  namesDirection,
  needsDiagnosis,
  withDirection,
} from './exchange-query.ts';
import type { Journal } from './journal.ts';
import { isInbound, type JournalEntry } from './journal-entry.ts';

/** What should have happened. */
export interface Verification {
  /** Only this client's exchanges are looked at. */
  readonly clientId?: string;
  /** Only exchanges with a greater number are looked at: a bookmark taken before. */
  readonly since?: number;
  readonly exchanges: readonly ExchangeExpectation[];
  /** In the order given, each group before the next; then one exchange serves one expectation. */
  readonly inOrder?: boolean;
  /** No exchange that none of the expectations names. */
  readonly nothingElse?: boolean;
  /** No request whose signature did not verify. */
  readonly nothingUnsigned?: boolean;
}

export interface VerifyFailure {
  readonly kind: 'count' | 'order' | 'unexpected' | 'unsigned' | 'evicted';
  /** Which of the expectations, from 0. */
  readonly expectation?: number;
  readonly message: string;
  /** Those that are too many, out of order, unexpected, unsigned. */
  readonly entries: readonly JournalEntry[];
  readonly nearMisses: readonly NearMiss[];
}

interface Verified {
  readonly passed: boolean;
  /** How many exchanges were looked at. */
  readonly considered: number;
  /** Exchanges that would have been looked at are gone; then it never passes. */
  readonly evicted: boolean;
  readonly failures: readonly VerifyFailure[];
  /** By expectation. */
  readonly matched: readonly (readonly JournalEntry[])[];
}

/**
 * Holds the journal against what should have happened. Says what is wrong, and what came near.
 * @param meter what its patterns may cost; the result is valid only if it has skipped none
 */
export const verifyExchanges = (
  journal: Journal,
  verification: Verification,
  meter = new PatternMeter(maxQuerySteps),
): Verified => {
  const { clientId, since = 0, inOrder = false } = verification;
  const expected = expectedExchanges(verification);
  const entries = selectEntries(journal, verification);
  const expectations = expected.map((one) => compileExpectation(one, meter));
  const {
    matched,
    outOfOrder: strays,
    unmatched: others,
  } = inOrder ? matchInOrder(expectations, entries) : matchAnywhere(expectations, entries);
  const evicted = journal.hasEvictedSince(since, clientId);
  const failures = [
    ...(evicted ? [evictedFailure(journal, since)] : []),
    ...expectations.flatMap((one, index) =>
      countFailure(one, index, matched[index] ?? [], entries),
    ),
    ...groupFailure('order', strays, 'came out of the order, or too often in its place'),
    ...(verification.nothingElse === true
      ? groupFailure('unexpected', others, 'came, and no expectation names it')
      : []),
    ...(verification.nothingUnsigned === true
      ? groupFailure(
          'unsigned',
          entries.filter((entry) => isInbound(entry) && !isSigned(entry)),
          'came without a signature that verifies',
        )
      : []),
  ];
  return { passed: failures.length === 0, considered: entries.length, evicted, failures, matched };
};

/**
 * The same, after the pending diagnoses are made that it depends on, and those of the exchanges
 * that it shows.
 */
export const verifyDiagnosed = async (
  journal: Journal,
  verification: Verification,
  meter: PatternMeter,
  signal?: AbortSignal,
): Promise<Verified> => {
  await diagnosePending(entriesToDiagnose(journal, verification), signal);
  if (journal.pendingDiagnoses > 0) {
    const { failures } = verifyExchanges(journal, verification);
    const shown = failures.flatMap(({ nearMisses: misses }) => misses.map(({ entry }) => entry));
    await diagnosePending(shown, signal);
  }
  return verifyExchanges(journal, verification, meter);
};

const entriesToDiagnose = (
  journal: Journal,
  verification: Verification,
): readonly JournalEntry[] => {
  const meter = new PatternMeter(maxQuerySteps);
  const queries = expectedExchanges(verification).map(
    (one) => compileExpectation(one, meter).query,
  );
  return selectEntries(journal, verification).filter((entry) =>
    queries.some((query) => needsDiagnosis(query, entry)),
  );
};

/** Calls to the merchant count only where an expectation names them. */
const isAboutBoth = ({ exchanges }: Verification): boolean =>
  exchanges.some(({ exchange }) => namesDirection(exchange));

const expectedExchanges = (verification: Verification): readonly ExchangeExpectation[] =>
  isAboutBoth(verification)
    ? verification.exchanges.map((one) => ({ ...one, exchange: withDirection(one.exchange) }))
    : verification.exchanges;

const selectEntries = (journal: Journal, verification: Verification): readonly JournalEntry[] => {
  const { since = 0, clientId } = verification;
  const entries = journal.sortByArrival(exchangesIn(journal, since, clientId));
  return isAboutBoth(verification) ? entries : entries.filter(isInbound);
};

/** The exchanges after a number, of one client if it is named; oldest first. */
const exchangesIn = (
  journal: Journal,
  since: number,
  wanted: string | undefined,
): readonly JournalEntry[] =>
  journal.entries.filter(
    ({ number, clientId }) => number > since && (wanted === undefined || clientId === wanted),
  );

const evictedFailure = (journal: Journal, since: number): VerifyFailure => {
  const missing = journal.missingReplicas(since);
  const what =
    missing.length === 0
      ? `${journal.evicted} exchanges are no longer in the journal, and some of them would have ` +
        'counted.'
      : `the replica ${missing.join(', ')} has gone without a word, and what it answered last ` +
        'may be missing.';
  return {
    kind: 'evicted',
    message:
      `${what} Look only at later ones (since, clientId), reset the journal before each test, ` +
      'or raise journal.entries and journal.bytes.',
    entries: [],
    nearMisses: [],
  };
};

const countFailure = (
  { query, least, most }: CompiledExpectation,
  expectation: number,
  found: readonly JournalEntry[],
  entries: readonly JournalEntry[],
): VerifyFailure[] => {
  if (found.length >= least && found.length <= most) return [];
  const isTooFew = found.length < least;
  const were = found.length === 1 ? 'there was 1' : `there were ${found.length}`;
  const message = `expected ${describeExpectation({ query, least, most })}; ${were}`;
  return [
    {
      kind: 'count',
      expectation,
      message,
      entries: isTooFew ? [] : found.slice(most),
      nearMisses: isTooFew ? findNearMisses(query, entries) : [],
    },
  ];
};

const groupFailure = (
  kind: VerifyFailure['kind'],
  entries: readonly JournalEntry[],
  what: string,
): VerifyFailure[] =>
  entries.length === 0
    ? []
    : [
        {
          kind,
          message: entries.map((entry) => `${describeEntry(entry)} ${what}`).join('\n'),
          entries,
          nearMisses: [],
        },
      ];

const describeEntry = ({
  number,
  operation,
  method,
  target,
  identity,
  verdict,
}: JournalEntry): string =>
  [`#${number}`, operation ?? `${method} ${clipText(target, 80)}`, identity, verdict.code]
    .filter((part) => part !== undefined)
    .join(' ');

/** Exchanges that should have come. How many: exactly one when nothing is said. */
interface ExchangeExpectation {
  readonly exchange: ExchangeQuery;
  readonly exactly?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** An expectation, ready to be held against many exchanges. */
interface CompiledExpectation {
  readonly query: CompiledQuery;
  readonly least: number;
  readonly most: number;
}

const compileExpectation = (
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
const describeExpectation = ({ query, least, most }: CompiledExpectation): string =>
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
interface Matching {
  /** By expectation. */
  readonly matched: readonly (readonly JournalEntry[])[];
  /** Named by an expectation, but not in its place. */
  readonly outOfOrder: readonly JournalEntry[];
  /** Named by none. */
  readonly unmatched: readonly JournalEntry[];
}

/** Each expectation counts every exchange that has what it asks, also one that another counts. */
const matchAnywhere = (
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
const matchInOrder = (
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

/** Exchanges to wait for. */
interface Wait {
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

interface WaitResult {
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
