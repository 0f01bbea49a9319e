import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';

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

const overscan = 8;

/** The rows in view, and a few more on both sides, so that scrolling shows no gaps. */
export const computeVisibleRows = (
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): RowWindow => {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + overscan);
  return { first: Math.min(first, end), end };
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
export const countUpTo = (rows: readonly ExchangeSummary[], number: number | undefined): number =>
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
