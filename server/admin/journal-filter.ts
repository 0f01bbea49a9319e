import { matches, readyQuery } from '../journal/exchange-query.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { operations } from './types.gen.ts';

/** What a list of exchanges may be narrowed by. */
export type JournalFilter = NonNullable<operations['journalAsHar']['parameters']['query']>;

/** Whether an exchange is asked for. */
export const readyFilter = ({ from, to, search, since = 0, ...query }: JournalFilter): ((entry: JournalEntry) => boolean) => {
  const ready = readyQuery(query);
  const [first, end] = [momentOf(from) ?? -Infinity, momentOf(to) ?? Infinity];
  const text = search?.toLowerCase();
  return (entry) =>
    entry.number > since &&
    entry.receivedAt >= first &&
    entry.receivedAt < end &&
    matches(ready, entry) &&
    (text === undefined || searched(entry).includes(text));
};

/** Milliseconds, or ISO 8601. */
const momentOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  return /^\d{5,}$/.test(text) ? Number(text) : Date.parse(text);
};

const searched = ({ id, identity = '', target, clientId = '', verdict }: JournalEntry): string =>
  `${id} ${identity} ${target} ${clientId} ${verdict.code} ${verdict.reason}`.toLowerCase();
