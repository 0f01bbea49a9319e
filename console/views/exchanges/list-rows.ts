import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';
import { classifyDelivery, type Trait, traits } from '../../components/exchange-status.tsx';
import { formatIdentity, readIdentity } from '../../components/format.ts';
import type { FeedState, Row } from '../../stream/feed.ts';
import { searchJournal } from '../../stream/journal.ts';

/** Filters of the list; their names are the query parameters of the address. */
export const filterNames = [
  'text',
  'code',
  'status',
  'operation',
  'order',
  'client',
  'request',
  'finding',
  'scenario',
  'tag',
  'step',
  'is',
  'from',
  'to',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

/** Tokens of the search box: `code:`, `order:`. The range of time is set by dragging. */
export const tokenNames = filterNames.filter(
  (name) => !['text', 'from', 'to'].includes(name),
) as readonly TokenName[];
export type TokenName = Exclude<FilterName, 'text' | 'from' | 'to'>;

export const readFilters = (query: URLSearchParams): Filters =>
  Object.fromEntries(
    filterNames.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])),
  );

const isTokenName = (name: string): name is TokenName => tokenNames.some((one) => one === name);

/** Reads the search box: `code:F order:"A 1" free text`. Unknown tokens are free text. */
export const parseSearch = (search: string): Filters => {
  const filters: Partial<Record<FilterName, string>> = {};
  const words: string[] = [];
  for (const [whole, name = '', quoted, plain] of search.matchAll(
    /(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))|[a-z]+:/g,
  )) {
    const value = quoted ?? plain ?? '';
    if (isTokenName(name) && value !== '') filters[name] = value;
    else if (!isTokenName(whole.slice(0, -1))) words.push(name === '' ? value : whole);
  }
  const text = words.join(' ');
  return text === '' ? filters : { text, ...filters };
};

