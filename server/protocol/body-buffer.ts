import { hash } from 'node:crypto';

/**
 * Collects a body in one growing buffer, so that a limit on its bytes is a limit on what is
 * retained: a list of chunks costs some two hundred bytes for each, and a caller may send a byte a
 * chunk.
 */
export class BodyBuffer {
  readonly #limit: number;
  #held: Uint8Array = new Uint8Array(0);
  #length = 0;

  /** @param limit the most bytes that are taken */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns false when the body is larger than the limit; then nothing of the chunk is kept. */
  append(chunk: Uint8Array): boolean {
    const length = this.#length + chunk.byteLength;
    if (length > this.#limit) return false;
    // Most bodies come in one piece, which is kept as it is.
    if (this.#length === 0) this.#held = chunk;
    else {
      if (length > this.#held.byteLength) this.#grow(length);
      this.#held.set(chunk, this.#length);
    }
    this.#length = length;
    return true;
  }

  /** The body, without room to grow. */
  toBuffer(): Buffer {
    const { buffer, byteOffset, byteLength } = this.#held;
    if (byteLength === this.#length) return Buffer.from(buffer, byteOffset, byteLength);
    return Buffer.from(this.#held.subarray(0, this.#length));
  }

  #grow(length: number): void {
    const grown = new Uint8Array(
      Math.min(Math.max(2 * length, 4096), Math.max(this.#limit, length)),
    );
    grown.set(this.#held.subarray(0, this.#length));
    this.#held = grown;
  }
}

/** Reads a body to its end. @returns undefined as soon as it is larger than the limit */
export const collectBody = async (
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Buffer | undefined> => {
  const body = new BodyBuffer(limit);
  for await (const chunk of chunks) if (!body.append(chunk)) return undefined;
  return body.toBuffer();
};

/**
 * SHA-256 of a request's plain bytes as base64: distinguishes a repeated request from a changed one
 * (register I-02, I-03).
 */
export const bodyFingerprint = (plain: Buffer): string => hash('sha256', plain, 'base64');
