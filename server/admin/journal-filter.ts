import {
  compileQuery,
  findingIds,
  matchesQuery,
  needsDiagnosis,
} from '../journal/exchange-query.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { operations } from './types.gen.ts';

/** What a list of exchanges may be narrowed by. */
export type JournalFilter = NonNullable<operations['journalAsHar']['parameters']['query']>;

export interface SearchOptions {
  /** Whether a search looks into decrypted bodies (setting `journal.plaintext`). */
  readonly plaintext: boolean;
}

export interface ReadyFilter {
  /** Whether an exchange is asked for. */
  readonly fits: (entry: JournalEntry) => boolean;
  /** Whether the result depends on the exchange's pending diagnosis. */
  readonly needsDiagnosis: (entry: JournalEntry) => boolean;
}

/** Compiles a filter into tests of one exchange. */
export const readyFilter = (
  { from, to, search, since = 0, ...query }: JournalFilter,
  options: SearchOptions = { plaintext: false },
): ReadyFilter => {
  const ready = compileQuery(query);
  const [first, end] = [parseTimeFilter(from) ?? -Infinity, parseTimeFilter(to) ?? Infinity];
  const text = search?.toLowerCase();
  const isInRange = ({ number, receivedAt }: JournalEntry): boolean =>
    number > since && receivedAt >= first && receivedAt < end;
  const isFound = (entry: JournalEntry): boolean =>
    text === undefined || contains(entry, text, options);
  return {
    fits: (entry) => isInRange(entry) && matchesQuery(ready, entry) && isFound(entry),
    // A search looks at findings too.
    needsDiagnosis: (entry) =>
      entry.pendingDiagnosis !== undefined &&
      isInRange(entry) &&
      (isFound(entry)
        ? needsDiagnosis(ready, entry)
        : matchesQuery(ready, entry) || needsDiagnosis(ready, entry)),
  };
};

/** Milliseconds, or ISO 8601. */
const parseTimeFilter = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  return /^\d{5,}$/.test(text) ? Number(text) : Date.parse(text);
};

/** The cheap fields first: a body is only read when they do not contain the text. */
const contains = (entry: JournalEntry, text: string, options: SearchOptions): boolean =>
  searchedFields(entry).some((field) => field?.toLowerCase().includes(text) === true) ||
  searchedBodyText(entry, options).toLowerCase().includes(text);

const searchedFields = (entry: JournalEntry): readonly (string | undefined)[] => [
  entry.id,
  entry.identity,
  entry.operation,
  entry.target,
  entry.clientId,
  entry.verdict.code,
  entry.verdict.step,
  entry.verdict.reason,
  entry.scripted?.rule,
  ...findingIds(entry),
  ...entry.tags,
  // Ids of records name the request and the thing, also of a request whose body is not shown.
  ...entry.changes.map(({ id }) => id),
];

/** A larger body is searched by its beginning, so that one search cannot hold the simulator up. */
const searchedBytes = 64 * 1024;

/**
 * The request's body as a view shows it: a call that was refused early is found by what it states.
 */
const searchedBodyText = (
  { request, sealed }: JournalEntry,
  { plaintext }: SearchOptions,
): string => {
  const bytes = sealed && plaintext ? (request.plain ?? request.body) : request.body;
  const text = bytes.subarray(0, searchedBytes).toString('utf8');
  return text.includes('\\u') ? `${text} ${withoutEscapes(text)}` : text;
};

/** A JSON text may write any character as `\uXXXX`. */
const withoutEscapes = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
