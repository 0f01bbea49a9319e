import { useEffect, useState } from 'preact/hooks';
import type { Exchange, ExchangeSummary, JournalPage } from '../../../server/admin/types.gen.ts';
import { AdminError, fetchJson, useRecovery } from '../../api/admin.ts';
import type { OrderStatus } from '../../api/contract.ts';
import { classifyDelivery, StatusBadge, Tags } from '../../components/exchange-status.tsx';
import { formatTime } from '../../components/format.ts';
import { Reason, useMessages } from '../../i18n/messages.tsx';
import { hrefFor } from '../../shell/route.ts';

export type MessageResult = 'accepted' | 'repeated' | 'stale' | 'refused';

/** One message about a record, and its result. */
interface HistoryEvent {
  readonly exchange: ExchangeSummary;
  readonly result: MessageResult;
  /** The requested status; undefined if the message has none or is redacted. */
  readonly status: string | undefined;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  /** How many exchanges the journal has evicted, possibly some about this record. */
  readonly evicted: number;
}

/** Number of newest exchanges to read. */
const maxHistoryEvents = 40;

/** Exchanges about a record, oldest first. */
export const useHistory = (
  client: string,
  identity: string,
  version: number,
): { readonly value?: History; readonly error?: AdminError } => {
  const [got, setGot] = useState<{ readonly value?: History; readonly error?: AdminError }>({});
  const [turn, setTurn] = useState(0);
  useRecovery(() => {
    if (got.error !== undefined) setTurn((last) => last + 1);
  });
  useEffect(() => {
    const leaving = new AbortController();
    readHistory(client, identity, leaving.signal).then(
      (value) => setGot({ value }),
      (error: unknown) => {
        if (!leaving.signal.aborted) setGot({ error: AdminError.from(error) });
      },
    );
    return () => leaving.abort();
  }, [client, identity, version, turn]);
  return got;
};

const readHistory = async (
  clientId: string,
  identity: string,
  signal: AbortSignal,
): Promise<History> => {
  const query = new URLSearchParams({ clientId, identity, limit: String(maxHistoryEvents) });
  const page = await fetchJson<JournalPage>(`/journal?${query}`, {
    signal,
  });
  const exchanges = await Promise.all(
    page.entries.map(({ id }) =>
      fetchJson<Exchange>(`/journal/${encodeURIComponent(id)}`, { signal }),
    ),
  );
  return { events: exchanges.reverse().map(toEvent), evicted: page.evicted };
};

const toEvent = (exchange: Exchange): HistoryEvent => ({
  exchange,
  result: classifyMessage(exchange),
  status: askedStatus(exchange),
});

const classifyMessage = ({ tags, status }: Exchange): MessageResult =>
  tags.includes('stale')
    ? 'stale'
    : tags.includes('duplicate')
      ? 'repeated'
      : status === 'S'
        ? 'accepted'
        : 'refused';

