import type { RefObject } from 'preact';
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { Har } from '../../../server/admin/types.gen.ts';
import { callAdmin, fetchJson, fetchText, useAction } from '../../api/admin.ts';
import { CopyButton, saveFile } from '../../components/code-block.tsx';
import { traits } from '../../components/exchange-status.tsx';
import { formatTime, readIdentity } from '../../components/format.ts';
import { ConfirmDialog, ErrorNotice, Menu } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { createStoredValue, useStoredValue } from '../../shell/browser-storage.ts';
import { hrefFor, navigate, type Route } from '../../shell/route.ts';
import { maxRows, type Row, useFeed } from '../../stream/feed.ts';
import {
  type FilterName,
  type Filters,
  filterNames,
  formatSearch,
  formatToken,
  parseSearch,
  readOperation,
  savedViews,
  type TokenName,
  tokenNames,
} from './list-rows.ts';

export interface ListBarProps {
  readonly filters: Filters;
  readonly place: Route;
  readonly shown: readonly Row[];
  readonly searchRef: RefObject<HTMLInputElement>;
  readonly isNarrow: boolean;
}

/** Parameters of the address that are no filters, and are kept when filters change. */
const otherParameters = ['as', 'group'] as const;

/** The address of a list with these filters. */
export const hrefForFilters = (place: Route, filters: Filters): string => {
  const query = new URLSearchParams();
  for (const name of filterNames) {
    const value = filters[name];
    if (value !== undefined && value !== '') query.set(name, value);
  }
  for (const name of otherParameters) {
    const value = place.query.get(name);
    if (value !== null) query.set(name, value);
  }
  return hrefFor('exchanges', place.open, query);
};

/** Search, saved views, pause, housekeeping, and the number of exchanges. */
export const ListBar = ({ filters, place, shown, searchRef, isNarrow }: ListBarProps) => {
  const t = useMessages();
  const { feed, state } = useFeed();
  return (
    <div class={`list-bar${isNarrow ? ' narrow' : ''}`}>
      <div class="list-bar-main">
        <SearchBox
          filters={filters}
          rows={state.rows}
          inputRef={searchRef}
          onChange={(next) => {
            const { from, to } = filters;
            const range = { ...(from && { from }), ...(to && { to }) };
            navigate(hrefForFilters(place, { ...next, ...range }), true);
          }}
        />
        <button
          type="button"
          class="button"
          aria-pressed={state.isPaused}
          onClick={() => feed.setPaused(!state.isPaused)}
        >
          {state.isPaused ? t.list.resume : t.list.pause}
          {state.waiting > 0 && <span class="count">{t.list.waiting(state.waiting)}</span>}
        </button>
        <Housekeeping filters={filters} shown={shown} />
      </div>
      <div class="list-bar-views">
        <SavedViews filters={filters} place={place} />
        <FormSwitch place={place} />
      </div>
      <p class="list-count" role="status">
        {shown.length !== state.rows.length
          ? t.list.shownCount(shown.length, state.rows.length)
          : shown.length === maxRows && state.counts.held > shown.length
            ? t.list.newestCount(shown.length, state.counts.held)
            : t.list.count(shown.length)}
        {state.counts.evicted > 0 && (
          <span class="evicted">
            {' '}
            · {t.list.evictedCount(state.counts.evicted, state.counts.held)}
          </span>
        )}
        {filters.from !== undefined && filters.to !== undefined && (
          <>
            {' · '}
            <a
              href={hrefForFilters(place, { ...filters, from: '', to: '' })}
              title={t.list.removeRange}
            >
              {t.list.timeRange(
                formatTime(Number(filters.from)).slice(0, 8),
                formatTime(Number(filters.to)).slice(0, 8),
              )}{' '}
              <span aria-hidden="true">✕</span>
              <span class="hidden">{t.list.removeRange}</span>
            </a>
          </>
        )}
        {filterNames.some((name) => filters[name] !== undefined) && (
          <>
            {' · '}
            <a href={hrefForFilters(place, {})}>{t.list.clearFilters}</a>
          </>
        )}
      </p>
    </div>
  );
};

/** Switches between rows and stories. */
const FormSwitch = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const isStories = place.query.get('as') === 'stories';
  const go = (form: string): void => {
    const query = new URLSearchParams(place.query);
    if (form === '') for (const name of otherParameters) query.delete(name);
    else query.set('as', form);
    navigate(hrefFor('exchanges', place.open, query));
  };
  return (
    <fieldset class="segments text">
      <legend class="hidden">{t.list.form}</legend>
      <button type="button" aria-pressed={!isStories} onClick={() => go('')}>
        {t.list.rows}
      </button>
      <button type="button" aria-pressed={isStories} onClick={() => go('stories')}>
        {t.list.stories}
      </button>
    </fieldset>
  );
};

