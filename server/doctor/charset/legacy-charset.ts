/** The two-byte charsets that old systems of the region default to. */
export type LegacyCharset = 'gbk' | 'big5';

/** Node decodes these charsets but does not encode: the way back is a table made from decoding every pair of bytes, once. */
const tables = new Map<LegacyCharset, ReadonlyMap<string, number>>();

const tableOf = (charset: LegacyCharset): ReadonlyMap<string, number> => {
  const known = tables.get(charset);
  if (known !== undefined) return known;
  const table = makeTable(charset);
  tables.set(charset, table);
  return table;
};

const makeTable = (charset: LegacyCharset): ReadonlyMap<string, number> => {
  const decoder = new TextDecoder(charset);
  const table = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, lead * 256 + trail);
    }
  }
  return table;
};

/** Encodes as these charsets do; what they lack becomes a question mark. */
export const encodeLegacy = (text: string, charset: LegacyCharset): Buffer => {
  const table = tableOf(charset);
  const bytes: number[] = [];
  for (const character of text) {
    const pair = table.get(character);
    if (pair !== undefined) bytes.push(pair >> 8, pair & 0xff);
    else bytes.push(character < '\u0080' ? character.charCodeAt(0) : 0x3f);
  }
  return Buffer.from(bytes);
};

/** One byte per character; those the charset lacks become a question mark. */
export const encodeOneByte = (text: string, lastCode: number): Buffer =>
  Buffer.from(
    text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\u0080-\uffff]/g, (c) => (c.length === 1 && c.charCodeAt(0) <= lastCode ? c : '?')),
    'latin1',
  );
