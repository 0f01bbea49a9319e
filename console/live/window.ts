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
