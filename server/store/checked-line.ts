import { crc32 } from 'node:zlib';

/** Eight hexadecimal digits and a blank stand before the text of every line of a state file. */
export const checksumLength = 9;

export const checkedLine = (text: string): string => `${checksumOf(text)} ${text}\n`;

export const checksumOf = (text: string | Buffer): string => crc32(text).toString(16).padStart(8, '0');

/** A line in the piece of a file where it lies, without its line feed. */
export interface Line {
  readonly piece: Buffer;
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly number: number;
}

export interface LinesRead {
  /** Length of all whole lines. */
  readonly bytes: number;
  /** What came behind the last line feed: a line that was never finished. */
  readonly rest: Buffer;
}

const lineFeed = 0x0a;

/** Hands out the lines of a file; one that was not finished is left over. */
export const readLines = async (pieces: AsyncIterable<Buffer>, take: (line: Line) => void): Promise<LinesRead> => {
  let rest: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let number = 0;
  for await (const next of pieces) {
    const piece = rest.length === 0 ? next : Buffer.concat([rest, next]);
    let start = 0;
    for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, start)) {
      take({ piece, start, end, number: ++number });
      start = end + 1;
    }
    bytes += start;
    rest = piece.subarray(start);
  }
  return { bytes, rest };
};

/** Whether a line is as checkedLine wrote it. */
export const isIntact = ({ piece, start, end }: Line): boolean =>
  end - start >= checksumLength &&
  piece[start + checksumLength - 1] === 0x20 &&
  hexAt(piece, start) === crc32(piece.subarray(start + checksumLength, end));

/** Eight hexadecimal digits as a number; NaN when they are none. */
const hexAt = (piece: Buffer, start: number): number => {
  let number = 0;
  for (let at = start; at < start + 8; at++) number = number * 16 + (digits[piece[at] ?? 0] ?? Number.NaN);
  return number;
};

/** The value of a digit by its character code. */
const digits: readonly number[] = Array.from({ length: 256 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code))).map(
  (digit) => (digit < 0 ? Number.NaN : digit),
);

/** The text of a line behind its checksum. */
export const textOf = ({ piece, start, end }: Line): string => piece.toString('utf8', start + checksumLength, end);
