import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ExchangeRow } from '../api/journal.ts';
import { ExchangePane } from '../exchange/exchange-pane.tsx';
import { filterTest, readFilters } from '../live/filters.ts';
import { Loading } from '../pieces/notice.tsx';
import { useWidth } from '../pieces/use-width.ts';
import { goTo, hrefOf, type Place } from '../routing/place.ts';
import { useFeed } from '../shell/feed-context.ts';
import { onKeys } from '../shell/shortcuts.ts';
import { useWords } from '../words/use-words.ts';
import { ExchangeList } from './exchange-list.tsx';
import { FirstSteps } from './first-steps.tsx';
import { ListBar } from './list-bar.tsx';

/** Below this a list and an exchange do not fit beside each other. */
const sideBySideFrom = 1000;
const wideListFrom = 1140;

/** The list, and beside it (or instead of it, where there is no room) the exchange that is open. */
export const ExchangesView = ({ place }: { readonly place: Place }) => {
  const t = useWords();
  const { feed, state } = useFeed();
  const width = useWidth();
  const filters = readFilters(place.query);
  const filterKey = JSON.stringify(filters);
  const rows = useFiltered(state.rows, state.version, filterKey);
  const { open } = place;
  const search = useRef<HTMLInputElement>(null);
  const isListShown = open === undefined || width >= sideBySideFrom;
  useEffect(
    () =>
      onKeys({
        '/': () => search.current?.focus(),
        p: () => feed.pause(!feed.state.isPaused),
        ...(open === undefined ? {} : { Escape: () => goTo(hrefOf('exchanges', undefined, place.query)) }),
      }),
    [feed, open, place.query],
  );
  const openedRow = state.rows.findLast(({ id }) => id === open);
  // The same element again is not drawn again: a flood in the list leaves what someone reads alone.
  const pane = useMemo(
    () => (open === undefined ? null : <ExchangePane id={open} place={place} row={openedRow} />),
    [open, place, openedRow],
  );
  const openRow = (row: ExchangeRow): void => goTo(hrefOf('exchanges', row.id, place.query), open !== undefined);
  return (
    <div class={`exchanges${open === undefined ? '' : ' has-open'}`}>
      {isListShown && (
        <section class="list-side" aria-label={t.views.exchanges}>
          <h1 class="hidden">{t.views.exchanges}</h1>
          <ListBar
            filters={filters}
            place={place}
            shown={rows.length}
            searchRef={search}
            isNarrow={open !== undefined || width < wideListFrom}
          />
          {!state.isRead && state.status !== 'denied' ? (
            <Loading />
          ) : state.rows.length === 0 ? (
            <FirstSteps />
          ) : rows.length === 0 ? (
            <NothingFits place={place} total={state.rows.length} />
          ) : (
            <ExchangeList
              rows={rows}
              version={state.version}
              isCompact={open !== undefined || width < wideListFrom}
              open={open}
              onOpen={openRow}
            />
          )}
        </section>
      )}
      {pane}
    </div>
  );
};

const NothingFits = ({ place, total }: { readonly place: Place; readonly total: number }) => {
  const t = useWords();
  return (
    <div class="empty">
      <h2>{t.list.nothingFits}</h2>
      <p>{t.list.nothingFitsMore(total)}</p>
      <p>
        <a class="button" href={hrefOf('exchanges', place.open)}>
          {t.list.clearFilters}
        </a>
      </p>
    </div>
  );
};

/** The rows that pass the filters. Only rows that are new since the last time are looked at, unless the filters changed. */
const useFiltered = (rows: readonly ExchangeRow[], version: number, filterKey: string): readonly ExchangeRow[] => {
  const kept = useRef<{ key: string; upTo: number; first: number | undefined; passed: ExchangeRow[] }>({
    key: '',
    upTo: -1,
    first: undefined,
    passed: [],
  });
  return useMemo(() => {
    if (filterKey === '{}') return rows;
    const first = rows[0]?.number;
    const test = filterTest(JSON.parse(filterKey));
    const isSame = kept.current.key === filterKey && kept.current.first === first;
    const from = isSame ? kept.current.upTo : -1;
    const fresh = rows.filter((row) => row.number > from).filter(test);
    const passed = isSame ? kept.current.passed : [];
    passed.push(...fresh);
    kept.current = { key: filterKey, upTo: rows.at(-1)?.number ?? -1, first, passed };
    return passed;
  }, [rows, version, filterKey]);
};
