import { suspect } from '../catalogue/mistakes.ts';
import type { SignatureCase } from '../diagnosis.ts';
import {
  type BodyHash,
  bodyHashes,
  charsetVariants,
  emptyVariants,
  encodedBodies,
  frequentPlainVariants,
  frequentRecodings,
  hashContents,
  hashVariants,
  plainVariants,
  utf16Variants,
} from '../hypotheses/body-bytes.ts';
import {
  frequentJsonVariants,
  jsonPairs,
  jsonTriples,
  jsonVariants,
  oneNumberVariants,
  oneValueStringified,
  partVariants,
  printedBytes,
  withoutOneField,
} from '../hypotheses/body-json.ts';
import { headVariants } from '../hypotheses/heads.ts';
import {
  type BodyContent,
  type BodyVariant,
  bodyContent,
  type ContentVariant,
  emptyPrefix,
  expectedHead,
  type HeadVariant,
  headVariant,
  writeHead,
} from '../hypotheses/hypothesis.ts';
import {
  type ParsedJsonBody,
  parsedString,
  readJsonBody,
  someScalar,
} from '../hypotheses/json-body.ts';
import { wholeContents } from '../hypotheses/whole-content.ts';

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

interface ContentSearchOptions {
  /** A larger body is not parsed or rewritten. */
  readonly maxBodyBytes: number;
  readonly budget: SearchBudget;
  readonly order?: SearchOrder;
}

export interface Match<Proof> {
  readonly variant: ContentVariant;
  readonly proof: Proof;
}

