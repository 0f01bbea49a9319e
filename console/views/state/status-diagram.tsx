import type { OrderStatus } from '../../api/contract.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import {
  type Curve,
  curve,
  type DiagramNode,
  layOut,
  nodeSize,
  widthWith,
} from './diagram-layout.ts';
import type { HistoryEvent } from './history.tsx';

export interface StatusDiagramProps {
  readonly statuses: readonly OrderStatus[];
  readonly held: string;
  readonly history: readonly HistoryEvent[];
}

/**
 * The statuses of the order's business type: where it stands, the way it came, what may follow, and
 * what was refused or came too late. The list below it says the same in words.
 */
export const StatusDiagram = ({ statuses, held, history }: StatusDiagramProps) => {
  const t = useMessages();
  const layout = layOut(statuses);
  const { nodes, height } = layout;
  const next = statuses.find(({ name }) => name === held)?.next ?? [];
  const moves = movesOf(history);
  const edges = [
    ...next.map((to): DrawnMove => ({ from: held, to, fate: 'may' })),
    ...moves,
  ].flatMap(({ from, to, fate }) => {
    const [a, b] = [nodes.get(from), nodes.get(to)];
    return a === undefined || b === undefined || a === b ? [] : [{ fate, curve: curve(a, b) }];
  });
  const width = widthWith(
    layout,
    edges.map((edge) => edge.curve),
  );
  const passed = new Set(
    moves.filter(({ fate }) => fate === 'accepted').flatMap(({ from, to }) => [from, to]),
  );
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
          {[...nodes.values()].map((node) => (
            <Node
              key={node.status.name}
              node={node}
              isHeld={node.status.name === held}
              isPassed={passed.has(node.status.name)}
              mayFollow={next.includes(node.status.name)}
            />
          ))}
          {/* Over the boxes: a way back passes the statuses between, and must not disappear behind them. */}
          {edges.map((edge, at) => (
            <Edge key={at} {...edge} />
          ))}
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

interface DrawnMove extends Omit<Move, 'fate'> {
  readonly fate: Move['fate'] | 'may';
}

const Edge = ({
  fate,
  curve: { path },
}: {
  readonly fate: DrawnMove['fate'];
  readonly curve: Curve;
}) => <path class={`edge ${fate}`} d={path} marker-end={`url(#arrow-${fate})`} />;

interface NodeProps {
  readonly node: DiagramNode;
  readonly isHeld: boolean;
  readonly isPassed: boolean;
  readonly mayFollow: boolean;
}

const Node = ({ node: { status, x, y }, isHeld, isPassed, mayFollow }: NodeProps) => (
  <g
    class={`node${isHeld ? ' held' : ''}${isPassed ? ' passed' : ''}${mayFollow ? ' next' : ''}${status.isEnd ? ' end' : ''}`}
  >
    <title>{status.meaning}</title>
    <rect
      x={x}
      y={y}
      width={nodeSize.width}
      height={nodeSize.height}
      rx={status.isEnd ? 4 : nodeSize.height / 2}
    />
    <text
      x={x + nodeSize.width / 2}
      y={y + nodeSize.height / 2}
      dominant-baseline="central"
      text-anchor="middle"
    >
      {status.name}
    </text>
  </g>
);

/** A way between two statuses that a message took or wanted to take. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly fate: 'accepted' | 'refused' | 'stale';
}

/** What the messages did to the order's status, each way once. */
export const movesOf = (history: readonly HistoryEvent[]): readonly Move[] => {
  const moves = new Map<string, Move>();
  let held: string | undefined;
  for (const { fate, status } of history) {
    if (status === undefined || fate === 'repeated') continue;
    if (held !== undefined && held !== status)
      moves.set(`${held}>${status}>${fate}`, { from: held, to: status, fate });
    if (fate === 'accepted') held = status;
  }
  return [...moves.values()];
};
