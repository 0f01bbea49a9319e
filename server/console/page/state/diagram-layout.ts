import type { OrderStatus } from '../contract/contract-reading.ts';

export interface DiagramNode {
  readonly status: OrderStatus;
  readonly x: number;
  readonly y: number;
}

export const nodeSize = { width: 130, height: 32 } as const;
const gap = { x: 38, y: 20 } as const;
const margin = 12;
const mostRows = 3;

export interface DiagramLayout {
  readonly nodes: ReadonlyMap<string, DiagramNode>;
  readonly width: number;
  readonly height: number;
}

/** Open statuses in columns from the left, in the contract's order; the final ones in a column of their own at the right. */
export const layOut = (statuses: readonly OrderStatus[]): DiagramLayout => {
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
  const count = Math.ceil(statuses.length / mostRows);
  const perColumn = Math.ceil(statuses.length / Math.max(count, 1));
  return Array.from({ length: count }, (_, at) => statuses.slice(at * perColumn, (at + 1) * perColumn));
};

/** A curve between two nodes that leaves and enters at the sides that face each other. */
export const curve = (from: DiagramNode, to: DiagramNode): string => {
  const [a, b] = [centre(from), centre(to)];
  if (Math.abs(a.x - b.x) < 1) {
    const side = from.x + nodeSize.width;
    const [y1, y2] = [a.y, b.y];
    return `M ${side} ${y1} C ${side + 34} ${y1}, ${side + 34} ${y2}, ${side} ${y2}`;
  }
  const way = b.x > a.x ? 1 : -1;
  const [x1, x2] = [a.x + (way * nodeSize.width) / 2, b.x - (way * nodeSize.width) / 2];
  const bend = way * Math.max(24, Math.abs(x2 - x1) / 2);
  const dip = way < 0 ? nodeSize.height * 0.3 : 0;
  return `M ${x1} ${a.y + dip} C ${x1 + bend} ${a.y + dip}, ${x2 - bend} ${b.y + dip}, ${x2} ${b.y + dip}`;
};

const centre = ({ x, y }: DiagramNode): { readonly x: number; readonly y: number } => ({
  x: x + nodeSize.width / 2,
  y: y + nodeSize.height / 2,
});
