import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { onKeys } from '../../shell/shortcuts.tsx';
import { type ListPosition, listMemory, rowsInSight, topOfList } from './list-position.ts';

import { ListRow, listColumns } from './list-row.tsx';

export interface ExchangeListProps {
  /** Oldest first; drawn newest first. */
  readonly rows: readonly ExchangeSummary[];
  /** Rises with every change of the rows. */
  readonly version: number;
  /** Names the list: what is another one begins at its top. */
  readonly listKey: string;
  readonly isCompact: boolean;
  readonly open: string | undefined;
  onOpen(row: ExchangeSummary): void;
}

const rowHeights = { wide: 36, compact: 60 } as const;
const pageOfRows = 10;

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  j: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  k: (at) => at - 1,
  PageDown: (at) => at + pageOfRows,
  PageUp: (at) => at - pageOfRows,
  Home: () => 0,
  End: (_at, last) => last,
};

/**
 * The list, of which only the rows in sight exist. What someone has scrolled to stays where it is
 * when new rows come.
 */
export const ExchangeList = ({
  rows,
  version,
  listKey,
  isCompact,
  open,
  onOpen,
}: ExchangeListProps) => {
  const t = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [focused, setFocused] = useState<string | undefined>();
  const wantsFocus = useRef<string | undefined>(undefined);
  const rowHeight = rowHeights[isCompact ? 'compact' : 'wide'];
  const count = rows.length;
  const newest = rows.at(-1)?.number;
  const anchor = useRef({ newest, count });

  const measure = (element: HTMLElement): void => {
    listMemory.position = positionOf(rows, element.scrollTop, rowHeight);
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  const show = (element: HTMLElement, index: number): void => {
    scrollTo(element, index * rowHeight, rowHeight);
    measure(element);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const added = rows.length - indexAfter(rows, anchor.current.newest);
    if (element.scrollTop > rowHeight / 2 && added > 0 && anchor.current.newest !== undefined)
      element.scrollTop += added * rowHeight;
    anchor.current = { newest, count };
  }, [version, rows]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() =>
      setView({ top: element.scrollTop, height: element.clientHeight }),
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  // Another list begins at its top; the same one is where it was, also after an exchange or another
  // view took its room.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const isSame = listMemory.key === listKey;
    const closed = isSame && open === undefined ? listMemory.open : undefined;
    if (isSame && open !== undefined && listMemory.open === undefined)
      listMemory.beforeOpen = listMemory.position;
    const position = !isSame
      ? topOfList
      : closed === undefined
        ? listMemory.position
        : listMemory.beforeOpen;
    Object.assign(listMemory, { key: listKey, open, position });
    element.scrollTop = offsetOf(rows, position, rowHeight);
    const index = placeOf(rows, open ?? closed);
    if (index !== undefined) scrollTo(element, index * rowHeight, rowHeight);
    measure(element);
    if (closed !== undefined && isFocusLost()) {
      wantsFocus.current = index === undefined ? rows.at(-1)?.id : closed;
      setFocused(wantsFocus.current);
    }
  }, [open, rowHeight, listKey]);

  // A row gets the focus once it is drawn.
  useLayoutEffect(() => {
    if (wantsFocus.current === undefined) return;
    const row = box.current?.querySelector<HTMLElement>(
      `[data-id="${CSS.escape(wantsFocus.current)}"]`,
    );
    if (row === null || row === undefined) return;
    wantsFocus.current = undefined;
    row.focus({ preventScroll: true });
  });

  const at = useMemo(() => placeOf(rows, focused ?? open), [rows, version, focused, open]);
  const go = (to: number): void => {
    const index = Math.max(0, Math.min(count - 1, to));
    const row = rows[count - 1 - index];
    const element = box.current;
    if (row === undefined || element === null) return;
    show(element, index);
    setFocused(row.id);
    wantsFocus.current = row.id;
    if (open !== undefined) onOpen(row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(step(at ?? -1, count - 1));
  };
  // The letters lead into the list from anywhere in the view.
  const move = useRef({ down: () => {}, up: () => {} });
  move.current = { down: () => go((at ?? -1) + 1), up: () => go((at ?? 0) - 1) };
  useEffect(() => onKeys({ j: () => move.current.down(), k: () => move.current.up() }), []);

  const { first, end } = rowsInSight(view.top, view.height, rowHeight, count);
  const tabStop = at !== undefined && at >= first && at < end ? at : first;
  return (
    <div
      class={`exchange-list ${isCompact ? 'compact' : 'wide'}`}
      role="grid"
      aria-label={t.views.exchanges}
      aria-rowcount={count + 1}
      onKeyDown={onKeyDown}
    >
      <div class="list-head" role="row" aria-rowindex={1}>
        {listColumns.map((column) => (
          <span key={column} role="columnheader" class={`cell-${column}`}>
            {t.columns[column]}
          </span>
        ))}
      </div>
      <div
        class="list-box"
        role="rowgroup"
        ref={box}
        tabIndex={-1}
        onScroll={({ currentTarget }) => measure(currentTarget)}
      >
        <div class="list-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
          {Array.from({ length: end - first }, (_, offset) => {
            const index = first + offset;
            const row = rows[count - 1 - index];
            return row === undefined ? null : (
              <ListRow
                key={row.number}
                row={row}
                index={index}
                top={index * rowHeight}
                height={rowHeight}
                isOpen={row.id === open}
                isTabStop={index === tabStop}
                onOpen={() => {
                  setFocused(row.id);
                  onOpen(row);
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
};

const placeOf = (rows: readonly ExchangeSummary[], id: string | undefined): number | undefined => {
  if (id === undefined) return undefined;
  const at = rows.findLastIndex((row) => row.id === id);
  return at < 0 ? undefined : rows.length - 1 - at;
};

/** How many of the rows were there when this number was the newest. */
const indexAfter = (rows: readonly ExchangeSummary[], number: number | undefined): number =>
  number === undefined ? rows.length : rows.findLastIndex((row) => row.number <= number) + 1;

const positionOf = (
  rows: readonly ExchangeSummary[],
  scrollTop: number,
  rowHeight: number,
): ListPosition => {
  const index = Math.floor(scrollTop / rowHeight);
  const topRow = scrollTop <= rowHeight / 2 ? undefined : rows[rows.length - 1 - index]?.number;
  return topRow === undefined ? topOfList : { topRow, offset: scrollTop / rowHeight - index };
};

const offsetOf = (
  rows: readonly ExchangeSummary[],
  { topRow, offset }: ListPosition,
  rowHeight: number,
): number =>
  topRow === undefined ? 0 : (rows.length - indexAfter(rows, topRow) + offset) * rowHeight;

const scrollTo = (element: HTMLElement, top: number, rowHeight: number): void => {
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight)
    element.scrollTop = top + rowHeight - element.clientHeight;
};

/** Whether what had the focus is no longer there. */
const isFocusLost = (): boolean =>
  document.activeElement === null || document.activeElement === document.body;
