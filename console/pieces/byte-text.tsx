import type { ComponentChildren } from 'preact';
import { type Cell, withMarkedBlanks } from '../bytes/cells.ts';

interface Stretch {
  readonly kind: Cell['kind'] | 'line';
  readonly text: string;
}

/** Neighbours of one kind in one piece: thousands of elements would be slow. */
const stretches = (cells: readonly Cell[]): readonly Stretch[] => {
  const result: { kind: Stretch['kind']; text: string }[] = [];
  for (const { text, kind, endsLine } of cells) {
    const last = result.at(-1);
    if (last?.kind === kind && kind === 'text') last.text += text;
    else result.push({ kind, text });
    if (endsLine) result.push({ kind: 'line', text: '\n' });
  }
  return result;
};

const drawn = ({ kind, text }: Stretch, at: number): ComponentChildren =>
  kind === 'text' || kind === 'line' ? (
    text
  ) : (
    <span key={at} class={kind === 'byte' ? 'byte' : text === '·' ? 'mark blank' : 'mark'}>
      {text}
    </span>
  );

/** Bytes as text in which line ends, blanks at line ends and broken characters show. */
export const ByteText = ({ cells }: { readonly cells: readonly Cell[] }) => (
  <>{stretches(withMarkedBlanks(cells)).map(drawn)}</>
);
