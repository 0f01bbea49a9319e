import type { OrderStatus } from '../../api/contract.ts';

export interface DiagramNode {
  readonly status: OrderStatus;
  readonly x: number;
  readonly y: number;
}

export const nodeSize = { width: 130, height: 32 } as const;
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
export const fitWidth = ({ width }: DiagramLayout, curves: readonly Curve[]): number =>
  Math.max(width, ...curves.map(({ right }) => right + arrowRoom));

/** A curve between the facing sides of two nodes. */
export const drawCurve = (from: DiagramNode, to: DiagramNode): Curve => {
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
