import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { mostRows } from '../live/feed.ts';
import { type FilterName, type Filters, filterNames } from '../live/filters.ts';
import { goTo, hrefOf, type Place } from '../routing/place.ts';
import { useFeed } from '../shell/feed-context.ts';
import { useWords } from '../words/use-words.ts';
import { FilterFields } from './filter-fields.tsx';

export interface ListBarProps {
  readonly filters: Filters;
  readonly place: Place;
  readonly shown: number;
  readonly searchRef: RefObject<HTMLInputElement>;
  readonly isNarrow: boolean;
}

/**
 * Search, filters, pause, and how much of the journal one sees. Every change goes into the address.
 */
export const ListBar = ({ filters, place, shown, searchRef, isNarrow }: ListBarProps) => {
  const t = useWords();
  const { feed, state } = useFeed();
  const [isUnfolded, setUnfolded] = useState(false);
  const set = (name: FilterName, value: string): void => {
    const query = new URLSearchParams(place.query);
    if (value === '') query.delete(name);
    else query.set(name, value);
    goTo(hrefOf('exchanges', place.open, query), true);
  };
  const count = filterNames.filter((name) => name !== 'text' && filters[name] !== undefined).length;
  const fields = (
    <FilterFields filters={filters} rows={state.rows} version={state.version} onSet={set} />
  );
  return (
    <div class={`list-bar${isNarrow ? ' narrow' : ''}`}>
      <div class="list-bar-main">
        <input
          ref={searchRef}
          type="search"
          class="field search"
          placeholder={t.list.search}
          aria-label={t.list.search}
          maxLength={200}
          value={filters.text ?? ''}
          onInput={({ currentTarget }) => set('text', currentTarget.value)}
        />
        {isNarrow ? (
          <button
            type="button"
            class="button"
            aria-expanded={isUnfolded}
            onClick={() => setUnfolded(!isUnfolded)}
          >
            {t.list.filters}
            {count > 0 && <span class="count">{count}</span>}
          </button>
        ) : (
          fields
        )}
        <button
          type="button"
          class="button"
          aria-pressed={state.isPaused}
          onClick={() => feed.pause(!state.isPaused)}
        >
          {state.isPaused ? t.list.resume : t.list.pause}
          {state.waiting > 0 && <span class="count">{t.list.waiting(state.waiting)}</span>}
        </button>
      </div>
      {isNarrow && isUnfolded && <div class="list-bar-fields">{fields}</div>}
      <p class="list-count" role="status">
        {shown !== state.rows.length
          ? t.list.countOf(shown, state.rows.length)
          : shown === mostRows && state.counts.held > shown
            ? t.list.newestOf(shown, state.counts.held)
            : t.list.count(shown)}
        {state.counts.evicted > 0 && (
          <span class="evicted"> · {t.list.evicted(state.counts.evicted, state.counts.held)}</span>
        )}
        {filterNames.some((name) => filters[name] !== undefined) && (
          <>
            {' · '}
            <a href={hrefOf('exchanges', place.open)}>{t.list.clearFilters}</a>
          </>
        )}
      </p>
    </div>
  );
};
