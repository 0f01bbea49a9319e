import type { Cell } from './byte-cells.ts';

/** Consecutive cells that are on both sides, or on one side only. */
export interface Run {
  readonly side: 'both' | 'left' | 'right';
  readonly cells: readonly Cell[];
}

/**
 * Larger differences are shown as one block: a long list of edits is unreadable and slow to
 * compute.
 */
const maxEdits = 600;

/** The shortest list of edits that turns the left cells into the right ones. */
export const diffCells = (left: readonly Cell[], right: readonly Cell[]): readonly Run[] => {
  const head = sharedLength(left, right, (cells, at) => cells[at]);
  const tail = sharedLength(
    left.slice(head),
    right.slice(head),
    (cells, at) => cells[cells.length - 1 - at],
  );
  const [leftCore, rightCore] = [
    left.slice(head, left.length - tail),
    right.slice(head, right.length - tail),
  ];
  return joinRuns([
    { side: 'both', cells: left.slice(0, head) },
    ...(editsBetween(leftCore, rightCore) ?? [
      { side: 'left' as const, cells: leftCore },
      { side: 'right' as const, cells: rightCore },
    ]),
    { side: 'both', cells: left.slice(left.length - tail) },
  ]);
};

const isSameCell = (a: Cell | undefined, b: Cell | undefined): boolean =>
  a !== undefined && a.text === b?.text && a.kind === b.kind;

const sharedLength = (
  left: readonly Cell[],
  right: readonly Cell[],
  at: (cells: readonly Cell[], index: number) => Cell | undefined,
): number => {
  const most = Math.min(left.length, right.length);
  let length = 0;
  while (length < most && isSameCell(at(left, length), at(right, length))) length++;
  return length;
};

/**
 * Myers' greedy algorithm: the furthest point on each diagonal for a growing number of edits.
 * Undefined above `maxEdits`.
 */
const editsBetween = (
  left: readonly Cell[],
  right: readonly Cell[],
): readonly Run[] | undefined => {
  const trail: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(maxEdits, left.length + right.length); edits++) {
    trail.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOn(reach, diagonal, edits);
      while (isSameCell(left[x], right[x - diagonal])) x++;
      reach.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) return walkBack(trail, left, right);
    }
  }
  return undefined;
};

const goesDown = (reach: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits ||
  (diagonal !== edits && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));

const startOn = (reach: ReadonlyMap<number, number>, diagonal: number, edits: number): number =>
  goesDown(reach, diagonal, edits)
    ? (reach.get(diagonal + 1) ?? 0)
    : (reach.get(diagonal - 1) ?? 0) + 1;

const walkBack = (
  trail: readonly ReadonlyMap<number, number>[],
  left: readonly Cell[],
  right: readonly Cell[],
): readonly Run[] => {
  const runs: Run[] = [];
  let [x, y] = [left.length, right.length];
  for (let edits = trail.length - 1; edits >= 0; edits--) {
    const reach = trail[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const isDown = goesDown(reach, diagonal, edits);
    const before = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = reach.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      runs.push({ side: 'both', cells: left.slice(x - 1, x) });
      x--;
      y--;
    }
    if (edits > 0)
      runs.push(
        isDown
          ? { side: 'right', cells: right.slice(fromY, y) }
          : { side: 'left', cells: left.slice(fromX, x) },
      );
    [x, y] = [fromX, fromY];
  }
  return runs.reverse();
};

const joinRuns = (runs: readonly Run[]): readonly Run[] => {
  const result: { side: Run['side']; cells: Cell[] }[] = [];
  for (const { side, cells } of runs) {
    const last = result.at(-1);
    if (cells.length === 0) continue;
    if (last?.side === side) last.cells.push(...cells);
    else result.push({ side, cells: [...cells] });
  }
  return result;
};
