import type { Budget } from '../budget.ts';
import { frequentRecodings } from '../charset/charset-recodings.ts';
import {
  type BodyContent,
  type BodyVariant,
  bodyContent,
  type ContentVariant,
  contentJoiner,
  expectedHead,
  type HeadVariant,
  writeHead,
} from '../content.ts';
import type { DoctorLimits, SignatureCase } from '../diagnosis.ts';
import { type Blame, blame } from '../finding.ts';
import { emptyVariants, frequentPlainVariants, hashContents, hashVariants, plainVariants } from '../hypotheses/body-bytes.ts';
import { charsetVariants } from '../hypotheses/body-charset.ts';
import { frequentJsonVariants, type JsonBody, jsonPairs, jsonVariants, readJsonBody } from '../hypotheses/body-json.ts';
import { fineTimeHeads, frequentHeadLists, frequentHeads, headPairs, rareHeads } from '../hypotheses/heads.ts';
import type { CaseFacts } from '../hypotheses/hypothesis.ts';
import { parsedString, scalarsOf } from '../json/json-text.ts';

/** Tells whether a content is the signed one. `deep` asks for rarer ways of hashing too. */
export type Trial<Proof> = (content: string | Buffer, deep: boolean) => Proof | undefined;

export interface Match<Proof> {
  readonly variant: ContentVariant;
  readonly proof: Proof;
}

export interface SearchResult<Proof> {
  readonly match?: Match<Proof>;
  /** Nothing was left out. */
  readonly exhausted: boolean;
}

/** Goes through the variants of the expected content, the likely and plain ones first, until one is the signed one. */
export const searchContent = <Proof>(
  c: SignatureCase,
  { maxBodyBytes }: DoctorLimits,
  budget: Budget,
  trial: Trial<Proof>,
  order: SearchOrder = 'by-family',
): SearchResult<Proof> => {
  const isLarge = c.body.length > maxBodyBytes;
  const join = contentJoiner();
  for (const { deep, variants } of stages(c, isLarge, order)) {
    for (const variant of variants) {
      if (!budget.take()) return { exhausted: false };
      const proof = trial(join(variant), deep);
      if (proof !== undefined) return { match: { variant, proof }, exhausted: true };
    }
  }
  return { exhausted: !isLarge };
};

/** `interleaved`: a few of each family first, for a search that will not get far. */
export type SearchOrder = 'by-family' | 'interleaved';

interface Stage {
  readonly deep: boolean;
  readonly variants: Iterable<ContentVariant>;
}

function* stages(c: SignatureCase, isLarge: boolean, order: SearchOrder): Generator<Stage> {
  const head = expectedHead(c.target, c.clientId, c.time);
  const sent = bodyContent(c.body);
  const json = typeof sent === 'string' && !isLarge ? readJsonBody(sent) : undefined;
  const facts: CaseFacts = { hosts: c.hosts ?? [], bodyTexts: json === undefined ? [] : shortTexts(json) };
  const right: HeadVariant = { blames: [], before: writeHead(head), after: '' };
  const body: readonly BodyVariant[] = [quickToHash({ blames: [], body: sent })];

  yield { deep: true, variants: cross([right], body) };
  if (order === 'interleaved') {
    const heads = frequentHeadLists(head, facts).map((list) => cross(list, body));
    const bodies = [cheapBodies(c, sent), isLarge ? [] : changedBodies(sent, json)].map((list) => cross([right], list));
    yield { deep: false, variants: interleave([...heads, ...bodies]) };
  }
  yield { deep: false, variants: hashContents(sent) };
  yield { deep: true, variants: cross(frequentHeads(head, facts), body) };
  yield { deep: true, variants: cross([right], cheapBodies(c, sent)) };
  if (isLarge) return;
  yield { deep: true, variants: cross([right], changedBodies(sent, json)) };
  yield { deep: false, variants: cross(rareHeads(head, facts), body) };
  yield { deep: false, variants: cross([right], pairedBodies(c, json)) };
  yield { deep: false, variants: cross(frequentHeads(head, facts), [...crossedBodies(sent, json)].map(quickToHash)) };
  yield { deep: false, variants: cross(headPairs(head, facts), body) };
  yield { deep: false, variants: cross(fineTimeHeads(head, facts), body) };
}

/** Blames of both sides; the search ends at the first match, so the order of the two lists is the order of likelihood. */
function* cross(heads: Iterable<HeadVariant>, bodies: Iterable<BodyVariant>): Generator<ContentVariant> {
  for (const { blames, before, after } of heads) {
    for (const body of bodies) yield { blames: joined(blames, body.blames), before, after, body: body.body };
  }
}

/** Most variants have blames on one side only. */
const joined = (some: readonly Blame[], others: readonly Blame[]): readonly Blame[] =>
  some.length === 0 ? others : others.length === 0 ? some : [...some, ...others];

/** One of each list in turn, until all are used up. */
function* interleave(lists: readonly Iterable<ContentVariant>[]): Generator<ContentVariant> {
  let open = lists.map((list) => list[Symbol.iterator]());
  while (open.length > 0) {
    const steps = open.map((iterator) => ({ iterator, step: iterator.next() }));
    for (const { step } of steps) if (step.done !== true) yield step.value;
    open = steps.filter(({ step }) => step.done !== true).map(({ iterator }) => iterator);
  }
}

/** Variants that need no parsing, tried for a body of any size. */
function* cheapBodies({ plainBody }: SignatureCase, sent: BodyContent): Generator<BodyVariant> {
  if (plainBody !== undefined) yield { blames: [blame('ENC_PLAINTEXT_SIGNED')], body: bodyContent(plainBody) };
  if (typeof sent === 'string') yield* plainVariants(sent);
  yield* emptyVariants(sent);
  yield* hashVariants(sent);
}

function* changedBodies(sent: BodyContent, json: JsonBody | undefined): Generator<BodyVariant> {
  if (json !== undefined) yield* jsonVariants(json);
  yield* charsetVariants(sent);
}

/** The bodies to cross with every frequent head. */
function* crossedBodies(sent: BodyContent, json: JsonBody | undefined): Generator<BodyVariant> {
  if (typeof sent === 'string') yield* frequentPlainVariants(sent);
  if (json !== undefined) yield* frequentJsonVariants(json);
  yield* charsetVariants(sent, frequentRecodings);
}

/** A text beyond ASCII is encoded once for all heads. */
const quickToHash = ({ blames, body }: BodyVariant): BodyVariant => ({
  blames,
  body: typeof body === 'string' && /[\u0080-\uffff]/.test(body) ? Buffer.from(body) : body,
});

/** Two changes to the body; for a sealed message the plain body rewritten. */
function* pairedBodies({ plainBody }: SignatureCase, json: JsonBody | undefined): Generator<BodyVariant> {
  if (json !== undefined) yield* jsonPairs(json);
  const plain = plainBody === undefined ? undefined : bodyContent(plainBody);
  const plainJson = typeof plain === 'string' ? readJsonBody(plain) : undefined;
  if (plainJson === undefined) return;
  for (const { blames, body } of jsonVariants(plainJson)) yield { blames: [blame('ENC_PLAINTEXT_SIGNED'), ...blames], body };
}

const mostTexts = 24;

/** Short values of the body: an id or a time among them may have been signed in the wrong place. */
const shortTexts = ({ json }: JsonBody): readonly string[] => {
  const texts = scalarsOf(json)
    .map(parsedString)
    .filter((text) => text.length >= 6 && text.length <= 40);
  return [...new Set(texts)].slice(0, mostTexts);
};
