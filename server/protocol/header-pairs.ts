/** The `key=value,key=value` lists of the Signature and Encrypt headers. */
export type HeaderPairs = ReadonlyMap<string, string>;

/** The keys that the documents name, by header. */
export const listKeys = {
  Signature: ['algorithm', 'keyVersion', 'signature'],
  Encrypt: ['algorithm', 'keyVersion', 'symmetricKey'],
} as const;

export type ListHeader = keyof typeof listKeys;

export interface HeaderPairsReading {
  readonly pairs: HeaderPairs;
  /** What is wrong with the list, in words; empty when it reads cleanly. */
  readonly faults: readonly string[];
}

/**
 * Reads a header list. Pairs split at commas, with or without blanks around them; each pair splits
 * at its first `=` only, since unencoded base64 carries more of them. Values are returned as sent,
 * still percent-encoded. Both blank styles are documented; order is not promised (register G-10).
 */
export const readHeaderPairs = (value: string): HeaderPairsReading => {
  const separator = wrongSeparator(value);
  if (separator !== undefined)
    return { pairs: new Map(), faults: [`the pairs are separated by ${separator}; use commas`] };
  const pairs = new Map<string, string>();
  const faults: string[] = [];
  for (const part of value.split(',')) {
    const piece = part.trim();
    if (piece === '') continue;
    const cut = piece.indexOf('=');
    const key = cut < 0 ? piece : piece.slice(0, cut).trimEnd();
    if (cut < 0)
      faults.push(
        `"${clip(piece)}" has no "="${piece.includes(':') ? '; a key and its value are joined by "=", not ":"' : ''}`,
      );
    else if (key === '') faults.push(`"${clip(piece)}" has no key`);
    else if (pairs.has(key)) faults.push(`"${clip(key)}" is given twice`);
    else pairs.set(key, piece.slice(cut + 1).trimStart());
  }
  return { pairs, faults };
};

/** Something other than a comma in front of a key that the documents name. */
const otherSeparator =
  /(?<=[^,\s:])(?:\s*([;&|\uff0c\uff1b])\s*|\s+)(?=(?:algorithm|keyVersion|signature|symmetricKey)\s*=)/gi;

const separatorNames: Readonly<Record<string, string>> = {
  ';': 'semicolons',
  '&': '"&"',
  '|': '"|"',
  '\uff0c': 'full-width commas',
};

/** What separates the pairs instead of commas, in words; undefined when it is commas. */
export const wrongSeparator = (value: string): string | undefined => {
  // A list as it should be has none of these: the rule behind it need not be tried on every
  // request.
  if (!/[;&|\s\uff0c\uff1b]/.test(value)) return undefined;
  const found = otherSeparator[Symbol.matchAll](value).next().value;
  if (found === undefined) return undefined;
  return found[1] === undefined ? 'white space' : (separatorNames[found[1]] ?? `"${found[1]}"`);
};

/** The list with commas in the places where other separators are. */
export const withCommas = (value: string): string => value.replace(otherSeparator, ',');

/**
 * The documented key that is meant by another spelling: other letter case, `key_version`, quotation
 * marks, or the header's own name in front (`Signature: algorithm`).
 * @returns undefined when it is none of them, or the key itself
 */
export const meantKey = (key: string, header: ListHeader): string | undefined => {
  const letters = lettersOf(key.slice(key.lastIndexOf(':') + 1));
  return listKeys[header].find((known) => known !== key && lettersOf(known) === letters);
};

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

const clip = (text: string): string => {
  const characters = [...text];
  return characters.length > 24 ? `${characters.slice(0, 24).join('')}…` : text;
};

/**
 * Writes a list in the one order that official SDKs can read: the value that may be long comes last
 * (register G-06).
 */
export const writeHeaderPairs = (
  pairs: readonly (readonly [key: string, value: string])[],
): string => pairs.map(([key, value]) => `${key}=${value}`).join(',');
