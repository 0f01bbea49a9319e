import { type ContentHead, type HeadVariant, writeHead } from '../content.ts';
import { blame } from '../finding.ts';
import { clientIdHypotheses } from './client-id.ts';
import type { CaseFacts, HeadHypothesis } from './hypothesis.ts';
import { methodHypotheses, queryHypotheses, uriHypotheses } from './method-and-uri.ts';
import { separatorHypotheses } from './separators.ts';
import { fineTimeHypotheses, timeHypotheses } from './time.ts';

/** The families of mistakes before the body; any two of them can meet. */
const headFamilies: readonly (readonly HeadHypothesis[])[] = [
  methodHypotheses,
  queryHypotheses,
  uriHypotheses,
  separatorHypotheses,
  clientIdHypotheses,
  timeHypotheses,
];

const queryFamily = headFamilies.indexOf(queryHypotheses);

type Wanted = (row: HeadHypothesis) => boolean;
const any: Wanted = () => true;
const frequent: Wanted = (row) => row.frequent;

interface ChangedHead extends HeadVariant {
  readonly head: ContentHead;
  readonly parts: Partial<ContentHead>;
}

function* changed(head: ContentHead, facts: CaseFacts, rows: readonly HeadHypothesis[], wanted: Wanted): Generator<ChangedHead> {
  for (const row of rows) {
    if (!wanted(row)) continue;
    for (const { parts, detail } of row.changes(head, facts)) {
      const variant = { ...head, ...parts };
      yield { blames: [blame(row.finding, detail)], before: writeHead(variant), after: '', head: variant, parts };
    }
  }
}

/** Other arrangements of the whole. */
function* arrangements(head: ContentHead): Generator<HeadVariant> {
  yield { blames: [blame('BODY_ONLY_SIGNED')], before: '', after: '' };
  yield { blames: [blame('TIME_AND_BODY_SWAPPED')], before: writeHead({ ...head, time: '', lastDot: '' }), after: `.${head.time}` };
  yield {
    blames: [blame('TIME_AND_BODY_SWAPPED', 'the time before the client id')],
    before: writeHead({ ...head, clientId: head.time, time: '', lastDot: '' }),
    after: `.${head.clientId}`,
  };
}

/** Heads with one frequent mistake: the ones worth crossing with everything else. */
export function* frequentHeads(head: ContentHead, facts: CaseFacts): Generator<HeadVariant> {
  for (const list of frequentHeadLists(head, facts)) yield* list;
}

/** The same by family, so that a search that can afford few of them takes the first ones of each. */
export const frequentHeadLists = (head: ContentHead, facts: CaseFacts): readonly Iterable<HeadVariant>[] => [
  arrangements(head),
  ...headFamilies.map((family) => changed(head, facts, family, frequent)),
];

/** Heads with one rare mistake. */
export function* rareHeads(head: ContentHead, facts: CaseFacts): Generator<HeadVariant> {
  for (const family of headFamilies) yield* changed(head, facts, family, (row) => !row.frequent);
}

/** Thousands of heads that differ in milliseconds. */
export const fineTimeHeads = (head: ContentHead, facts: CaseFacts): Generator<HeadVariant> => changed(head, facts, fineTimeHypotheses, any);

/** Heads with two frequent mistakes, each of another family. */
export function* headPairs(head: ContentHead, facts: CaseFacts): Generator<HeadVariant> {
  const lists = headFamilies.map((family) => [...changed(head, facts, family, frequent)]);
  for (const [index, firsts] of lists.entries()) {
    for (const first of firsts) {
      // Families touch different parts, so their changes add up; only the query and the path share one.
      const shared = first.head.target === head.target ? [] : [...changed(first.head, facts, uriHypotheses, frequent)];
      const seconds = index === queryFamily ? [...shared, ...lists.slice(index + 2).flat()] : lists.slice(index + 1).flat();
      for (const second of seconds) {
        const before = writeHead({ ...first.head, ...second.parts });
        yield { blames: [...first.blames, ...second.blames], before, after: '' };
      }
    }
  }
}
