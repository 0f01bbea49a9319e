import type { BodyContent, HeadVariant } from './content.ts';

const utf8 = new TextEncoder();

/**
 * Where contents are put together, thousands of times in a row and always in the same memory: a body is written once and stays
 * where it is, while one head after the other comes around it.
 */
export class ContentSheet {
  #memory = new Uint8Array();
  #bodyStart = 0;
  #bodyEnd = 0;

  placeBody(body: BodyContent): void {
    const size = Buffer.byteLength(body);
    this.#bodyEnd = this.#bodyStart;
    this.#makeRoom(0, size);
    this.#bodyEnd += size;
    if (typeof body === 'string') utf8.encodeInto(body, this.#memory.subarray(this.#bodyStart));
    else this.#memory.set(body, this.#bodyStart);
  }

  /** @returns the whole content, good until the next call */
  withHead({ before, after }: HeadVariant): Uint8Array {
    const bytesBefore = Buffer.byteLength(before);
    const bytesAfter = after === '' ? 0 : Buffer.byteLength(after);
    this.#makeRoom(bytesBefore, bytesAfter);
    const content = this.#memory.subarray(this.#bodyStart - bytesBefore, this.#bodyEnd + bytesAfter);
    utf8.encodeInto(before, content);
    if (bytesAfter > 0) utf8.encodeInto(after, this.#memory.subarray(this.#bodyEnd));
    return content;
  }

  #makeRoom(before: number, behind: number): void {
    if (before <= this.#bodyStart && this.#bodyEnd + behind <= this.#memory.length) return;
    const body = this.#memory.subarray(this.#bodyStart, this.#bodyEnd);
    this.#bodyStart = Math.max(this.#bodyStart, 2 * before, 1024);
    this.#bodyEnd = this.#bodyStart + body.length;
    this.#memory = new Uint8Array(this.#bodyEnd + 2 * behind);
    this.#memory.set(body, this.#bodyStart);
  }
}