/** Texts of the search box that this browser remembers. */
const ownViews = createStoredValue<readonly string[]>('views', []);

const SavedViews = ({ filters, place }: { readonly filters: Filters; readonly place: Route }) => {
  const t = useMessages();
  const own = useStoredValue(ownViews);
  const search = formatSearch(filters);
  const shipped = (Object.keys(savedViews) as (keyof typeof savedViews)[]).map((name) => ({
    label: t.savedViews[name],
    filters: savedViews[name] as Filters,
  }));
  const known = [
    { label: t.savedViews.all, filters: {} as Filters },
    ...shipped,
    ...own.map((text) => ({ label: text, filters: parseSearch(text), own: text })),
  ];
  const isKnown = known.some((view) => formatSearch(view.filters) === search);
  return (
    <nav class="saved-views" aria-label={t.savedViews.title}>
      {known.map((view) => (
        <span key={view.label} class="saved-view">
          <a
            href={hrefForFilters(place, view.filters)}
            aria-current={formatSearch(view.filters) === search ? 'true' : undefined}
          >
            {view.label}
          </a>
          {'own' in view && (
            <button
              type="button"
              class="remove"
              aria-label={t.savedViews.remove(view.label)}
              title={t.savedViews.remove(view.label)}
              onClick={() => ownViews.choose(own.filter((text) => text !== view.own))}
            >
              ✕
            </button>
          )}
        </span>
      ))}
      {!isKnown && (
        <button
          type="button"
          class="link small"
          onClick={() => ownViews.choose([...own, search].slice(-8))}
        >
          {t.savedViews.save}
        </button>
      )}
    </nav>
  );
};

interface Suggestion {
  /** Replaces the last word of the search. */
  readonly word: string;
  readonly label: string;
  readonly hint: string;
}

const maxSuggestions = 9;

/** Values of a token that occur in the list, most frequent first. */
const valuesOfToken = (
  rows: readonly Row[],
  name: TokenName,
): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const value of tokenValues[name](row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
};

const present = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : [value];

const tokenValues: Readonly<Record<TokenName, (row: Row) => readonly string[]>> = {
  code: ({ code }) => [code],
  status: ({ status }) => [status],
  operation: (row) => present(readOperation(row)),
  order: ({ identity }) =>
    identity === undefined
      ? []
      : readIdentity(identity).flatMap((value) => (typeof value === 'string' ? [value] : [])),
  client: ({ clientId }) => present(clientId),
  request: ({ requestId }) => present(requestId),
  finding: ({ findings }) => findings,
  scenario: ({ rule }) => present(rule?.replace(/, rule \d+$/, '')),
  tag: ({ tags }) => tags.map((tag) => tag.replace(/[:@].*/, '')),
  step: ({ step }) => [step],
  is: () => traits,
};

const splitLastWord = (text: string): readonly [before: string, word: string] => {
  const at = /(?:[a-z]+:)?(?:"[^"]*|\S*)$/.exec(text)?.index ?? text.length;
  return [text.slice(0, at), text.slice(at)];
};

interface SearchBoxProps {
  readonly filters: Filters;
  readonly rows: readonly Row[];
  readonly inputRef: RefObject<HTMLInputElement>;
  onChange(filters: Filters): void;
}

