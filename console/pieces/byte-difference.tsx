import { useMemo } from 'preact/hooks';
import { type Cell, cellsOf } from '../bytes/cells.ts';
import { difference, type Run } from '../bytes/difference.ts';
import { useWords } from '../words/use-words.ts';
import { ByteText } from './byte-text.tsx';
import { Scrollable } from './scrollable.tsx';

export interface ByteSide {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** Longer runs that both sides have are shown by their ends only. */
const longestEqualRun = 160;
const shownBeside = 60;

/** One byte string, or two above each other with what differs marked in both. */
export const ByteDifference = ({
  sides: [left, right],
}: {
  readonly sides: readonly [ByteSide, ByteSide?];
}) => {
  const runs = useMemo<readonly Run[]>(
    () =>
      right === undefined
        ? [{ side: 'both', cells: cellsOf(left.bytes) }]
        : difference(cellsOf(left.bytes), cellsOf(right.bytes)),
    [left.bytes, right?.bytes],
  );
  return (
    <div class="byte-difference">
      <Side {...left} runs={runs} side="left" />
      {right !== undefined && <Side {...right} runs={runs} side="right" />}
    </div>
  );
};

const Side = ({
  label,
  bytes,
  runs,
  side,
}: ByteSide & { readonly runs: readonly Run[]; readonly side: 'left' | 'right' }) => {
  const t = useWords();
  return (
    <figure class={`byte-side ${side}`}>
      <figcaption>
        <span>{label}</span>
        <span class="quiet">{t.pieces.bytes(bytes.length)}</span>
      </figcaption>
      <Scrollable label={label}>
        {runs.map((run, at) => (
          <Drawn
            key={at}
            run={run}
            side={side}
            isFirst={at === 0}
            isLast={at === runs.length - 1}
          />
        ))}
      </Scrollable>
    </figure>
  );
};

interface DrawnProps {
  readonly run: Run;
  readonly side: 'left' | 'right';
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const Drawn = ({ run, side, isFirst, isLast }: DrawnProps) => {
  const t = useWords();
  if (run.side === 'both') return <Equal cells={run.cells} isFirst={isFirst} isLast={isLast} />;
  if (run.side !== side) return <span class="gap" role="img" aria-label={t.pieces.missingHere} />;
  return side === 'left' ? (
    <del>
      <ByteText cells={run.cells} />
    </del>
  ) : (
    <ins>
      <ByteText cells={run.cells} />
    </ins>
  );
};

/**
 * What both have. Of a long run only what stands beside the differences is shown; alone it is shown
 * whole.
 */
const Equal = ({
  cells,
  isFirst,
  isLast,
}: {
  readonly cells: readonly Cell[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}) => {
  const t = useWords();
  const head = isFirst && isLast ? cells.length : isFirst ? 0 : shownBeside;
  const tail = isLast ? 0 : shownBeside;
  const skipped = cells.length - head - tail;
  if (cells.length <= longestEqualRun || skipped <= 0) return <ByteText cells={cells} />;
  return (
    <>
      <ByteText cells={cells.slice(0, head)} />
      <span class="skipped">{t.pieces.sameBytes(skipped)}</span>
      <ByteText cells={cells.slice(cells.length - tail)} />
    </>
  );
};