export const formatToken = (name: TokenName, value: string): string =>
  `${name}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;

/** The text of the search box for filters. */
export const formatSearch = (filters: Filters): string =>
  [
    ...tokenNames.flatMap((name) => {
      const value = filters[name];
      return value === undefined ? [] : [formatToken(name, value)];
    }),
    ...(filters.text === undefined ? [] : [filters.text]),
  ].join(' ');

/** Lists that are often wanted. */
export const savedViews = {
  refused: { status: 'F' },
  retries: { is: 'retry' },
  faults: { is: 'fault' },
} as const satisfies Record<string, Filters>;

/** Ids of exchanges with a finding of lint, and the rules. */
export type LintByExchange = ReadonlyMap<string, readonly string[]>;
export const noLint: LintByExchange = new Map();

const traitTests: Readonly<Record<Trait, (row: Row, isLinted: boolean) => boolean>> = {
  retry: ({ attempt, tags }) =>
    (attempt ?? 1) > 1 || tags.some((tag) => tag === 'duplicate' || tag === 'mismatch'),
  fault: (row) =>
    classifyDelivery(row) !== 'intact' ||
    row.tags.some((tag) => tag.startsWith('fault:') || tag.startsWith('security:')),
  encrypted: ({ sealed }) => sealed,
  scripted: ({ rule }) => rule !== undefined,
  pending: ({ diagnosisPending }) => diagnosisPending === true,
  lint: (_row, isLinted) => isLinted,
  outbound: ({ direction }) => direction === 'outbound',
};

export const listTraits = (row: Row, isLinted: boolean): readonly Trait[] =>
  traits.filter((trait) => traitTests[trait](row, isLinted));

/** Texts of a row that a search matches. The simulator searches the bodies. */
const searchableTexts = (row: Row): readonly (string | undefined)[] => [
  row.id,
  row.identity,
  row.identity && formatIdentity(row.identity),
  row.requestId,
  row.reason,
  row.clientId,
  row.operation,
  row.outbound?.call,
  row.outbound?.messageId,
  row.target,
  row.code,
  row.step,
  row.rule,
  ...row.findings,
  ...row.tags,
];

/** The operation, or the call in the other direction. */
export const readOperation = ({ operation, outbound }: Row): string | undefined =>
  operation ?? outbound?.call;

type FieldTest = (row: Row, wanted: string, lint: LintByExchange) => boolean;

const isAnyOf = (wanted: string, value: string | undefined): boolean =>
  value !== undefined && wanted.split(',').includes(value);

const includesText = (text: string | undefined, wanted: string): boolean =>
  text?.toLowerCase().includes(wanted.toLowerCase()) === true;

const fieldTests: Readonly<Record<Exclude<FilterName, 'text'>, FieldTest>> = {
  client: ({ clientId }, wanted) => isAnyOf(wanted, clientId),
  operation: (row, wanted) => isAnyOf(wanted, readOperation(row)),
  code: ({ code }, wanted) => isAnyOf(wanted, code),
  status: ({ status }, wanted) => wanted.includes(status),
  step: ({ step }, wanted) => isAnyOf(wanted, step),
  finding: ({ findings, id }, wanted, lint) =>
    wanted === 'any'
      ? findings.length > 0 || lint.has(id)
      : [...findings, ...(lint.get(id) ?? [])].some((found) => isAnyOf(wanted, found)),
  order: ({ identity }, wanted) =>
    identity === wanted || (identity !== undefined && identityMatches(identity, wanted)),
  request: ({ requestId, outbound }, wanted) => isAnyOf(wanted, requestId ?? outbound?.messageId),
  scenario: ({ rule }, wanted) => rule === wanted || rule?.startsWith(`${wanted},`) === true,
  tag: ({ tags }, wanted) => tags.some((tag) => tag === wanted || tag.startsWith(`${wanted}:`)),
  is: (row, wanted, lint) =>
    traits.some((trait) => isAnyOf(wanted, trait) && traitTests[trait](row, lint.has(row.id))),
  from: ({ receivedAt }, wanted) => receivedAt >= Number(wanted),
  to: ({ receivedAt }, wanted) => receivedAt < Number(wanted),
};

/** Exactly one value of the identity, or with `*` at its end the beginning of one. */
const identityMatches = (identity: string, wanted: string): boolean => {
  const values = readIdentity(identity).map(String);
  return wanted.endsWith('*')
    ? values.some((value) => value.startsWith(wanted.slice(0, -1)))
    : values.includes(wanted) || formatIdentity(identity) === wanted;
};

/**
 * Combines all filters into one predicate.
 * @param found numbers of exchanges that the simulator's own search found for the text
 */
export const createRowFilter = (
  filters: Filters,
  found: ReadonlySet<number> = new Set(),
  lint: LintByExchange = noLint,
): ((row: Row) => boolean) => {
  const { text, ...others } = filters;
  const set = (Object.keys(fieldTests) as (keyof typeof fieldTests)[]).flatMap((name) =>
    others[name] === undefined ? [] : [[fieldTests[name], others[name]] as const],
  );
  const hasText = (row: Row): boolean =>
    text === undefined ||
    found.has(row.number) ||
    searchableTexts(row).some((field) => includesText(field, text));
  return (row) => set.every(([test, value]) => test(row, value, lint)) && hasText(row);
};

interface Kept {
  readonly key: unknown;
  readonly epoch: number;
  readonly found: ReadonlySet<number>;
  readonly lint: LintByExchange;
  readonly upTo: number;
  readonly passed: Row[];
}

export interface FilterContext {
  readonly found: ReadonlySet<number>;
  readonly lint: LintByExchange;
}

/**
 * The rows that match the filters. Only new rows are tested, unless the filters or earlier rows
 * changed.
 */
export const useFiltered = (
  { rows, version, epoch }: FeedState,
  filterKey: string,
  { found, lint }: FilterContext,
): readonly Row[] => {
  const kept = useRef<Kept | undefined>(undefined);
  // Findings of lint matter only to a filter that asks for them.
  const relevant = /"(?:is|finding)"/.test(filterKey) ? lint : noLint;
  return useMemo(() => {
    if (filterKey === '{}') return rows;
    const last = kept.current;
    const isSame =
      last !== undefined &&
      last.key === filterKey &&
      last.epoch === epoch &&
      last.found === found &&
      last.lint === relevant;
    const from = isSame ? last.upTo : -1;
    const passed = isSame ? last.passed : [];
    const test = createRowFilter(JSON.parse(filterKey), found, relevant);
    // A loop from the end: most updates bring a few rows to thousands.
    let at = rows.length;
    while (at > 0 && (rows[at - 1]?.number ?? -1) > from) at--;
    for (const row of rows.slice(at)) if (test(row)) passed.push(row);
    const upTo = rows.at(-1)?.number ?? -1;
    kept.current = { key: filterKey, epoch, found, lint: relevant, upTo, passed };
    return passed;
  }, [rows, version, epoch, filterKey, found, relevant]);
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

/** Scroll position of the list, kept while an exchange or another view is open. */
export interface ListPosition {
  /** Number of the top row; undefined at the very top, which follows new rows. */
  readonly topRow: number | undefined;
  /** The part of that row that is scrolled away, between 0 and 1. */
  readonly offset: number;
}

export interface ListMemory {
  /** Identifies a filtered list of one run of the simulator. */
  key: string;
  open: string | undefined;
  position: ListPosition;
  /** Where the list was when an exchange was opened from it. */
  beforeOpen: ListPosition;
}

export const topOfList: ListPosition = { topRow: undefined, offset: 0 };

export const listMemory: ListMemory = {
  key: '',
  open: undefined,
  position: topOfList,
  beforeOpen: topOfList,
};

/** Records the position when an exchange replaces the list. */
export const leaveList = (key: string, open: string): void => {
  if (listMemory.key !== key)
    Object.assign(listMemory, { key, position: topOfList, beforeOpen: topOfList });
  else if (listMemory.open === undefined) listMemory.beforeOpen = listMemory.position;
  listMemory.open = open;
};

/** The rows of a long list that are rendered. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** What is seen of the list, in pixels from its top, which was the row with this number then. */
export interface ListView {
  readonly top: number;
  readonly height: number;
  readonly newest: number | undefined;
}

interface ListOfRows {
  /** Oldest first. */
  readonly rows: readonly Pick<ExchangeSummary, 'number'>[];
  readonly rowHeight: number;
}

const overscan = 8;
/** Rows are added in groups, so that most steps of a scroll render none. */
const groupOfRows = 4;

/**
 * The rows in view, and a few more on both sides, so that scrolling shows no gaps. Rows that
 * arrived after the view was measured move a scrolled list down.
 */
export const computeVisibleRows = (
  { top, height, newest }: ListView,
  { rows, rowHeight }: ListOfRows,
): RowWindow => {
  const count = rows.length;
  const added = top > rowHeight / 2 ? count - countUpTo(rows, newest) : 0;
  // Groups are counted from the oldest row: new rows do not change which are rendered.
  const toGroup = (index: number, round: (groups: number) => number): number =>
    count - round((count - index) / groupOfRows) * groupOfRows;
  const first = added + Math.floor(top / rowHeight) - overscan;
  const end = added + Math.ceil((top + height) / rowHeight) + overscan;
  const shown = {
    first: Math.max(0, toGroup(first, Math.ceil)),
    end: Math.min(count, toGroup(end, Math.floor)),
  };
  return { ...shown, first: Math.min(shown.first, shown.end) };
};

export const showsSameRows = (last: ListView, next: ListView, list: ListOfRows): boolean => {
  const { rowHeight } = list;
  const [before, after] = [computeVisibleRows(last, list), computeVisibleRows(next, list)];
  const isAtTop = ({ top }: ListView): boolean => top <= rowHeight / 2;
  return (
    before.first === after.first && before.end === after.end && isAtTop(last) === isAtTop(next)
  );
};

/** Where an exchange is in the list, newest first. */
export const findRowIndex = (
  rows: readonly ExchangeSummary[],
  id: string | undefined,
): number | undefined => {
  if (id === undefined) return undefined;
  const at = rows.findLastIndex((row) => row.id === id);
  return at < 0 ? undefined : rows.length - 1 - at;
};

/** How many rows have at most this number. */
export const countUpTo = (rows: ListOfRows['rows'], number: number | undefined): number =>
  number === undefined ? rows.length : rows.findLastIndex((row) => row.number <= number) + 1;

export const readPosition = (
  rows: readonly ExchangeSummary[],
  scrollTop: number,
  rowHeight: number,
): ListPosition => {
  const index = Math.floor(scrollTop / rowHeight);
  const topRow = scrollTop <= rowHeight / 2 ? undefined : rows[rows.length - 1 - index]?.number;
  return topRow === undefined ? topOfList : { topRow, offset: scrollTop / rowHeight - index };
};

export const scrollTopAt = (
  rows: readonly ExchangeSummary[],
  { topRow, offset }: ListPosition,
  rowHeight: number,
): number =>
  topRow === undefined ? 0 : (rows.length - countUpTo(rows, topRow) + offset) * rowHeight;