interface SearchResult<Proof> {
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

/** Every body with every head; which heads or bodies are more likely, their order says. */
interface SearchStage {
  /** Worth a look at rarer ways of hashing. */
  readonly deep: boolean;
  readonly heads: readonly HeadVariant[];
  /** One after the other, as they are asked for: they may be large. */
  readonly bodies: Iterable<BodyVariant>;
}

/** `interleaved`: a few of each family first, for a search that will not get far. */
type SearchOrder = 'by-family' | 'interleaved';

/** Plain mistakes before combined ones: the first match names the mistake. */
function* searchStages(
  c: SignatureCase,
  isLarge: boolean,
  order: SearchOrder,
): Generator<SearchStage> {
  const head = expectedHead(c.target, c.clientId, c.time);
  const right = headVariant([], writeHead(head));
  const body: readonly BodyVariant[] = [{ suspicions: [], body: c.body }];
  yield { deep: true, heads: [right], bodies: body };

  const sent = bodyContent(c.body);
  const json = typeof sent === 'string' && !isLarge ? readJsonBody(sent) : undefined;
  const heads = headVariants(head, {
    hosts: c.hosts ?? [],
    bodyTexts: json === undefined ? [] : shortTexts(json),
  });
  const frequent = heads.frequent.flat();
  const hashes = bodyHashes(c.body);

  if (order === 'interleaved') {
    const lists = [
      cheapBodies(c, sent, hashes),
      isLarge ? [] : changedBodies(sent, json),
      isLarge ? [] : encodedForms(c, sent, json),
    ];
    yield* interleave([
      ...heads.frequent.map((list) => pairUp(list, body)),
      ...lists.map((list) => pairUp([right], list)),
    ]);
  }
  yield { deep: false, heads: [emptyHead], bodies: hashContents(hashes) };
  yield { deep: true, heads: frequent, bodies: body };
  yield { deep: true, heads: [right], bodies: cheapBodies(c, sent, hashes) };
  if (isLarge) return;
  if (json !== undefined)
    yield {
      deep: true,
      heads: json.end === '' ? [right, withLineFeed(right)] : [right],
      bodies: jsonVariants(json),
    };
  if (json !== undefined) yield { deep: false, heads: [right], bodies: printedBytes(json.text) };
  yield { deep: true, heads: [right], bodies: charsetVariants(sent) };
  yield { deep: false, heads: [right], bodies: utf16Variants(sent) };
  yield { deep: false, heads: [right], bodies: encodedBodies(c.body, sent) };
  yield { deep: false, heads: [emptyHead], bodies: wholeContents(c, sent, json) };
  yield { deep: false, heads: heads.rare(), bodies: body };
  if (json !== undefined) {
    yield { deep: false, heads: [right], bodies: partVariants(json) };
    yield { deep: false, heads: [right], bodies: withoutOneField(json) };
    yield { deep: false, heads: [right], bodies: oneValueStringified(json) };
  }
  yield { deep: false, heads: [right], bodies: pairedBodies(c, json) };
  if (json !== undefined) yield { deep: false, heads: [right], bodies: oneNumberVariants(json) };
  yield { deep: false, heads: frequent, bodies: distinctBodies(crossedBodies(sent, json)) };
  yield { deep: false, heads: heads.pairs(), bodies: body };
  yield { deep: false, heads: heads.nearTimes(), bodies: body };
}

/** What a program makes of its bytes or text when it prints or encodes them; few, but common. */
function* encodedForms(
  c: SignatureCase,
  sent: BodyContent,
  json: ParsedJsonBody | undefined,
): Iterable<BodyVariant> {
  if (json !== undefined) yield* printedBytes(json.text);
  yield* utf16Variants(sent);
  yield* encodedBodies(c.body, sent);
  if (json !== undefined) yield* partVariants(json);
}

const emptyHead = headVariant([], emptyPrefix);

const withLineFeed = (head: HeadVariant): HeadVariant => ({
  ...head,
  after: '\n',
  lesserSuspicion: suspect('BODY_NEWLINE_SIGNED'),
});

/** One of each list in turn, until all are used up. */
function* interleave(lists: readonly Iterable<SearchStage>[]): Generator<SearchStage> {
  let open = lists.map((list) => list[Symbol.iterator]());
  while (open.length > 0) {
    const steps = open.map((iterator) => ({ iterator, step: iterator.next() }));
    for (const { step } of steps) if (step.done !== true) yield step.value;
    open = steps.filter(({ step }) => step.done !== true).map(({ iterator }) => iterator);
  }
}

/** One head and one body at a time. */
function* pairUp(
  heads: readonly HeadVariant[],
  bodies: Iterable<BodyVariant>,
): Generator<SearchStage> {
  for (const body of bodies)
    for (const head of heads) yield { deep: false, heads: [head], bodies: [body] };
}

/** Variants that need no parsing, tried for a body of any size. */
function* cheapBodies(
  { plainBody, sealedBody }: SignatureCase,
  sent: BodyContent,
  hashes: readonly BodyHash[],
): Generator<BodyVariant> {
  if (plainBody !== undefined)
    yield { suspicions: [suspect('ENC_PLAINTEXT_SIGNED')], body: bodyContent(plainBody) };
  if (sealedBody !== undefined)
    yield {
      suspicions: [suspect('ENC_BODY_NOT_ENCRYPTED', 'you signed the ciphertext')],
      body: bodyContent(sealedBody),
    };
  if (typeof sent === 'string') yield* plainVariants(sent);
  yield* emptyVariants(sent);
  yield* hashVariants(hashes);
}

function* changedBodies(
  sent: BodyContent,
  json: ParsedJsonBody | undefined,
): Generator<BodyVariant> {
  if (json !== undefined) yield* jsonVariants(json);
  yield* charsetVariants(sent);
}

/** The bodies to cross with every frequent head. */
function* crossedBodies(
  sent: BodyContent,
  json: ParsedJsonBody | undefined,
): Generator<BodyVariant> {
  if (typeof sent === 'string') yield* frequentPlainVariants(sent);
  if (json !== undefined) yield* frequentJsonVariants(json);
  yield* charsetVariants(sent, frequentRecodings);
}

/** Where two come to the same text, the first one names it. */
function* distinctBodies(bodies: Iterable<BodyVariant>): Generator<BodyVariant> {
  const seen = new Set<BodyContent>();
  for (const one of bodies) {
    if (seen.size < seen.add(one.body).size) yield one;
  }
}

/** Two changes to the body; for a sealed message the plain body rewritten. */
function* pairedBodies(
  { plainBody }: SignatureCase,
  json: ParsedJsonBody | undefined,
): Generator<BodyVariant> {
  if (json !== undefined) {
    yield* jsonPairs(json);
    yield* jsonTriples(json);
  }
  const plain = plainBody === undefined ? undefined : bodyContent(plainBody);
  const plainJson = typeof plain === 'string' ? readJsonBody(plain) : undefined;
  if (plainJson === undefined) return;
  for (const { suspicions, body } of jsonVariants(plainJson))
    yield { suspicions: [suspect('ENC_PLAINTEXT_SIGNED'), ...suspicions], body };
}

const maxTexts = 24;

/** Short values of the body: an id or a time among them may have been signed in the wrong place. */
const shortTexts = ({ json }: ParsedJsonBody): readonly string[] => {
  const texts = new Set<string>();
  someScalar(json, (scalar) => {
    const text = parsedString(scalar);
    if (text.length >= 6 && text.length <= 40) texts.add(text);
    return texts.size === maxTexts;
  });
  return [...texts];
};
