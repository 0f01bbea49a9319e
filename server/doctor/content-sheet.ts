import type { BodyContent, HeadVariant } from './content.ts';

const utf8 = new TextEncoder();

/** UTF-8 needs no more for a unit of UTF-16. */
const bytesPerUnit = 3;

/**
 * Where contents are put together, thousands of times in a row and always in the same memory. What
 * is the same as in the content before, and in the same place, is not written again.
 */
export class ContentBuffer {
  #memory = new Uint8Array();
  /** By size: cutting one out anew takes as long as writing a head. */
  readonly #contents = new Map<number, Uint8Array>();
  #start = '';
  #startSize = 0;
  #bodyMemory = new Uint8Array();
  #body: Uint8Array = this.#bodyMemory;
  /** Undefined while the body is not on the sheet. */
  #bodyAt: number | undefined;

  setBody(body: BodyContent): void {
    this.#body = typeof body === 'string' ? this.#encode(body) : body;
    this.#bodyAt = undefined;
  }

  #encode(body: string): Uint8Array {
    const most = body.length * bytesPerUnit;
    if (most > this.#bodyMemory.length) this.#bodyMemory = new Uint8Array(2 * most);
    return this.#bodyMemory.subarray(0, utf8.encodeInto(body, this.#bodyMemory).written);
  }

  /** @returns the whole content, good until the next call */
  build({ start, time, lastDot, after }: HeadVariant): Uint8Array {
    this.#makeRoom(
      (start.length + time.length + lastDot.length + after.length) * bytesPerUnit +
        this.#body.length,
    );
    if (start !== this.#start) this.#startSize = utf8.encodeInto(start, this.#memory).written;
    this.#start = start;
    const headSize = this.#write(lastDot, this.#write(time, this.#startSize));
    if (headSize !== this.#bodyAt) this.#memory.set(this.#body, headSize);
    this.#bodyAt = headSize;
    const size = this.#write(after, headSize + this.#body.length);
    return this.#contents.get(size) ?? this.#cut(size);
  }

  /**
   * Character by character: for a few in ASCII that takes less time than a call of the encoder.
   * @returns where it ends
   */
  #write(text: string, at: number): number {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return at + utf8.encodeInto(text, this.#memory.subarray(at)).written;
      this.#memory[at + index] = unit;
    }
    return at + text.length;
  }

  #cut(size: number): Uint8Array {
    const content = this.#memory.subarray(0, size);
    this.#contents.set(size, content);
    return content;
  }

  #makeRoom(size: number): void {
    if (size <= this.#memory.length) return;
    this.#memory = new Uint8Array(2 * size);
    this.#contents.clear();
    this.#start = '';
    this.#startSize = 0;
    this.#bodyAt = undefined;
  }
}
