import { TextDecoder } from 'node:util';
import { suspect } from '../catalogue/mistakes.ts';
import type { BodyContent, BodyVariant } from './hypothesis.ts';
import { utf16Forms } from './whole-content.ts';

/** The two-byte charsets that old systems of the region default to. */
export type LegacyCharset = 'gbk' | 'big5';

/** Character to its encoded bytes, each written as the character with that code. */
type Pairs = ReadonlyMap<string, string>;

/**
 * Node decodes these charsets but does not encode: the way back is a table made from decoding every
 * pair of bytes, once.
 */
const tables = new Map<LegacyCharset, Pairs>();

const buildTable = (charset: LegacyCharset): Pairs => {
  const known = tables.get(charset);
  if (known !== undefined) return known;
  const table = makeTable(charset);
  tables.set(charset, table);
  return table;
};

/** Every pair with a line feed after it, which is no part of any pair. */
const allPairs = (): string => {
  let pairs = '';
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) pairs += String.fromCharCode(lead, trail, 0x0a);
  }
  return pairs;
};

/** All pairs are decoded in one go: one call for each takes several times as long. */
const makeTable = (charset: LegacyCharset): Pairs => {
  const pairs = allPairs();
  const characters = new TextDecoder(charset).decode(Buffer.from(pairs, 'latin1')).split('\n');
  const table = new Map<string, string>();
  for (const [index, character] of characters.entries()) {
    if (/^[^\ufffd]$/u.test(character) && !table.has(character))
      table.set(character, pairs.slice(3 * index, 3 * index + 2));
  }
  return table;
};

/** Encodes as these charsets do; characters they lack become a question mark. */
export const encodeLegacy = (text: string, charset: LegacyCharset): Buffer => {
  const table = buildTable(charset);
  return Buffer.from(
    text.replace(/[\u0080-\u{10ffff}]/gu, (character) => table.get(character) ?? '?'),
    'latin1',
  );
};

/** One byte per character; those the charset lacks become a question mark. */
export const encodeOneByte = (text: string, lastCode: number): Buffer =>
  Buffer.from(
    text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\u0080-\uffff]/g, (c) =>
      c.length === 1 && c.charCodeAt(0) <= lastCode ? c : '?',
    ),
    'latin1',
  );

export interface Recoding {
  readonly detail: string;
  readonly recode: (text: string) => BodyContent;
}

const decoders = new Map<string, TextDecoder>();

const decoderFor = (charset: string): TextDecoder => {
  const decoder = decoders.get(charset) ?? new TextDecoder(charset);
  decoders.set(charset, decoder);
  return decoder;
};

const lossy = (bytes: Buffer, charset: string): string => decoderFor(charset).decode(bytes);

/** How a text that was sent as UTF-8 may have become other bytes for signing. */
export const recodings: readonly Recoding[] = [
  { detail: 'GBK', recode: (text) => encodeLegacy(text, 'gbk') },
  { detail: 'Big5', recode: (text) => encodeLegacy(text, 'big5') },
  { detail: 'US-ASCII, every other character as "?"', recode: (text) => encodeOneByte(text, 0x7f) },
  {
    detail: 'US-ASCII, "?" for each half of a surrogate pair',
    recode: (text) => text.replace(/[\u0080-\uffff]/g, '?'),
  },
  { detail: 'ISO-8859-1, what it lacks as "?"', recode: (text) => encodeOneByte(text, 0xff) },
  { detail: 'low byte of each UTF-16 unit', recode: (text) => Buffer.from(text, 'latin1') },
  {
    detail: 'UTF-8 bytes read as ISO-8859-1 and encoded again',
    recode: (text) => Buffer.from(text).toString('latin1'),
  },
  {
    detail: 'UTF-8 bytes read as Windows-1252 and encoded again',
    recode: (text) => lossy(Buffer.from(text), 'windows-1252'),
  },
  {
    detail: 'UTF-8 bytes read as GBK and encoded again',
    recode: (text) => lossy(Buffer.from(text), 'gbk'),
  },
  {
    detail: 'UTF-8 bytes read as Big5 and encoded again',
    recode: (text) => lossy(Buffer.from(text), 'big5'),
  },
  {
    detail: 'UTF-8 bytes read as US-ASCII',
    recode: (text) =>
      Buffer.from(text)
        .toString('latin1')
        .replace(/[\u0080-\u00ff]/g, '\ufffd'),
  },
  {
    detail: 'every other character left out',
    recode: (text) => text.replace(/[\u0080-\uffff]/g, ''),
  },
  { detail: 'Unicode form NFC', recode: (text) => text.normalize('NFC') },
  { detail: 'Unicode form NFD', recode: (text) => text.normalize('NFD') },
];

/** The first ones are worth crossing with other mistakes. */
export const frequentRecodings = recodings.slice(0, 3);

/**
 * How bytes that were sent in another charset may have been UTF-8, or been damaged, for signing.
 */
export const decodings: readonly {
  readonly detail: string;
  readonly decode: (bytes: Buffer) => string;
}[] = [
  { detail: 'sent as GBK, signed as UTF-8', decode: (bytes) => lossy(bytes, 'gbk') },
  { detail: 'sent as Big5, signed as UTF-8', decode: (bytes) => lossy(bytes, 'big5') },
  { detail: 'sent as ISO-8859-1, signed as UTF-8', decode: (bytes) => bytes.toString('latin1') },
  {
    detail: 'sent as Windows-1252, signed as UTF-8',
    decode: (bytes) => lossy(bytes, 'windows-1252'),
  },
  {
    detail: 'bytes that are no UTF-8 replaced by U+FFFD',
    decode: (bytes) => lossy(bytes, 'utf-8'),
  },
];

/** The body in two bytes a character, which even a text in ASCII shows. */
export function* utf16Variants(body: BodyContent): Generator<BodyVariant> {
  if (typeof body !== 'string') return;
  for (const { charset, encode } of utf16Forms)
    yield { suspicions: [suspect('BODY_CHARSET', charset)], body: encode(body) };
}

/**
 * The body in another charset. A text in ASCII is the same bytes in all of these, so it gets none.
 */
export function* charsetVariants(body: BodyContent, among = recodings): Generator<BodyVariant> {
  if (typeof body !== 'string') {
    for (const { detail, decode } of decodings)
      yield { suspicions: [suspect('BODY_CHARSET', detail)], body: decode(body) };
    return;
  }
  if (/[\u0080-\uffff]/.test(body)) {
    for (const { detail, recode } of among)
      yield { suspicions: [suspect('BODY_CHARSET', detail)], body: recode(body) };
  }
}