const askedStatus = ({ request }: Exchange): string | undefined => {
  try {
    const body: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    const value: unknown =
      typeof body === 'object' && body !== null && 'orderStatus' in body
        ? body.orderStatus
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** All messages about a record that are in the journal. */
export const HistoryList = ({
  events,
  evicted,
}: {
  readonly events: readonly HistoryEvent[];
  readonly evicted: number;
}) => {
  const t = useMessages();
  return (
    <>
      {evicted > 0 && <p class="notice">{t.state.historyEvicted(evicted)}</p>}
      {events.length === 0 ? (
        <p class="quiet">{t.state.noHistory}</p>
      ) : (
        <ol class="history">
          {events.map(({ exchange, result, status }) => (
            <li key={exchange.id} class={`event ${result}`}>
              <a href={hrefFor('exchanges', exchange.id)}>
                <span class="mono quiet">{formatTime(exchange.receivedAt)}</span>
                <strong>{status ?? exchange.operation}</strong>
                <span class="chip">{t.messageResults[result]}</span>
                <StatusBadge exchange={exchange} />
                {classifyDelivery(exchange) !== 'intact' && <Tags exchange={exchange} />}
              </a>
              <p class="quiet">
                <Reason reason={exchange.reason} />
              </p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
};

export interface StatusDiagramProps {
  readonly statuses: readonly OrderStatus[];
  readonly held: string;
  readonly history: readonly HistoryEvent[];
}

/**
 * The statuses of the order's business type: the current one, the path to it, possible next ones,
 * and refused or stale updates. The list below has the same information as text.
 */
export const StatusDiagram = ({ statuses, held, history }: StatusDiagramProps) => {
  const t = useMessages();
  const layout = layOutStatuses(statuses);
  const { nodes, height } = layout;
  const next = statuses.find(({ name }) => name === held)?.next ?? [];
  const moves = collectMoves(history);
  const edges = [
    ...next.map((to): DiagramMove => ({ from: held, to, result: 'may' })),
    ...moves,
  ].flatMap(({ from, to, result }) => {
    const [a, b] = [nodes.get(from), nodes.get(to)];
    return a === undefined || b === undefined || a === b
      ? []
      : [{ result, curve: drawCurve(a, b) }];
  });
  const width = fitWidth(
    layout,
    edges.map((edge) => edge.curve),
  );
  const passed = new Set(
    moves.filter(({ result }) => result === 'accepted').flatMap(({ from, to }) => [from, to]),
  );
  const drawNodes = (part: 'node' | 'node-shape', Part: typeof NodeShape) =>
    [...nodes.values()].map((node) => {
      const { name, isEnd } = node.status;
      const classes = [
        part,
        name === held && 'held',
        passed.has(name) && 'passed',
        next.includes(name) && 'next',
        isEnd && 'end',
      ];
      return (
        <g key={name} class={classes.filter(Boolean).join(' ')}>
          <Part node={node} />
        </g>
      );
    });
  return (
    <>
      <div
        class="diagram-box"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also from the keyboard
        tabIndex={0}
        role="group"
        aria-label={t.state.diagramMeans(held, next)}
      >
        <svg
          class="diagram"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          aria-hidden="true"
        >
          <defs>
            {(['may', 'accepted', 'refused', 'stale'] as const).map((kind) => (
              <marker
                key={kind}
                id={`arrow-${kind}`}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto"
              >
                <path d="M0 0.5 L8 4 L0 7.5 z" class={`arrow ${kind}`} />
              </marker>
            ))}
          </defs>
          {drawNodes('node-shape', NodeShape)}
          {/* Drawn above the nodes, so that a way back is not hidden by them, and below the names. */}
          {edges.map((edge, at) => (
            <MoveEdge key={at} {...edge} />
          ))}
          {drawNodes('node', NodeName)}
        </svg>
      </div>
      <ul class="legend">
        {(['held', 'may', 'accepted', 'refused', 'stale'] as const).map((kind) => (
          <li key={kind}>
            <span class={`legend-mark ${kind}`} aria-hidden="true" />
            {t.state.legend[kind]}
          </li>
        ))}
      </ul>
    </>
  );
};

interface DiagramMove extends Omit<Move, 'result'> {
  readonly result: Move['result'] | 'may';
}

const MoveEdge = ({
  result,
  curve: { path },
}: {
  readonly result: DiagramMove['result'];
  readonly curve: Curve;
}) => <path class={`edge ${result}`} d={path} marker-end={`url(#arrow-${result})`} />;

interface NodePartProps {
  readonly node: DiagramNode;
}

const NodeShape = ({ node: { status, x, y } }: NodePartProps) => (
  <>
    <title>{status.meaning}</title>
    <rect
      x={x}
      y={y}
      width={nodeSize.width}
      height={nodeSize.height}
      rx={status.isEnd ? 4 : nodeSize.height / 2}
    />
  </>
);

const NodeName = ({ node: { status, x, y } }: NodePartProps) => (
  <>
    <title>{status.meaning}</title>
    <text
      x={x + nodeSize.width / 2}
      y={y + nodeSize.height / 2}
      dominant-baseline="central"
      text-anchor="middle"
    >
      {status.name}
    </text>
  </>
);

/** A transition that a message made or attempted. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly result: 'accepted' | 'refused' | 'stale';
}

/** The transitions of an order, each of them once. */
export const collectMoves = (history: readonly HistoryEvent[]): readonly Move[] => {
  const moves = new Map<string, Move>();
  let held: string | undefined;
  for (const { result, status } of history) {
    if (status === undefined || result === 'repeated') continue;
    if (held !== undefined && held !== status)
      moves.set(`${held}>${status}>${result}`, { from: held, to: status, result });
    if (result === 'accepted') held = status;
  }
  return [...moves.values()];
};

interface DiagramNode {
  readonly status: OrderStatus;
  readonly x: number;
  readonly y: number;
}

const nodeSize = { width: 130, height: 32 } as const;
const gap = { x: 38, y: 20 } as const;
const margin = 12;
const maxRowsPerColumn = 3;

export interface DiagramLayout {
  readonly nodes: ReadonlyMap<string, DiagramNode>;
  readonly width: number;
  readonly height: number;
}

/**
 * Open statuses in columns from the left, in the order of the contract; final statuses in the last
 * column.
 */
export const layOutStatuses = (statuses: readonly OrderStatus[]): DiagramLayout => {
  const open = statuses.filter(({ isEnd }) => !isEnd);
  const ends = statuses.filter(({ isEnd }) => isEnd);
  const columns = [...inColumns(open), ...inColumns(ends)];
  const rows = Math.max(...columns.map(({ length }) => length));
  const nodes = columns.flatMap((column, at) =>
    column.map((status, row): [string, DiagramNode] => [
      status.name,
      {
        status,
        x: margin + at * (nodeSize.width + gap.x),
        y: margin + (row + (rows - column.length) / 2) * (nodeSize.height + gap.y),
      },
    ]),
  );
  return {
    nodes: new Map(nodes),
    width: 2 * margin + columns.length * nodeSize.width + (columns.length - 1) * gap.x,
    height: 2 * margin + rows * nodeSize.height + (rows - 1) * gap.y,
  };
};

const inColumns = (statuses: readonly OrderStatus[]): readonly (readonly OrderStatus[])[] => {
  const count = Math.ceil(statuses.length / maxRowsPerColumn);
  const perColumn = Math.ceil(statuses.length / Math.max(count, 1));
  return Array.from({ length: count }, (_, at) =>
    statuses.slice(at * perColumn, (at + 1) * perColumn),
  );
};

export interface Curve {
  readonly path: string;
  /** Its right edge: a Bézier curve stays within its control points. */
  readonly right: number;
}

/** Width of a curve between nodes of one column. */
const bulge = 34;
const arrowRoom = 8;

/** Width of a diagram that contains these curves. */
const fitWidth = ({ width }: DiagramLayout, curves: readonly Curve[]): number =>
  Math.max(width, ...curves.map(({ right }) => right + arrowRoom));

/** A curve between the facing sides of two nodes. */
const drawCurve = (from: DiagramNode, to: DiagramNode): Curve => {
  const [a, b] = [findCentre(from), findCentre(to)];
  if (Math.abs(a.x - b.x) < 1) {
    const side = from.x + nodeSize.width;
    const [y1, y2] = [a.y, b.y];
    const reach = side + bulge;
    return {
      path: `M ${side} ${y1} C ${reach} ${y1}, ${reach} ${y2}, ${side} ${y2}`,
      right: reach,
    };
  }
  const way = b.x > a.x ? 1 : -1;
  const [x1, x2] = [a.x + (way * nodeSize.width) / 2, b.x - (way * nodeSize.width) / 2];
  const bend = way * Math.max(24, Math.abs(x2 - x1) / 2);
  const dip = way < 0 ? nodeSize.height * 0.3 : 0;
  const [y1, y2] = [a.y + dip, b.y + dip];
  return {
    path: `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`,
    right: Math.max(x1, x2, x1 + bend, x2 - bend),
  };
};

const findCentre = ({ x, y }: DiagramNode): { readonly x: number; readonly y: number } => ({
  x: x + nodeSize.width / 2,
  y: y + nodeSize.height / 2,
});
