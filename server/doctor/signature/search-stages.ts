import { suspect } from '../catalogue/mistakes.ts';
import type { SignatureCase } from '../diagnosis.ts';
import {
  type BodyHash,
  bodyHashes,
  emptyVariants,
  encodedBodies,
  frequentPlainVariants,
  hashContents,
  hashVariants,
  plainVariants,
} from '../hypotheses/body-bytes.ts';
import { charsetVariants, frequentRecodings, utf16Variants } from '../hypotheses/body-charset.ts';
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
  emptyPrefix,
  expectedHead,
  type HeadVariant,
  headVariant,
  writeHead,
} from '../hypotheses/hypothesis.ts';
import { type ParsedJsonBody, readJsonBody } from '../hypotheses/json-body.ts';
import { parsedString, someScalar } from '../hypotheses/json-text.ts';
import { wholeContents } from '../hypotheses/whole-content.ts';

/** Every body with every head; which heads or bodies are more likely, their order says. */
export interface SearchStage {
  /** Worth a look at rarer ways of hashing. */
  readonly deep: boolean;
  readonly heads: readonly HeadVariant[];
  /** One after the other, as they are asked for: they may be large. */
  readonly bodies: Iterable<BodyVariant>;
}

/** `interleaved`: a few of each family first, for a search that will not get far. */
export type SearchOrder = 'by-family' | 'interleaved';

/** Plain mistakes before combined ones: the first match names the mistake. */
export function* searchStages(
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
