import type { OrderStatus } from '../../api/contract.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import {
  type Curve,
  type DiagramNode,
  drawCurve,
  fitWidth,
  layOutStatuses,
  nodeSize,
} from './diagram-layout.ts';
import type { HistoryEvent } from './history.tsx';

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
