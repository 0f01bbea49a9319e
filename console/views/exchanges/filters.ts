import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';
import { searchJournal } from '../../api/journal.ts';
import { formatIdentity } from '../../components/format.ts';
import type { FeedState } from '../../stream/feed.ts';

/** Filters of the list; their names are the query parameters of the address. */
export const filterNames = [
  'text',
  'client',
  'operation',
  'code',
  'status',
  'step',
  'finding',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export const readFilters = (query: URLSearchParams): Filters =>
  Object.fromEntries(
    filterNames.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])),
  );

/** Texts of a row that a search matches. The simulator searches the bodies. */
const searchableTexts = (row: ExchangeSummary): readonly (string | undefined)[] => [
  row.id,
  row.identity,
  row.identity && formatIdentity(row.identity),
  row.reason,
  row.clientId,
  row.operation,
  row.target,
  row.code,
  row.step,
  row.rule,
  ...row.findings,
  ...row.marks,
];

type FieldTest = (row: ExchangeSummary, wanted: string) => boolean;

const fieldTests: Readonly<Record<Exclude<FilterName, 'text'>, FieldTest>> = {
  client: ({ clientId }, wanted) => clientId === wanted,
  operation: ({ operation }, wanted) => operation === wanted,
  code: ({ code }, wanted) => code === wanted,
  status: ({ status }, wanted) => wanted.includes(status),
  step: ({ step }, wanted) => step === wanted,
  finding: ({ findings }, wanted) =>
    wanted === 'any' ? findings.length > 0 : findings.includes(wanted),
};

/**
 * Combines all filters into one predicate.
 * @param found numbers of exchanges that the simulator's own search found for the text
 */
export const createRowFilter = (
  filters: Filters,
  found: ReadonlySet<number> = new Set(),
): ((row: ExchangeSummary) => boolean) => {
  const { text, ...others } = filters;
  const wanted = text?.toLowerCase();
  const set = (Object.keys(fieldTests) as (keyof typeof fieldTests)[]).flatMap((name) =>
    others[name] === undefined ? [] : [[fieldTests[name], others[name]] as const],
  );
  const hasText = (row: ExchangeSummary): boolean =>
    wanted === undefined ||
    found.has(row.number) ||
    searchableTexts(row).some((field) => field?.toLowerCase().includes(wanted) === true);
  return (row) => set.every(([test, value]) => test(row, value)) && hasText(row);
};

interface Kept {
  readonly key: unknown;
  readonly epoch: number;
  readonly found: ReadonlySet<number>;
  readonly upTo: number;
  readonly passed: ExchangeSummary[];
}

/**
 * The rows that match the filters. Only new rows are tested, unless the filters or earlier rows
 * changed.
 */
export const useFiltered = (
  { rows, version, epoch }: FeedState,
  filterKey: string,
  found: ReadonlySet<number>,
): readonly ExchangeSummary[] => {
  const kept = useRef<Kept | undefined>(undefined);
  return useMemo(() => {
    if (filterKey === '{}') return rows;
    const last = kept.current;
    const isSame =
      last !== undefined && last.key === filterKey && last.epoch === epoch && last.found === found;
    const from = isSame ? last.upTo : -1;
    const passed = isSame ? last.passed : [];
    passed.push(
      ...rows
        .filter((row) => row.number > from)
        .filter(createRowFilter(JSON.parse(filterKey), found)),
    );
    kept.current = { key: filterKey, epoch, found, upTo: rows.at(-1)?.number ?? -1, passed };
    return passed;
  }, [rows, version, epoch, filterKey, found]);
};

export interface JournalSearch {
  /** Numbers of the matching exchanges. */
  readonly numbers: ReadonlySet<number>;
  /** Whether the search is still running. */
  readonly isSearching: boolean;
}

interface Searched {
  readonly text: string | undefined;
  readonly upTo: number;
  readonly numbers: ReadonlySet<number>;
}

const noMatches: ReadonlySet<number> = new Set();

/** Delay after typing, and between searches of new exchanges. */
const searchDelayMs = { typing: 150, following: 500 } as const;

/** Searches the bodies, which only the simulator has, and repeats the search for new exchanges. */
export const useSearch = (text: string | undefined, newest: number): JournalSearch => {
  const [searched, setSearched] = useState<Searched>({
    text: undefined,
    upTo: 0,
    numbers: noMatches,
  });
  const isSame = searched.text === text;
  const isBehind = text !== undefined && (!isSame || searched.upTo < newest);
  useEffect(() => {
    if (!isBehind) return;
    const leaving = new AbortController();
    const known = isSame ? searched : { upTo: 0, numbers: noMatches };
    const timer = setTimeout(
      () => {
        searchJournal(text, known.upTo, leaving.signal).then(
          ({ numbers, upTo }) =>
            setSearched({
              text,
              upTo,
              numbers:
                numbers.length === 0 ? known.numbers : new Set([...known.numbers, ...numbers]),
            }),
          () => {
            // If the simulator is unreachable, only the rows are searched.
            if (!leaving.signal.aborted)
              setSearched({ text, upTo: newest, numbers: known.numbers });
          },
        );
      },
      isSame ? searchDelayMs.following : searchDelayMs.typing,
    );
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [text, isBehind, searched]);
  return {
    numbers: isSame ? searched.numbers : noMatches,
    isSearching: text !== undefined && !isSame,
  };
};
