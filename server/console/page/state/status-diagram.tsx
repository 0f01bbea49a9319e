import type { OrderStatus } from '../contract/contract-reading.ts';
import { useWords } from '../words/use-words.ts';
import { curve, type DiagramNode, layOut, nodeSize } from './diagram-layout.ts';
import { movesOf } from './moves.ts';
import type { HistoryEvent } from './use-history.ts';

export interface StatusDiagramProps {
  readonly statuses: readonly OrderStatus[];
  readonly held: string;
  readonly history: readonly HistoryEvent[];
}

/**
 * The statuses of the order's business type: where it stands, the way it came, what may follow, and what was refused or came too late.
 * The list below it says the same in words.
 */
export const StatusDiagram = ({ statuses, held, history }: StatusDiagramProps) => {
  const t = useWords();
  const { nodes, width, height } = layOut(statuses);
  const next = statuses.find(({ name }) => name === held)?.next ?? [];
  const moves = movesOf(history);
  const passed = new Set(moves.filter(({ fate }) => fate === 'accepted').flatMap(({ from, to }) => [from, to]));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard */}
      <div class="diagram-box" tabIndex={0} role="group" aria-label={t.state.diagramMeans(held, next)}>
        <svg class="diagram" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <defs>
            {(['may', 'accepted', 'refused', 'stale'] as const).map((kind) => (
              <marker key={kind} id={`arrow-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0.5 L8 4 L0 7.5 z" class={`arrow ${kind}`} />
              </marker>
            ))}
          </defs>
          {next.map((name) => (
            <Edge key={`may-${name}`} from={nodes.get(held)} to={nodes.get(name)} kind="may" />
          ))}
          {moves.map(({ from, to, fate }, at) => (
            <Edge key={`move-${at}`} from={nodes.get(from)} to={nodes.get(to)} kind={fate} />
          ))}
          {[...nodes.values()].map((node) => (
            <Node
              key={node.status.name}
              node={node}
              isHeld={node.status.name === held}
              isPassed={passed.has(node.status.name)}
              mayFollow={next.includes(node.status.name)}
            />
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

const Edge = ({
  from,
  to,
  kind,
}: {
  readonly from: DiagramNode | undefined;
  readonly to: DiagramNode | undefined;
  readonly kind: string;
}) =>
  from === undefined || to === undefined || from === to ? null : (
    <path class={`edge ${kind}`} d={curve(from, to)} marker-end={`url(#arrow-${kind})`} />
  );

interface NodeProps {
  readonly node: DiagramNode;
  readonly isHeld: boolean;
  readonly isPassed: boolean;
  readonly mayFollow: boolean;
}

const Node = ({ node: { status, x, y }, isHeld, isPassed, mayFollow }: NodeProps) => (
  <g class={`node${isHeld ? ' held' : ''}${isPassed ? ' passed' : ''}${mayFollow ? ' next' : ''}${status.isEnd ? ' end' : ''}`}>
    <title>{status.meaning}</title>
    <rect x={x} y={y} width={nodeSize.width} height={nodeSize.height} rx={status.isEnd ? 4 : nodeSize.height / 2} />
    <text x={x + nodeSize.width / 2} y={y + nodeSize.height / 2} dominant-baseline="central" text-anchor="middle">
      {status.name}
    </text>
  </g>
);
