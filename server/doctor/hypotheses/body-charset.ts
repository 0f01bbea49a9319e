import { decodings, recodings } from '../charset/charset-recodings.ts';
import type { BodyContent, BodyVariant } from '../content.ts';
import { blame } from '../finding.ts';
import { utf16Forms } from './whole-content.ts';

/** The body in two bytes a character, which even a text in ASCII shows. */
export function* utf16Variants(body: BodyContent): Generator<BodyVariant> {
  if (typeof body !== 'string') return;
  for (const { charset, encode } of utf16Forms)
    yield { blames: [blame('BODY_CHARSET', charset)], body: encode(body) };
}

/**
 * The body in another charset. A text in ASCII is the same bytes in all of these, so it gets none.
 */
export function* charsetVariants(body: BodyContent, among = recodings): Generator<BodyVariant> {
  if (typeof body !== 'string') {
    for (const { detail, decode } of decodings)
      yield { blames: [blame('BODY_CHARSET', detail)], body: decode(body) };
    return;
  }
  if (/[\u0080-\uffff]/.test(body)) {
    for (const { detail, recode } of among)
      yield { blames: [blame('BODY_CHARSET', detail)], body: recode(body) };
  }
}
