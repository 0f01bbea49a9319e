import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useGatewayUrl, useLint } from '../../api/admin.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { formatIdentity } from '../../components/format.ts';
import { Loading } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { useStoredValue } from '../../shell/browser-storage.ts';
import { hrefFor, navigate, type Route, useTitle } from '../../shell/route.ts';
import { onKeys } from '../../shell/shell.tsx';
import { type Row, useFeed } from '../../stream/feed.ts';
import { markedExchange } from '../exchange/compare.tsx';
import { ExchangePane } from '../exchange/exchange-pane.tsx';
import { ExchangeList } from './exchange-list.tsx';
import { hrefForFilters, ListBar } from './list-bar.tsx';
import {
  type Filters,
  filterNames,
  leaveList,
  readFilters,
  type TokenName,
  useFiltered,
  useSearch,
} from './list-rows.ts';
import { Stories } from './stories.tsx';
import { TrafficStrip } from './traffic-strip.tsx';

/** Minimum window width for the list next to an exchange. */
const minSideBySideWidth = 1000;
const minWideListWidth = 1140;

/** The list, and the open exchange next to it or, in a narrow window, instead of it. */
export const ExchangesView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const { feed, state } = useFeed();
  const width = useWidth();
  const filters = readFilters(place.query);
  const filterKey = JSON.stringify(filters);
  const search = useSearch(filters.text, state.rows.at(-1)?.number ?? 0);
  const lint = useLint();
  const rows = useFiltered(state, filterKey, { found: search.numbers, lint });
  const marked = useStoredValue(markedExchange);
  const { open } = place;
  const searchField = useRef<HTMLInputElement>(null);
  const isListShown = open === undefined || width >= minSideBySideWidth;
  const filterTitle = formatFilterTitle(filters);
  useTitle(open === undefined ? [filterTitle, t.views.exchanges] : undefined);
  useEffect(
    () =>
      onKeys({
        '/': () => searchField.current?.focus(),
        p: () => feed.setPaused(!feed.state.isPaused),
        Escape: () => {
          if (open !== undefined) navigate(hrefFor('exchanges', undefined, place.query));
        },
      }),
    [feed, open, place.query],
  );
  const openRow = (row: Row): void =>
    navigate(hrefFor('exchanges', row.id, place.query), open !== undefined);
  // j and k also work when the open exchange replaces the list.
  const neighbour = useRef((_step: number): void => {});
  neighbour.current = (step) => {
    const at = rows.findLastIndex(({ id }) => id === open);
    const row = at < 0 ? undefined : rows[at - step];
    if (row !== undefined) openRow(row);
  };
  useEffect(
    () =>
      isListShown
        ? undefined
        : onKeys({ j: () => neighbour.current(1), k: () => neighbour.current(-1) }),
    [isListShown],
  );
  const listKey = `${state.run} ${filterKey}`;
  useLayoutEffect(() => {
    if (!isListShown && open !== undefined) leaveList(listKey, open);
  }, [isListShown, listKey, open]);
  const openedRow = state.rows.findLast(({ id }) => id === open);
  // Reusing the element skips rendering: new rows do not re-render the open exchange.
  const pane = useMemo(
    () => (open === undefined ? null : <ExchangePane id={open} place={place} row={openedRow} />),
    [open, place, openedRow],
  );
  const isNarrow = open !== undefined || width < minWideListWidth;
  const isStories = place.query.get('as') === 'stories' && open === undefined;
  const applyFilters = (changes: Filters): void =>
    navigate(hrefForFilters(place, { ...filters, ...changes }));
  const filter = (name: TokenName, value: string): void => applyFilters({ [name]: value });
  const mark = (row: Row): void => {
    if (marked === null || marked.id === row.id)
      markedExchange.choose(marked === null ? { id: row.id, name: nameRow(row) } : null);
    else {
      navigate(hrefFor('compare', `${marked.id}..${row.id}`));
      markedExchange.choose(null);
    }
  };
  return (
    <div class={`exchanges${isListShown && open !== undefined ? ' side-by-side' : ''}`}>
      {isListShown && (
        <section class="list-side" aria-label={t.views.exchanges}>
          <h1 class="hidden">{t.views.exchanges}</h1>
          <ListBar
            filters={filters}
            place={place}
            shown={rows}
            searchRef={searchField}
            isNarrow={isNarrow}
          />
          {open === undefined && rows.length > 0 && (
            <TrafficStrip
              rows={rows}
              version={state.version}
              onRange={(from, to) => applyFilters({ from: String(from), to: String(to) })}
              onCode={(code) => filter('code', code)}
            />
          )}
          {marked !== null && <MarkedNotice name={marked.name} />}
          {!state.isRead && state.status !== 'denied' ? (
            <Loading />
          ) : state.rows.length === 0 ? (
            <FirstSteps />
          ) : rows.length === 0 ? (
            search.isSearching ? (
              <Loading />
            ) : (
              <NoMatch place={place} total={state.rows.length} />
            )
          ) : isStories ? (
            <Stories rows={rows} version={state.version} place={place} lint={lint} />
          ) : (
            <ExchangeList
              rows={rows}
              version={state.version}
              listKey={listKey}
              isCompact={isNarrow}
              open={open}
              lint={lint}
              marked={marked === null ? noneMarked : [marked.id]}
              onOpen={openRow}
              onFilter={filter}
              onMark={mark}
            />
          )}
        </section>
      )}
      {pane}
    </div>
  );
};

