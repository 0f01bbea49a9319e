import { useMemo, useRef } from 'preact/hooks';
import type { ExchangeRow } from '../api/journal.ts';
import type { FeedState } from '../live/feed.ts';
import { filterTest } from '../live/filters.ts';

interface Kept {
  readonly key: unknown;
  readonly epoch: number;
  readonly found: ReadonlySet<number>;
  readonly upTo: number;
  readonly passed: ExchangeRow[];
}

/**
 * The rows that pass the filters. Only rows that are new since the last time are looked at, unless
 * something else changed.
 */
export const useFiltered = (
  { rows, version, epoch }: FeedState,
  filterKey: string,
  found: ReadonlySet<number>,
): readonly ExchangeRow[] => {
  const kept = useRef<Kept | undefined>(undefined);
  return useMemo(() => {
    if (filterKey === '{}') return rows;
    const last = kept.current;
    const isSame =
      last !== undefined && last.key === filterKey && last.epoch === epoch && last.found === found;
    const from = isSame ? last.upTo : -1;
    const passed = isSame ? last.passed : [];
    passed.push(
      ...rows.filter((row) => row.number > from).filter(filterTest(JSON.parse(filterKey), found)),
    );
    kept.current = { key: filterKey, epoch, found, upTo: rows.at(-1)?.number ?? -1, passed };
    return passed;
  }, [rows, version, epoch, filterKey, found]);
};
