import type { ExchangeSummary, JournalPage } from '../../server/admin/types.gen.ts';
import { fetchJson } from './admin-client.ts';

export interface JournalCounts {
  readonly held: number;
  /** How many the journal has evicted. */
  readonly evicted: number;
  /** Number of the oldest exchange in the journal. */
  readonly oldest: number | undefined;
}

/** Reads pages of the journal, newest first, until `maxRows` rows or the end. */
const readPages = async (
  query: Readonly<Record<string, string>>,
  maxRows: number,
  signal?: AbortSignal,
) => {
  const rows: ExchangeSummary[] = [];
  let page: JournalPage | undefined;
  let newest: number | undefined;
  do {
    const before = page?.next === undefined ? {} : { before: String(page.next) };
    page = await fetchJson<JournalPage>(
      `/journal?${new URLSearchParams({ ...query, ...before, limit: '1000' })}`,
      signal && { signal },
    );
    newest ??= page.newest;
    rows.push(...page.entries);
  } while (page.next !== undefined && rows.length < maxRows);
  return { rows, newest, held: page.kept, evicted: page.evicted };
};

/** The newest exchanges of the journal, oldest first. */
export const readJournal = async (
  maxRows: number,
): Promise<{
  readonly rows: readonly ExchangeSummary[];
  readonly counts: Omit<JournalCounts, 'oldest'>;
}> => {
  const { rows, held, evicted } = await readPages({}, maxRows);
  return { rows: rows.reverse(), counts: { held, evicted } };
};

/** Current size of the journal. */
export const readCounts = async (): Promise<JournalCounts> => {
  const { kept, evicted, entries } = await fetchJson<JournalPage>('/journal?limit=1&order=oldest');
  return { held: kept, evicted, oldest: entries[0]?.number };
};

export interface Found {
  readonly numbers: readonly number[];
  /** Number of the last exchange that was searched. */
  readonly upTo: number;
}

/** Searches exchanges after a number, including their bodies. */
export const searchJournal = async (
  search: string,
  since: number,
  signal: AbortSignal,
): Promise<Found> => {
  const { rows, newest } = await readPages({ search, since: String(since) }, Infinity, signal);
  return { numbers: rows.map(({ number }) => number), upTo: newest };
};
