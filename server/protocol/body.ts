import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** A message whose body is still to be read; its headers may declare how long it is. */
export type BodyStream = Readable & {
  readonly headers?: { readonly 'content-length'?: string | undefined };
};

/** Why there is no body: it is too large, or the stream ended before it was complete. */
export type UnreadBody = 'too large' | BrokenOffBody;

export interface BrokenOffBody {
  /** What of the body had arrived. */
  readonly received: Buffer;
  readonly error: Error | undefined;
}

/**
 * Reads the exact bytes of a body. One that is declared or grows larger than the limit is refused
 * at once; the rest of it is discarded unread.
 */
export const readBody = (stream: BodyStream, maxBytes: number): Promise<Buffer | UnreadBody> =>
  new Promise((resolve) => {
    const body = new BodyBuffer(maxBytes);
    let isOver = false;
    const finish = (outcome: Buffer | UnreadBody): void => {
      isOver = true;
      resolve(outcome);
    };
    if (Number(stream.headers?.['content-length'] ?? 0) > maxBytes) finish('too large');
    // The listeners stay: to remove them costs more than to read the body, what is left of it is
    // discarded, and a sender that breaks off later concerns no reader.
    stream
      .on('data', (chunk: Uint8Array) => {
        if (!isOver && !body.append(chunk)) finish('too large');
      })
      .on('end', () => {
        if (!isOver) finish(body.toBuffer());
      })
      .on('error', (error: Error) => {
        if (!isOver) finish({ received: body.toBuffer(), error });
      })
      .on('close', () => {
        if (!isOver) finish({ received: body.toBuffer(), error: undefined });
      });
  });

/**
 * Collects a body in one growing buffer, so that a limit on its bytes is a limit on what is
 * retained: a list of chunks costs some two hundred bytes for each, and a caller may send a byte a
 * chunk.
 */
export class BodyBuffer {
  readonly #maxBytes: number;
  #held: Uint8Array = new Uint8Array(0);
  #length = 0;

  /** @param maxBytes the most bytes that are taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns false when the body is larger than the limit; then nothing of the chunk is kept. */
  append(chunk: Uint8Array): boolean {
    const length = this.#length + chunk.byteLength;
    if (length > this.#maxBytes) return false;
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
      Math.min(Math.max(2 * length, 4096), Math.max(this.#maxBytes, length)),
    );
    grown.set(this.#held.subarray(0, this.#length));
    this.#held = grown;
  }
}

/**
 * SHA-256 of a request's plain bytes as base64: distinguishes a repeated request from a changed one
 * (register I-02, I-03).
 */
export const bodyFingerprint = (plain: Buffer): string => hash('sha256', plain, 'base64');