const noneMarked: readonly string[] = [];

/** Filters in the title of the tab: their values alone say enough. */
const formatFilterTitle = ({ from: _from, to: _to, ...filters }: Filters): string =>
  filterNames.flatMap((name) => filters[name as keyof typeof filters] ?? []).join(' ');

const nameRow = ({ number, code, identity, operation }: Row): string =>
  `${number} ${code} ${identity === undefined ? '' : formatIdentity(identity, operation)}`.trim();

/** Says that an exchange waits for another one. */
const MarkedNotice = ({ name }: { readonly name: string }) => {
  const t = useMessages();
  return (
    <p class="marked-notice" role="status">
      <span>
        {t.compare.marked}: <span class="mono">{name}</span>. {t.compare.markedMore}
      </span>
      <button type="button" class="button small" onClick={() => markedExchange.choose(null)}>
        {t.compare.unmark}
      </button>
    </p>
  );
};

const NoMatch = ({ place, total }: { readonly place: Route; readonly total: number }) => {
  const t = useMessages();
  return (
    <div class="empty">
      <h2>{t.list.noMatch}</h2>
      <p>{t.list.noMatchMore(total)}</p>
      <p>
        <a class="button" href={hrefFor('exchanges', place.open)}>
          {t.list.clearFilters}
        </a>
      </p>
    </div>
  );
};

/** Current width of the window. */
export const useWidth = (): number => {
  const [width, setWidth] = useState(innerWidth);
  useEffect(() => {
    const update = (): void => setWidth(innerWidth);
    addEventListener('resize', update);
    return () => removeEventListener('resize', update);
  }, []);
  return width;
};

/** A request that works in any shell without a key, and is refused. */
const invalidSignatureCommand = (origin: string): string =>
  [
    `curl -i ${origin}/api/open/alipay/v1/merchant/order/sync \\`,
    `  -H 'Client-Id: 4Q5Y8W0WSG45P907917' \\`,
    `  -H "Request-Time: $(date +%Y-%m-%dT%H:%M:%S+08:00)" \\`,
    `  -H 'Content-Type: application/json; charset=UTF-8' \\`,
    `  -H 'Signature: algorithm=RSA256,keyVersion=1,signature=bm90IHlldA%3D%3D' \\`,
    `  -d '{"merchantBizNo":"A-1"}'`,
  ].join('\n');

/** Shown instead of an empty list: ways to send the first request. */
export const FirstSteps = () => {
  const t = useMessages();
  const url = useGatewayUrl();
  return (
    <div class="empty first-steps">
      <h2>{t.firstSteps.title}</h2>
      <p>{t.firstSteps.lead}</p>
      <ol>
        <li>
          <h3>{t.firstSteps.send}</h3>
          <CodeBlock
            code={`npx alipayhk-mock send order-sync --url ${url}`}
            label={t.firstSteps.send}
          />
          <p class="quiet">
            {t.firstSteps.sendMore} <a href={hrefFor('send')}>{t.firstSteps.orHere}</a>
          </p>
        </li>
        <li>
          <h3>{t.firstSteps.curl}</h3>
          <CodeBlock code={invalidSignatureCommand(url)} label={t.firstSteps.curl} />
        </li>
        <li>
          <h3>{t.firstSteps.backend}</h3>
          <dl class="facts">
            <dt>{t.firstSteps.baseUrl}</dt>
            <dd class="mono">{url}</dd>
            <dt>Client-Id</dt>
            <dd class="mono">4Q5Y8W0WSG45P907917</dd>
            <dt>{t.firstSteps.platformKey}</dt>
            <dd>
              <a href={hrefFor('keys')}>{t.views.keys}</a>
            </dd>
          </dl>
        </li>
      </ol>
    </div>
  );
};
