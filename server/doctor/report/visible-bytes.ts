const marks: Readonly<Record<number, string>> = { 10: '␊', 13: '␍', 9: '␉' };

const hex = (byte: number): string => `<${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/** Where blanks are easily overlooked: at the ends of the text and of its lines. */
const isAtAnEnd = (bytes: Buffer, index: number): boolean => {
  const isEdge = (at: number): boolean =>
    at < 0 || at >= bytes.length || bytes[at] === 0x0a || bytes[at] === 0x0d;
  let before = index;
  let after = index;
  while (bytes[before] === 0x20) before--;
  while (bytes[after] === 0x20) after++;
  return isEdge(before) || isEdge(after);
};

const visibleByte = (bytes: Buffer, index: number): string => {
  const byte = bytes[index] ?? 0;
  if (byte === 0x20) return isAtAnEnd(bytes, index) ? '·' : ' ';
  return marks[byte] ?? (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex(byte));
};

/**
 * Bytes as one line of text in which nothing hides: line feeds as ␊, CR as ␍, tabs as ␉, blanks at
 * line ends as ·, every byte that is no printable ASCII as hex. No control character gets through
 * to a terminal.
 * @returns one text per byte of the range
 */
export const visibleBytes = (bytes: Buffer, from = 0, to = bytes.length): readonly string[] =>
  Array.from({ length: Math.max(0, Math.min(to, bytes.length) - from) }, (_, at) =>
    visibleByte(bytes, from + at),
  );
