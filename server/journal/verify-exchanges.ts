import { maxQuerySteps, PatternMeter } from '../domain/scenarios/pattern.ts';
import { clipText } from '../problems/display-text.ts';
import { diagnosePending } from './diagnosis-queue.ts';
import {
  findNearMisses,
  isSigned,
  type NearMiss,
  namesDirection,
  needsDiagnosis,
  withDirection,
} from './exchange-query.ts';
import {
  type CompiledExpectation,
  compileExpectation,
  describeExpectation,
  type ExchangeExpectation,
  matchAnywhere,
  matchInOrder,
} from './expectation.ts';
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

export interface Verified {
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
export const exchangesIn = (
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
