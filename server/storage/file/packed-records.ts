import type { PackedStore } from '../../domain/state/record-map.ts';

/** Positions: the number of the piece, times this, plus the place in the piece. */
const span = 8 * 1024 * 1024;
const lineFeed = 0x0a;
const tab = 0x09;

/**
 * Records as the bytes they were read as, outside the heap. A piece is let go once none of its
 * records is held any more.
 */
export class PackedRecords implements PackedStore {
  readonly #pieces: (Buffer | undefined)[] = [];
  readonly #held: number[] = [];

  /**
   * @returns the position of a record's JSON in a piece; undefined where it is too far in to have
   * one.
   */
  add(piece: Buffer, start: number): number | undefined {
    if (start >= span) return undefined;
    if (this.#pieces.at(-1) !== piece) {
      this.#pieces.push(piece);
      this.#held.push(0);
    }
    const index = this.#pieces.length - 1;
    this.#held[index] = (this.#held[index] ?? 0) + 1;
    return index * span + start;
  }

  textAt(position: number): string {
    const piece = this.#pieceAt(position);
    return piece.toString('utf8', position % span, findEnd(piece, position % span));
  }

  bytesAt(position: number): number {
    return findEnd(this.#pieceAt(position), position % span) - (position % span);
  }

  release(position: number): void {
    const index = Math.floor(position / span);
    const left = (this.#held[index] ?? 0) - 1;
    this.#held[index] = left;
    // The last piece may still be read from.
    if (left === 0 && index < this.#pieces.length - 1) this.#pieces[index] = undefined;
  }

  #pieceAt(position: number): Buffer {
    const piece = this.#pieces[Math.floor(position / span)];
    if (piece === undefined) throw new Error('a record was asked for after it had been released');
    return piece;
  }
}

/** JSON holds neither line feed nor tab as such, so the next of either ends it. */
const findEnd = (piece: Buffer, start: number): number => {
  for (let at = start; at < piece.length; at++) {
    const byte = piece[at];
    if (byte === lineFeed || byte === tab) return at;
  }
  return piece.length;
};
