import type { Budget } from '../budget.ts';
import type { BodyVariant, ContentVariant, HeadVariant } from '../content.ts';
import { ContentBuffer } from '../content-sheet.ts';
import type { DoctorLimits, SignatureCase } from '../diagnosis.ts';
import { type SearchOrder, searchStages } from './search-stages.ts';

/** Tells whether a content is the signed one. `deep` asks for rarer ways of hashing too. */
export type Trial<Proof> = (content: Uint8Array, deep: boolean) => Proof | undefined;

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
  budget: Budget,
  trial: Trial<Proof>,
  order: SearchOrder = 'by-family',
): SearchResult<Proof> => {
  const isLarge = c.body.length > maxBodyBytes;
  const sheet = new ContentBuffer();
  for (const { deep, heads, bodies } of searchStages(c, isLarge, order)) {
    for (const body of bodies) {
      sheet.setBody(body.body);
      for (const head of heads) {
        if (!budget.take()) return { exhausted: false };
        const proof = trial(sheet.build(head), deep && head.lesserBlame === undefined);
        if (proof !== undefined)
          return { match: { variant: joinParts(head, body), proof }, exhausted: true };
      }
    }
  }
  return { exhausted: !isLarge };
};

const joinParts = ({ lesserBlame, ...head }: HeadVariant, body: BodyVariant): ContentVariant => ({
  ...head,
  ...body,
  blames: [...head.blames, ...body.blames, ...(lesserBlame === undefined ? [] : [lesserBlame])],
});
