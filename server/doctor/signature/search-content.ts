import type { SignatureCase } from '../diagnosis.ts';
import type {
  BodyContent,
  BodyVariant,
  ContentVariant,
  HeadVariant,
} from '../hypotheses/hypothesis.ts';
import { type SearchOrder, searchStages } from './search-stages.ts';

/**
 * Hashing this many bytes takes about 0.1 ms, against which a clock read costs nothing.
 */
const bytesPerLook = 64 * 1024;

/**
 * Returns how many hypotheses to try between two clock reads: fewer for larger bodies, so that the
 * time limit is kept for any size.
 */
export const clockInterval = (bodyBytes: number): number =>
  Math.min(64, Math.max(1, Math.floor(bytesPerLook / (bodyBytes + 1))));

/** Counts hypotheses and checks the clock, so that no input makes a diagnosis expensive. */
export class SearchBudget {
  hypotheses = 0;
  readonly #max: number;
  readonly #maxMs: number;
  readonly #now: () => number;
  readonly #start: number;
  #checkAt: number;
  readonly #step: number;

  /**
   * @param step hypotheses between two clock reads; see `clockInterval`
   */
  constructor(max: number, maxMs: number, now: () => number, step: number) {
    this.#max = max;
    this.#maxMs = maxMs;
    this.#now = now;
    this.#step = step;
    this.#checkAt = step;
    this.#start = now();
  }

  /** @returns whether one more hypothesis may be tried. */
  take(): boolean {
    if (this.hypotheses >= this.#max) return false;
    if (this.hypotheses >= this.#checkAt) {
      if (this.ms >= this.#maxMs) return false;
      this.#checkAt += this.#step;
    }
    this.hypotheses++;
    return true;
  }

  get ms(): number {
    return this.#now() - this.#start;
  }
}

/** Returns the proof that a content is the signed one. `deep` also tries rarer ways of hashing. */
export type ContentCheck<Proof> = (content: Uint8Array, deep: boolean) => Proof | undefined;

export interface ContentSearchOptions {
  /** A larger body is not parsed or rewritten. */
  readonly maxBodyBytes: number;
  readonly budget: SearchBudget;
  readonly order?: SearchOrder;
}

export interface Match<Proof> {
  readonly variant: ContentVariant;
  readonly proof: Proof;
}

export interface SearchResult<Proof> {
  readonly match?: Match<Proof>;
  /** Every variant was tried. */
  readonly exhausted: boolean;
}

/**
 * Tries the variants of the expected content, likely and single mistakes first, until one is the
 * signed content.
 */
export const searchContent = <Proof>(
  c: SignatureCase,
  check: ContentCheck<Proof>,
  { maxBodyBytes, budget, order = 'by-family' }: ContentSearchOptions,
): SearchResult<Proof> => {
  const isLarge = c.body.length > maxBodyBytes;
  const buffer = new ContentBuffer();
  for (const { deep, heads, bodies } of searchStages(c, isLarge, order)) {
    for (const body of bodies) {
      buffer.setBody(body.body);
      for (const head of heads) {
        if (!budget.take()) return { exhausted: false };
        const proof = check(buffer.build(head), deep && head.lesserSuspicion === undefined);
        if (proof !== undefined)
          return { match: { variant: joinParts(head, body), proof }, exhausted: true };
      }
    }
  }
  return { exhausted: !isLarge };
};

const joinParts = (
  { lesserSuspicion, ...head }: HeadVariant,
  body: BodyVariant,
): ContentVariant => ({
  ...head,
  ...body,
  suspicions: [
    ...head.suspicions,
    ...body.suspicions,
    ...(lesserSuspicion === undefined ? [] : [lesserSuspicion]),
  ],
});

const utf8 = new TextEncoder();

/** The most bytes UTF-8 needs for one UTF-16 code unit. */
const bytesPerUnit = 3;

/**
 * Builds thousands of contents in one reused buffer. A part that is the same as before, at the same
 * offset, is not written again.
 */
export class ContentBuffer {
  #memory = new Uint8Array();
  /** Views by size: creating a view takes as long as writing a head. */
  readonly #contents = new Map<number, Uint8Array>();
  #start = '';
  #startSize = 0;
  #bodyMemory = new Uint8Array();
  #body: Uint8Array = this.#bodyMemory;
  /** Undefined while the body is not in the buffer. */
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

  /** @returns the whole content, valid until the next call */
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
   * Writes character by character: for a few ASCII characters that is faster than a call of the
   * encoder.
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
