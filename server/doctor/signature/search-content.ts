import type { DoctorLimits, SignatureCase } from '../diagnosis.ts';
import type {
  BodyContent,
  BodyVariant,
  ContentVariant,
  HeadVariant,
} from '../hypotheses/hypothesis.ts';
import { type SearchOrder, searchStages } from './search-stages.ts';

/**
 * About as many bytes are hashed in a tenth of a millisecond: a look at the clock costs next to
 * nothing beside that.
 */
const bytesPerLook = 64 * 1024;

/**
 * Looks at the clock the more often the larger the contents are, so that a bound on time holds for
 * any size.
 */
export const clockInterval = (bodyBytes: number): number =>
  Math.min(64, Math.max(1, Math.floor(bytesPerLook / (bodyBytes + 1))));

/** Counts hypotheses and looks at the clock, so that no input can make a diagnosis expensive. */
export class SearchBudget {
  hypotheses = 0;
  readonly #max: number;
  readonly #maxMs: number;
  readonly #now: () => number;
  readonly #start: number;
  #checkAt: number;
  readonly #step: number;

  /**
   * @param step how many hypotheses pass between two looks at the clock; `clockStep` tells a good
   * number
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

/** Tells whether a content is the signed one. `deep` asks for rarer ways of hashing too. */
export type ContentCheck<Proof> = (content: Uint8Array, deep: boolean) => Proof | undefined;

export interface Match<Proof> {
  readonly variant: ContentVariant;
  readonly proof: Proof;
}

export interface SearchResult<Proof> {
  readonly match?: Match<Proof>;
  /** Nothing was left out. */
  readonly exhausted: boolean;
}

/**
 * Goes through the variants of the expected content, the likely and plain ones first, until one is
 * the signed one.
 */
export const searchContent = <Proof>(
  c: SignatureCase,
  { maxBodyBytes }: DoctorLimits,
  budget: SearchBudget,
  trial: ContentCheck<Proof>,
  order: SearchOrder = 'by-family',
): SearchResult<Proof> => {
  const isLarge = c.body.length > maxBodyBytes;
  const sheet = new ContentBuffer();
  for (const { deep, heads, bodies } of searchStages(c, isLarge, order)) {
    for (const body of bodies) {
      sheet.setBody(body.body);
      for (const head of heads) {
        if (!budget.take()) return { exhausted: false };
        const proof = trial(sheet.build(head), deep && head.lesserSuspicion === undefined);
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
