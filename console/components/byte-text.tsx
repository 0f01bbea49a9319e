import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { useMessages } from '../i18n/use-messages.ts';
import { type Cell, type CellRun, diffCells, markEdgeSpaces, toCells } from './byte-cells.ts';

import { Scrollable } from './code-block.tsx';

export interface ByteSide {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** Of longer equal runs only both ends are shown. */
const maxEqualRun = 160;
const contextLength = 60;

/** One byte string, or two with their differences marked. */
export const ByteDifference = ({
  sides: [left, right],
}: {
  readonly sides: readonly [ByteSide, ByteSide?];
}) => {
  const runs = useMemo<readonly CellRun[]>(
    () =>
      right === undefined
        ? [{ side: 'both', cells: toCells(left.bytes) }]
        : diffCells(toCells(left.bytes), toCells(right.bytes)),
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
}: ByteSide & { readonly runs: readonly CellRun[]; readonly side: 'left' | 'right' }) => {
  const t = useMessages();
  return (
    <figure class={`byte-side ${side}`}>
      <figcaption>
        <span>{label}</span>
        <span class="quiet">{t.common.bytes(bytes.length)}</span>
      </figcaption>
      <Scrollable label={label}>
        {runs.map((run, at) => (
          <RunText
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
  readonly run: CellRun;
  readonly side: 'left' | 'right';
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const RunText = ({ run, side, isFirst, isLast }: DrawnProps) => {
  const t = useMessages();
  if (run.side === 'both') return <EqualRun cells={run.cells} isFirst={isFirst} isLast={isLast} />;
  if (run.side !== side) return <span class="gap" role="img" aria-label={t.common.missingHere} />;
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

/** Bytes that are equal on both sides. A long run is cut to the part next to a difference. */
const EqualRun = ({
  cells,
  isFirst,
  isLast,
}: {
  readonly cells: readonly Cell[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}) => {
  const t = useMessages();
  const head = isFirst && isLast ? cells.length : isFirst ? 0 : contextLength;
  const tail = isLast ? 0 : contextLength;
  const skipped = cells.length - head - tail;
  if (cells.length <= maxEqualRun || skipped <= 0) return <ByteText cells={cells} />;
  return (
    <>
      <ByteText cells={cells.slice(0, head)} />
      <span class="skipped">{t.common.sameBytes(skipped)}</span>
      <ByteText cells={cells.slice(cells.length - tail)} />
    </>
  );
};

interface CellGroup {
  readonly kind: Cell['kind'] | 'line';
  readonly text: string;
}

/** Groups consecutive cells of one kind: an element for each cell would be slow. */
const groupCells = (cells: readonly Cell[]): readonly CellGroup[] => {
  const result: { kind: CellGroup['kind']; text: string }[] = [];
  for (const { text, kind, endsLine } of cells) {
    const last = result.at(-1);
    if (last?.kind === kind && kind === 'text') last.text += text;
    else result.push({ kind, text });
    if (endsLine) result.push({ kind: 'line', text: '\n' });
  }
  return result;
};

const renderCellGroup = ({ kind, text }: CellGroup, at: number): ComponentChildren =>
  kind === 'text' || kind === 'line' ? (
    text
  ) : (
    <span key={at} class={kind === 'byte' ? 'byte' : text === '·' ? 'mark space' : 'mark'}>
      {text}
    </span>
  );

/** Bytes as text in which line ends, spaces at line ends and invalid characters are visible. */
export const ByteText = ({ cells }: { readonly cells: readonly Cell[] }) => (
  <>{groupCells(markEdgeSpaces(cells)).map(renderCellGroup)}</>
);
