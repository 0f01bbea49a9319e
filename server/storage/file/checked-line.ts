import { crc32 } from 'node:zlib';

/** Eight hexadecimal digits and a blank stand before the text of every line of a state file. */
export const checksumLength = 9;

/** A line that stands alone, or is the first of its file. */
export const withChecksum = (text: string): string => new LineChain().line(text);

/**
 * The lines of one file, each with a checksum over its own text and that of all lines before it:
 * none of them can be removed, added or moved without breaking the next.
 */
export class LineChain {
  #last = 0;

  /** Of the last line. */
  get checksum(): string {
    return this.#last.toString(16).padStart(8, '0');
  }

  /** Writes the next line. */
  line(text: string): string {
    this.#last = crc32(text, this.#last);
    return `${this.checksum} ${text}\n`;
  }

  /** Reads the next line. @returns whether it is as it was written */
  accepts(line: Line): boolean {
    const checksum = checksumAfter(this.#last, line);
    if (checksum === undefined) return false;
    this.#last = checksum;
    return true;
  }

  copy(): LineChain {
    const copy = new LineChain();
    copy.#last = this.#last;
    return copy;
  }
}

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
export const readLines = async (
  pieces: AsyncIterable<Buffer>,
  take: (line: Line) => void,
): Promise<LinesRead> => {
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

/**
 * @returns the checksum of a line that follows a line with the given one; undefined when it has
 * another.
 */
const checksumAfter = (before: number, { piece, start, end }: Line): number | undefined => {
  if (end - start < checksumLength || piece[start + checksumLength - 1] !== 0x20) return undefined;
  const checksum = crc32(piece.subarray(start + checksumLength, end), before);
  return hexAt(piece, start) === checksum ? checksum : undefined;
};

/** Eight hexadecimal digits as a number; NaN when they are none. */
const hexAt = (piece: Buffer, start: number): number => {
  let number = 0;
  for (let at = start; at < start + 8; at++)
    number = number * 16 + (digits[piece[at] ?? 0] ?? Number.NaN);
  return number;
};

/** The value of a digit by its character code. */
const digits: readonly number[] = Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
).map((digit) => (digit < 0 ? Number.NaN : digit));

/** The text of a line behind its checksum. */
export const verifiedText = ({ piece, start, end }: Line): string =>
  piece.toString('utf8', start + checksumLength, end);
