import { diffArrays } from 'diff';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { useMessages } from '../i18n/messages.tsx';
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

/**
 * One visible character: a letter, a marker for an invisible character, or a byte that is not text.
 */
interface Cell {
  readonly text: string;
  /** `mark`: white space or a control character; `byte`: not valid UTF-8. */
  readonly kind: 'text' | 'mark' | 'byte';
  /** Its length in bytes. */
  readonly bytes: number;
  /** Whether it is a line feed. */
  readonly endsLine: boolean;
}

/**
 * Names instead of symbols: few fonts have the symbols, and `\n` would look like the two characters
 * themselves.
 */
const marks: Readonly<Record<number, string>> = { 9: 'TAB', 10: 'LF', 13: 'CR' };

const toHex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

const countUtf8Bytes = (lead: number): number =>
  lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const characterAt = (bytes: Uint8Array, at: number): string | undefined => {
  const slice = bytes.subarray(at, at + countUtf8Bytes(bytes[at] ?? 0));
  try {
    return decoder.decode(slice);
  } catch {
    return undefined;
  }
};

// Invisible characters and direction marks are shown as code points.
const isHidden = (text: string): boolean => /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u3000]$/u.test(text);

const cellAt = (bytes: Uint8Array, at: number): Cell => {
  const byte = bytes[at] ?? 0;
  const mark = marks[byte];
  if (mark !== undefined) return { text: mark, kind: 'mark', bytes: 1, endsLine: byte === 10 };
  const text = characterAt(bytes, at);
  if (text === undefined) return { text: toHex(byte), kind: 'byte', bytes: 1, endsLine: false };
  const size = countUtf8Bytes(byte);
  return isHidden(text)
    ? {
        text: `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
        kind: 'mark',
        bytes: size,
        endsLine: false,
      }
    : { text, kind: 'text', bytes: size, endsLine: false };
};

/** Splits bytes into cells in which every character is visible. */
export const toCells = (bytes: Uint8Array): readonly Cell[] => {
  const cells: Cell[] = [];
  for (let at = 0; at < bytes.length; at += cells.at(-1)?.bytes ?? 1) cells.push(cellAt(bytes, at));
  return cells;
};

/** Marks spaces at the start and the end of lines; other spaces are visible anyway. */
export const markEdgeSpaces = (cells: readonly Cell[]): readonly Cell[] =>
  cells.map((cell, at) =>
    cell.text === ' ' && (isEdge(cells, at, -1) || isEdge(cells, at, 1))
      ? { ...cell, text: '·', kind: 'mark' }
      : cell,
  );

const isEdge = (cells: readonly Cell[], from: number, way: 1 | -1): boolean => {
  let at = from;
  while (cells[at]?.text === ' ') at += way;
  const cell = cells[at];
  return cell === undefined || (cell.kind === 'mark' && (cell.text === 'LF' || cell.text === 'CR'));
};

export const toBytes = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The bytes as text; undefined if they are not valid UTF-8. */
export const readUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Consecutive cells that are on both sides, or on one side only. */
interface CellRun {
  readonly side: 'both' | 'left' | 'right';
  readonly cells: readonly Cell[];
}

/**
 * Larger differences are shown as one block: a long list of edits is unreadable and slow to
 * compute.
 */
const maxEdits = 600;

/** The shortest list of edits that turns the left cells into the right ones. */
export const diffCells = (left: readonly Cell[], right: readonly Cell[]): readonly CellRun[] => {
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
const diffAsBlock = (left: readonly Cell[], right: readonly Cell[]): readonly CellRun[] => {
  const head = sharedLength(left, right);
  const [leftRest, rightRest] = [left.slice(head), right.slice(head)];
  const tail = sharedLength([...leftRest].reverse(), [...rightRest].reverse());
  const runs: readonly CellRun[] = [
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
