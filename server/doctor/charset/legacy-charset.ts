/** The two-byte charsets that old systems of the region default to. */
export type LegacyCharset = 'gbk' | 'big5';

/** What stands for a character; bytes are written as the characters with their codes. */
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

/** Every pair with a line feed behind it, which is no part of any pair. */
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

/** Encodes as these charsets do; what they lack becomes a question mark. */
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
