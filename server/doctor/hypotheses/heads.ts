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

interface ChangedHead extends HeadVariant {
  readonly changes: Partial<ContentHead>;
}

/** A plain loop here and below: there are thousands of heads, and `flatMap` takes longer to join lists than it takes to write the heads. */
const changed = (head: ContentHead, facts: CaseFacts, rows: readonly HeadHypothesis[]): readonly ChangedHead[] => {
  const heads: ChangedHead[] = [];
  for (const { finding, changes } of rows) {
    for (const { parts, detail } of changes(head, facts)) {
      heads.push({ blames: [blame(finding, detail)], before: writeHead(head, parts), after: '', changes: parts });
    }
  }
  return heads;
};

const frequentOf = (family: readonly HeadHypothesis[]): readonly HeadHypothesis[] => family.filter(({ frequent }) => frequent);
const rareOf = (family: readonly HeadHypothesis[]): readonly HeadHypothesis[] => family.filter(({ frequent }) => !frequent);

/** Two rows may come to the same text; the first one names it. */
const distinct = (heads: readonly ChangedHead[]): readonly ChangedHead[] => {
  const seen = new Set<string>();
  return heads.filter(({ before }) => seen.size < seen.add(before).size);
};

/** Other arrangements of the whole. */
const arrangements = (head: ContentHead): readonly HeadVariant[] => [
  { blames: [blame('BODY_ONLY_SIGNED')], before: '', after: '' },
  { blames: [blame('TIME_AND_BODY_SWAPPED')], before: writeHead(head, { time: '', lastDot: '' }), after: `.${head.time}` },
  {
    blames: [blame('TIME_AND_BODY_SWAPPED', 'the time before the client id')],
    before: writeHead(head, { clientId: head.time, time: '', lastDot: '' }),
    after: `.${head.clientId}`,
  },
];

/** What may have stood around the body instead. */
export interface HeadVariants {
  /** Heads with one frequent mistake, by family: the ones worth crossing with everything else. */
  readonly frequent: readonly (readonly HeadVariant[])[];
  /** Heads with one rare mistake. */
  readonly rare: () => readonly HeadVariant[];
  /** Heads with two frequent mistakes, each of another family. */
  readonly pairs: () => readonly HeadVariant[];
  /** Thousands of heads that differ in milliseconds. */
  readonly fineTimes: () => readonly HeadVariant[];
}

export const headVariants = (head: ContentHead, facts: CaseFacts): HeadVariants => {
  const families = headFamilies.map((family) => distinct(changed(head, facts, frequentOf(family))));
  return {
    frequent: [arrangements(head), ...families],
    rare: () => changed(head, facts, rareOf(headFamilies.flat())),
    pairs: () => headPairs(head, facts, families),
    fineTimes: () => fineTimes(head, facts),
  };
};

/** Families touch different parts, so their changes add up; only the query and the path share one. */
const headPairs = (head: ContentHead, facts: CaseFacts, families: readonly (readonly ChangedHead[])[]): readonly HeadVariant[] => {
  const pairs: HeadVariant[] = [];
  for (const [index, firsts] of families.entries()) {
    const isQuery = index === queryFamily;
    const others = families.slice(index + (isQuery ? 2 : 1)).flat();
    for (const { blames, changes } of firsts) {
      const once = { ...head, ...changes };
      const onPath = isQuery ? changed(once, facts, frequentOf(uriHypotheses)) : [];
      for (const second of [...onPath, ...others]) {
        pairs.push({ blames: [...blames, ...second.blames], before: writeHead(once, second.changes), after: '' });
      }
    }
  }
  return pairs;
};

/** All of them differ in the time alone, so what stands before it is written once. */
const fineTimes = (head: ContentHead, facts: CaseFacts): readonly HeadVariant[] => {
  const start = writeHead(head, { time: '', lastDot: '' });
  const heads: HeadVariant[] = [];
  for (const { finding, changes } of fineTimeHypotheses) {
    for (const { parts, detail } of changes(head, facts)) {
      heads.push({ blames: [blame(finding, detail)], before: start + (parts.time ?? head.time) + head.lastDot, after: '' });
    }
  }
  return heads;
};
