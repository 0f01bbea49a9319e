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
