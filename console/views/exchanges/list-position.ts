/** Where someone was in the list: kept while an exchange or another view is open. */
export interface ListPosition {
  /** Number of the row at the top; undefined at the very top, which follows new rows. */
  readonly topRow: number | undefined;
  /** How much of that row is scrolled away, as a part of its height. */
  readonly offset: number;
}

export interface ListMemory {
  /** A position is one within a filtered list of one run. */
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

/** An exchange took the list's room. */
export const leaveList = (key: string, open: string): void => {
  if (listMemory.key !== key)
    Object.assign(listMemory, { key, position: topOfList, beforeOpen: topOfList });
  else if (listMemory.open === undefined) listMemory.beforeOpen = listMemory.position;
  listMemory.open = open;
};

/** Which rows of a long list are drawn, and where. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

const drawnBeyond = 8;

/** The rows in sight, and a few beyond so that scrolling finds them drawn. */
export const rowsInSight = (
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): RowWindow => {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - drawnBeyond);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + drawnBeyond);
  return { first: Math.min(first, end), end };
};
