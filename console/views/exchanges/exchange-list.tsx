import { Component, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { nameTrait, StatusBadge, Tags, TraitIcon } from '../../components/exchange-status.tsx';
import {
  formatDuration,
  formatIdentity,
  formatTime,
  labelIdentity,
} from '../../components/format.ts';
import { Reason, useMessages } from '../../i18n/messages.tsx';
import { onKeys } from '../../shell/shell.tsx';
import type { Row } from '../../stream/feed.ts';
import {
  computeVisibleRows,
  countUpTo,
  findRowIndex,
  formatToken,
  type LintByExchange,
  type ListView,
  listMemory,
  listTraits,
  readOperation,
  readPosition,
  scrollTopAt,
  showsSameRows,
  type TokenName,
  topOfList,
} from './list-rows.ts';

export interface ExchangeListProps {
  /** Oldest first; rendered newest first. */
  readonly rows: readonly Row[];
  /** Increases with every change of the rows. */
  readonly version: number;
  /** Identifies the list. A list with another key starts at its top. */
  readonly listKey: string;
  readonly isCompact: boolean;
  readonly open: string | undefined;
  readonly lint: LintByExchange;
  /** Ids of the exchanges that are marked for a comparison. */
  readonly marked: readonly string[];
  onOpen(row: Row): void;
  onFilter(name: TokenName, value: string): void;
  onMark(row: Row): void;
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
 * The list of exchanges. Only the rows in view are rendered. A scrolled list keeps its position
 * when new rows arrive.
 */
export const ExchangeList = ({
  rows,
  version,
  listKey,
  isCompact,
  open,
  lint,
  marked,
  onOpen,
  onFilter,
  onMark,
}: ExchangeListProps) => {
  const t = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<ListView>({ top: 0, height: 600, newest: undefined });
  const [focused, setFocused] = useState<string | undefined>();
  const wantsFocus = useRef<string | undefined>(undefined);
  const seenHeight = useRef(0);
  const rowHeight = rowHeights[isCompact ? 'compact' : 'wide'];
  const count = rows.length;
  const newest = rows.at(-1)?.number;
  const anchor = useRef({ newest, count });

  const measure = (element: HTMLElement): void => {
    const next = { top: element.scrollTop, height: readRowsHeight(element), newest };
    listMemory.position = readPosition(rows, next.top, rowHeight);
    // Most steps of a scroll stay within the rows that are rendered.
    setView((last) => (showsSameRows(last, next, { rows, rowHeight }) ? last : next));
  };
  // An open row that was in view stays in view when the box gets lower.
  const followOpen = useRef(measure);
  followOpen.current = (element) => {
    const index = findRowIndex(rows, open);
    const below = index === undefined ? 0 : (index + 1) * rowHeight - element.scrollTop;
    if (index !== undefined && below <= seenHeight.current)
      scrollIntoView(element, index * rowHeight, rowHeight);
    seenHeight.current = readRowsHeight(element);
    measure(element);
  };
  const show = (element: HTMLElement, index: number): void => {
    scrollIntoView(element, index * rowHeight, rowHeight);
    measure(element);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const added = rows.length - countUpTo(rows, anchor.current.newest);
    if (element.scrollTop > rowHeight / 2 && added > 0 && anchor.current.newest !== undefined)
      element.scrollTop += added * rowHeight;
    anchor.current = { newest, count };
  }, [version, rows]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => followOpen.current(element));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  // A list with another key starts at its top. The same list keeps its position, also after an
  // exchange or another view replaced it.
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
    element.scrollTop = scrollTopAt(rows, position, rowHeight);
    const index = findRowIndex(rows, open ?? closed);
    if (index !== undefined) scrollIntoView(element, index * rowHeight, rowHeight);
    seenHeight.current = readRowsHeight(element);
    measure(element);
    if (closed !== undefined && isFocusLost()) {
      wantsFocus.current = index === undefined ? rows.at(-1)?.id : closed;
      setFocused(wantsFocus.current);
    }
  }, [open, rowHeight, listKey]);

  // A row gets the focus once it is rendered.
  useLayoutEffect(() => {
    if (wantsFocus.current === undefined) return;
    const row = box.current?.querySelector<HTMLElement>(
      `[data-id="${CSS.escape(wantsFocus.current)}"]`,
    );
    if (row === null || row === undefined) return;
    wantsFocus.current = undefined;
    row.focus({ preventScroll: true });
  });

  const at = useMemo(() => findRowIndex(rows, focused ?? open), [rows, version, focused, open]);
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
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') moveInRow(event);
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(step(at ?? -1, count - 1));
  };
  // j and k enter the list from anywhere in the view.
  const move = useRef({ down: () => {}, up: () => {}, mark: () => {} });
  move.current = {
    down: () => go((at ?? -1) + 1),
    up: () => go((at ?? 0) - 1),
    mark: () => {
      const row = at === undefined ? undefined : rows[count - 1 - at];
      if (row !== undefined) onMark(row);
    },
  };
  useEffect(
    () =>
      onKeys({
        j: () => move.current.down(),
        k: () => move.current.up(),
        m: () => move.current.mark(),
      }),
    [],
  );

  const openRow = useRef((_row: Row) => {});
  openRow.current = (row) => {
    setFocused(row.id);
    onOpen(row);
  };
  const filterBy = useRef(onFilter);
  filterBy.current = onFilter;
  // The same functions at each rendering, so that rows that did not change are not rendered again.
  const [actions] = useState(() => ({
    open: (row: Row) => openRow.current(row),
    filter: (name: TokenName, value: string) => filterBy.current(name, value),
  }));

  const { first, end } = computeVisibleRows(view, { rows, rowHeight });
  const tabStop = at !== undefined && at >= first && at < end ? at : first;
  return (
    <div
      class={`exchange-list ${isCompact ? 'compact' : 'wide'}`}
      role="grid"
      aria-label={t.views.exchanges}
      aria-rowcount={count + 1}
      onKeyDown={onKeyDown}
    >
      <div
        class="list-box"
        role="rowgroup"
        ref={box}
        tabIndex={-1}
        onScroll={({ currentTarget }) => measure(currentTarget)}
      >
        {/* Inside the scrolling box, so that head and rows have the same width. */}
        <div class="list-head" role="row" aria-rowindex={1}>
          {listColumns.map((column) => (
            <span key={column} role="columnheader" class={`cell-${column}`}>
              {t.columns[column]}
            </span>
          ))}
        </div>
        <div class="list-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
          <div class="list-rows" role="presentation">
            {Array.from({ length: end - first }, (_, offset) => {
              const index = first + offset;
              const row = rows[count - 1 - index];
              return row === undefined ? null : (
                <ListRow
                  key={row.number}
                  row={row}
                  index={index}
                  fromEnd={(count - 1 - index) * rowHeight}
                  height={rowHeight}
                  isOpen={row.id === open}
                  isTabStop={index === tabStop}
                  isMarked={marked.includes(row.id)}
                  isCompact={isCompact}
                  rules={lint.get(row.id)?.join(', ') ?? ''}
                  actions={actions}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
};

/** How much of the box shows rows: its head covers the rest. */
const readRowsHeight = (box: HTMLElement): number =>
  box.clientHeight - (box.querySelector<HTMLElement>('.list-head')?.offsetHeight ?? 0);

const scrollIntoView = (box: HTMLElement, top: number, rowHeight: number): void => {
  const height = readRowsHeight(box);
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + rowHeight > box.scrollTop + height) box.scrollTop = top + rowHeight - height;
};

/** Whether the element that had the focus no longer exists. */
const isFocusLost = (): boolean =>
  document.activeElement === null || document.activeElement === document.body;

/** Left and right lead through the filters of a row, and back to the row. */
const moveInRow = (event: KeyboardEvent): void => {
  const row = event.target instanceof Element ? event.target.closest('.list-row') : null;
  if (row === null) return;
  const stops = [row, ...row.querySelectorAll('.cell-filter')];
  const at = stops.indexOf(document.activeElement ?? row);
  const next = stops[at + (event.key === 'ArrowRight' ? 1 : -1)];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
};

export const listColumns = [
  'time',
  'code',
  'tags',
  'reason',
  'operation',
  'identity',
  'client',
  'duration',
] as const;

interface RowActions {
  open(row: Row): void;
  filter(name: TokenName, value: string): void;
}

interface RowCellsProps {
  readonly row: Row;
  readonly isCompact: boolean;
  /** The rules of lint that the exchange shows. */
  readonly rules: string;
  readonly actions: RowActions;
}

export interface ListRowProps extends RowCellsProps {
  readonly index: number;
  /** Distance from the end of the list in pixels: new rows do not change it. */
  readonly fromEnd: number;
  readonly height: number;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  readonly isMarked: boolean;
}

/**
 * One row of the list. The compact layout, in the style sheet, shows the same cells in two lines.
 * Cheap to render: it is rendered whenever rows arrive or the list is scrolled, its cells are not.
 */
export const ListRow = (props: ListRowProps) => {
  const { row, index, fromEnd, height, isOpen, isTabStop, isMarked, isCompact } = props;
  const { rules, actions } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    // A filter of the row has its own Enter.
    if (event.target !== event.currentTarget) return;
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    actions.open(row);
  };
  return (
    <div
      role="row"
      class={[
        'list-row',
        isOpen && 'open',
        isMarked && 'marked',
        row.identity === undefined && 'no-identity',
      ]
        .filter(Boolean)
        .join(' ')}
      data-id={row.id}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      tabIndex={isTabStop ? 0 : -1}
      style={{ transform: `translateY(${-fromEnd}px)`, height: `${height}px` }}
      onClick={() => actions.open(row)}
      onKeyDown={onKeyDown}
    >
      <RowCells {...{ row, isCompact, rules, actions }} />
    </div>
  );
};

/** The cells of a row, rendered again only when what they show has changed. */
class RowCells extends Component<RowCellsProps> {
  override shouldComponentUpdate({ row, isCompact, rules }: RowCellsProps): boolean {
    const { props } = this;
    return row !== props.row || isCompact !== props.isCompact || rules !== props.rules;
  }

  override render(props: RowCellsProps) {
    return <Cells {...props} />;
  }
}

const Cells = ({ row, isCompact, rules, actions }: RowCellsProps) => {
  const t = useMessages();
  const { identity } = row;
  const [finding] = row.findings;
  const operation = readOperation(row);
  /** The value of a cell: a click filters by it. The compact layout has no room for that. */
  const filter = (name: TokenName, value: string | undefined, content: ComponentChildren) =>
    value === undefined || isCompact ? (
      content
    ) : (
      <button
        type="button"
        class="cell-filter"
        tabIndex={-1}
        title={t.list.filterBy(formatToken(name, value))}
        onClick={(event) => {
          event.stopPropagation();
          actions.filter(name, value);
        }}
      >
        {content}
      </button>
    );
  return (
    <>
      <span role="gridcell" class="cell-time mono">
        {formatTime(row.receivedAt)}
      </span>
      <span role="gridcell" class="cell-code">
        {filter('code', row.code, <StatusBadge exchange={row} />)}
        <Tags exchange={row} />
      </span>
      <span role="gridcell" class="cell-tags">
        {listTraits(row, rules !== '').map((trait) => (
          <span key={trait} class="trait">
            {filter(
              'is',
              trait,
              <TraitIcon trait={trait} name={nameTrait(trait, row, { rules, t })} />,
            )}
          </span>
        ))}
      </span>
      <span
        role="gridcell"
        class="cell-reason"
        title={`${t.steps[row.step]?.name ?? row.step}: ${row.reason}`}
      >
        {finding !== undefined &&
          filter('finding', finding, <span class="finding-id">{finding}</span>)}
        <Reason reason={row.reason} />
      </span>
      <span role="gridcell" class="cell-operation">
        {operation === undefined ? (
          <span class="quiet">{t.list.noOperation}</span>
        ) : (
          filter(
            'operation',
            operation,
            row.direction === 'outbound' ? (
              <>
                <span aria-hidden="true">→ </span>
                {operation}
              </>
            ) : (
              operation
            ),
          )
        )}
      </span>
      <span role="gridcell" class="cell-identity mono">
        {identity === undefined ? (
          <span class="quiet">–</span>
        ) : (
          filter('order', formatIdentity(identity), <Identity row={row} />)
        )}
      </span>
      <span role="gridcell" class="cell-client mono">
        {row.clientId === undefined ? (
          <span class="quiet">–</span>
        ) : (
          filter('client', row.clientId, row.clientId)
        )}
      </span>
      <span role="gridcell" class="cell-duration mono">
        {formatDuration(row.milliseconds)}
      </span>
    </>
  );
};

/** The values of an identity, with the names of their fields where there are several. */
const Identity = ({ row: { identity = '', operation } }: { readonly row: Row }) => {
  const parts = labelIdentity(identity, operation);
  return (
    <span title={formatIdentity(identity, operation)}>
      {parts.map(([field, value]) => (
        <span key={field} class="identity-part">
          {parts.length > 1 && <span class="quiet">{field} </span>}
          {value}
        </span>
      ))}
    </span>
  );
};
