import type { RefObject } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, navigate, type Route } from '../../shell/route.ts';
import { maxRows, useFeed } from '../../stream/feed.ts';
import { type FilterName, type Filters, filterNames } from './filters.ts';

export interface ListBarProps {
  readonly filters: Filters;
  readonly place: Route;
  readonly shown: number;
  readonly searchRef: RefObject<HTMLInputElement>;
  readonly isNarrow: boolean;
}

/** Search, filters, pause, and the number of exchanges. The address holds all filters. */
export const ListBar = ({ filters, place, shown, searchRef, isNarrow }: ListBarProps) => {
  const t = useMessages();
  const { feed, state } = useFeed();
  const [isUnfolded, setUnfolded] = useState(false);
  const set = (name: FilterName, value: string): void => {
    const query = new URLSearchParams(place.query);
    if (value === '') query.delete(name);
    else query.set(name, value);
    navigate(hrefFor('exchanges', place.open, query), true);
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
          onClick={() => feed.setPaused(!state.isPaused)}
        >
          {state.isPaused ? t.list.resume : t.list.pause}
          {state.waiting > 0 && <span class="count">{t.list.waiting(state.waiting)}</span>}
        </button>
      </div>
      {isNarrow && isUnfolded && <div class="list-bar-fields">{fields}</div>}
      <p class="list-count" role="status">
        {shown !== state.rows.length
          ? t.list.shownCount(shown, state.rows.length)
          : shown === maxRows && state.counts.held > shown
            ? t.list.newestCount(shown, state.counts.held)
            : t.list.count(shown)}
        {state.counts.evicted > 0 && (
          <span class="evicted">
            {' '}
            · {t.list.evictedCount(state.counts.evicted, state.counts.held)}
          </span>
        )}
        {filterNames.some((name) => filters[name] !== undefined) && (
          <>
            {' · '}
            <a href={hrefFor('exchanges', place.open)}>{t.list.clearFilters}</a>
          </>
        )}
      </p>
    </div>
  );
};

export interface FilterFieldsProps {
  readonly filters: Filters;
  readonly rows: readonly ExchangeSummary[];
  readonly version: number;
  onSet(name: FilterName, value: string): void;
}

const columnValues = {
  status: ({ status }) => status,
  operation: ({ operation }) => operation,
  code: ({ code }) => code,
  client: ({ clientId }) => clientId,
  step: ({ step }) => step,
  finding: ({ findings }) => findings[0],
} as const satisfies Partial<Record<FilterName, (row: ExchangeSummary) => string | undefined>>;
type ChoiceName = keyof typeof columnValues;
const choiceNames = Object.keys(columnValues) as ChoiceName[];

/** The options are recomputed once for this many changes of the rows. */
const versionsPerLook = 20;

/** A filter for each column, with the values that occur in the list. */
export const FilterFields = ({ filters, rows, version, onSet }: FilterFieldsProps) => {
  const t = useMessages();
  const look = rows.length < 200 ? version : Math.floor(version / versionsPerLook);
  const values = useMemo(
    () =>
      Object.fromEntries(
        choiceNames.map((name) => [
          name,
          [...new Set(rows.map(columnValues[name]))].filter((value) => value !== undefined).sort(),
        ]),
      ),
    [rows, look],
  );
  const formatChoice = (name: ChoiceName, value: string): string =>
    name === 'status'
      ? `${value} – ${t.statusName[value as 'S'] ?? value}`
      : name === 'step'
        ? (t.steps[value]?.name ?? value)
        : value;
  return (
    <>
      {choiceNames.map((name) => {
        const chosen = filters[name] ?? '';
        const offered = [
          ...new Set([
            ...(values[name] ?? []),
            ...(chosen === '' || chosen === 'any' ? [] : [chosen]),
          ]),
        ];
        return (
          <select
            key={name}
            class={`field${chosen === '' ? '' : ' set'}`}
            aria-label={t.filterNames[name]}
            value={chosen}
            onChange={({ currentTarget }) => onSet(name, currentTarget.value)}
          >
            <option value="">{t.filterNames[name]}</option>
            {name === 'finding' && <option value="any">{t.list.anyFinding}</option>}
            {offered.map((value) => (
              <option key={value} value={value}>
                {formatChoice(name, value)}
              </option>
            ))}
          </select>
        );
      })}
    </>
  );
};
