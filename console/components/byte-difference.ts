import { diffArrays } from 'diff';
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
  const changes = diffArrays([...left], [...right], {
    comparator: isSameCell,
    maxEditLength: maxEdits,
  });
  return (
    changes?.map(({ value, removed, added }) => ({
      side: removed ? 'left' : added ? 'right' : 'both',
      cells: value,
    })) ?? diffAsBlock(left, right)
  );
};

const isSameCell = (a: Cell | undefined, b: Cell | undefined): boolean =>
  a !== undefined && a.text === b?.text && a.kind === b.kind;

/** All between the first and the last difference, on either side. */
const diffAsBlock = (left: readonly Cell[], right: readonly Cell[]): readonly Run[] => {
  const head = sharedLength(left, right);
  const [leftRest, rightRest] = [left.slice(head), right.slice(head)];
  const tail = sharedLength([...leftRest].reverse(), [...rightRest].reverse());
  const runs: readonly Run[] = [
    { side: 'both', cells: left.slice(0, head) },
    { side: 'left', cells: leftRest.slice(0, leftRest.length - tail) },
    { side: 'right', cells: rightRest.slice(0, rightRest.length - tail) },
    { side: 'both', cells: leftRest.slice(leftRest.length - tail) },
  ];
  return runs.filter(({ cells }) => cells.length > 0);
};

const sharedLength = (left: readonly Cell[], right: readonly Cell[]): number => {
  let length = 0;
  while (isSameCell(left[length], right[length])) length++;
  return length;
};