/** One box for free text and tokens; it suggests tokens and the values that occur. */
const SearchBox = ({ filters, rows, inputRef, onChange }: SearchBoxProps) => {
  const t = useMessages();
  const id = useId();
  const { from: _from, to: _to, ...searched } = filters;
  const fromAddress = formatSearch(searched);
  const [text, setText] = useState(fromAddress);
  const [isOpen, setOpen] = useState(false);
  const [chosen, choose] = useState(-1);
  // The address may be changed from elsewhere; what is typed is kept as long as it says the same.
  useEffect(() => {
    if (formatSearch(parseSearch(text)) !== fromAddress) setText(fromAddress);
  }, [fromAddress]);
  const edit = (next: string): void => {
    setText(next);
    choose(-1);
    setOpen(true);
    onChange(parseSearch(next));
  };
  const [before, word] = splitLastWord(text);
  const suggestions = useMemo(
    () => (isOpen ? suggestWords(word, rows, t.tokenMeanings) : []),
    [isOpen, word, rows, t],
  );
  const accept = ({ word: next }: Suggestion): void => {
    edit(before + next + (next.endsWith(':') ? '' : ' '));
    setOpen(next.endsWith(':'));
    inputRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const count = suggestions.length;
    if (event.key === 'ArrowDown' && !isOpen) setOpen(true);
    else if (event.key === 'ArrowDown' && count > 0) choose((chosen + 1) % count);
    else if (event.key === 'ArrowUp' && count > 0) choose((chosen + count - 1) % count);
    else if (event.key === 'Enter') {
      const suggestion = suggestions[chosen];
      if (suggestion !== undefined) accept(suggestion);
      else setOpen(false);
    } else if (event.key === 'Escape' && isOpen && count > 0) setOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <div class="search-box">
      <input
        ref={inputRef}
        type="search"
        class="field search"
        placeholder={t.list.search}
        aria-label={t.list.search}
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen < 0 ? undefined : `${id}-${chosen}`}
        autocomplete="off"
        spellcheck={false}
        maxLength={400}
        value={text}
        onInput={({ currentTarget }) => edit(currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <div class="suggestions" role="listbox" id={`${id}-list`} aria-label={t.list.suggestions}>
        {suggestions.map((suggestion, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search box
          <div
            key={suggestion.word}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            // The box keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => accept(suggestion)}
          >
            <span class="mono">{suggestion.label}</span>
            <span class="quiet">{suggestion.hint}</span>
          </div>
        ))}
      </div>
    </div>
  );
};

const suggestWords = (
  word: string,
  rows: readonly Row[],
  meanings: Readonly<Record<string, string>>,
): readonly Suggestion[] => {
  const [name = '', typed] = word.split(':', 2);
  const token = tokenNames.find((one) => one === name);
  if (typed !== undefined && token !== undefined) {
    const wanted = typed.replaceAll('"', '').toLowerCase();
    return valuesOfToken(rows, token)
      .filter(([value]) => value.toLowerCase().includes(wanted) && value.toLowerCase() !== wanted)
      .slice(0, maxSuggestions)
      .map(([value, count]) => ({
        word: formatToken(token, value),
        label: value,
        hint: token === 'is' ? '' : String(count),
      }));
  }
  return tokenNames
    .filter((one) => one.startsWith(word.toLowerCase()))
    .map((one) => ({ word: `${one}:`, label: `${one}:`, hint: meanings[one] ?? '' }));
};

/** The query of the admin API for filters of the page, as far as it has them. */
const toJournalQuery = ({ text, from, to, order, ...filters }: Filters): URLSearchParams => {
  const query = new URLSearchParams();
  const names: Partial<Record<FilterName, string>> = { client: 'clientId' };
  for (const name of ['client', 'operation', 'code', 'step', 'finding', 'tag'] as const)
    for (const value of filters[name]?.split(',') ?? []) query.append(names[name] ?? name, value);
  for (const status of filters.status ?? '') query.append('status', status);
  for (const [name, value] of Object.entries({ search: text, from, to, identity: order }))
    if (value !== undefined) query.set(name, value);
  return query;
};

/** An address holds about this many numbers; for more the filters name the exchanges. */
const maxNamedExchanges = 1000;

/** Clears the journal, and saves what is shown. */
const Housekeeping = ({ filters, shown }: Pick<ListBarProps, 'filters' | 'shown'>) => {
  const t = useMessages();
  const { run, error, clear } = useAction();
  const [asksToClear, setAsksToClear] = useState(false);
  const downloadHar = (): void =>
    run(async () => {
      const har = await fetchJson<Har>(`/journal/har?${toJournalQuery(filters)}`);
      // The simulator does not know all filters of the page.
      const numbers = new Set(shown.map(({ number }) => number));
      const entries = har.log.entries.filter((one) => numbers.has(one._arrival?.order ?? 0));
      const content = { log: { ...har.log, entries } };
      saveFile('journal.har', 'application/json', JSON.stringify(content, null, 2));
    });
  const downloadCapsule = (): void =>
    run(async () => {
      const named = shown.slice(-maxNamedExchanges);
      const query =
        shown.length > named.length
          ? toJournalQuery(filters)
          : new URLSearchParams(named.map(({ number }) => ['id', String(number)]));
      const capsule = await fetchText(`/capsule?${query}`);
      saveFile('exchanges.capsule.json', 'application/json', capsule);
    });
  return (
    <>
      <Menu label={t.housekeeping.menu}>
        <CopyButton class="menu-item stays" text={() => Promise.resolve(location.href)}>
          {t.housekeeping.copyLink}
        </CopyButton>
        <button type="button" class="menu-item" onClick={downloadHar}>
          {t.housekeeping.har}
        </button>
        <button type="button" class="menu-item" onClick={downloadCapsule}>
          {t.housekeeping.capsule}
        </button>
        <button type="button" class="menu-item danger" onClick={() => setAsksToClear(true)}>
          {t.housekeeping.clear}
        </button>
      </Menu>
      {error !== undefined && (
        <div class="floating-notice">
          <ErrorNotice error={error} onRetry={clear} />
        </div>
      )}
      {asksToClear && (
        <ConfirmDialog
          title={t.housekeeping.clearTitle}
          action={t.housekeeping.clear}
          onConfirm={() => run(() => callAdmin('/journal', { method: 'DELETE' }))}
          onClose={() => setAsksToClear(false)}
        >
          {t.housekeeping.clearMore}
        </ConfirmDialog>
      )}
    </>
  );
};
