/** The `key=value,key=value` lists of the Signature and Encrypt headers. */
export type HeaderPairs = ReadonlyMap<string, string>;

export interface HeaderPairsReading {
  readonly pairs: HeaderPairs;
  /** What is wrong with the list, in words; empty when it reads cleanly. */
  readonly faults: readonly string[];
}

/**
 * Reads a header list. Pairs split at commas, with or without blanks around them; each pair splits at its
 * first `=` only, since unencoded base64 carries more of them. Values are returned as sent, still percent-encoded.
 * Both blank styles are documented; order is not promised (register G-10).
 */
export const readHeaderPairs = (value: string): HeaderPairsReading => {
  const pairs = new Map<string, string>();
  const faults: string[] = [];
  for (const part of value.split(',')) {
    const piece = part.trim();
    if (piece === '') continue;
    const cut = piece.indexOf('=');
    const key = cut < 0 ? piece : piece.slice(0, cut).trimEnd();
    if (cut < 0) faults.push(`"${clip(piece)}" has no "="`);
    else if (key === '') faults.push(`"${clip(piece)}" has no key`);
    else if (pairs.has(key)) faults.push(`"${clip(key)}" is given twice`);
    else pairs.set(key, piece.slice(cut + 1).trimStart());
  }
  return { pairs, faults };
};

const clip = (text: string): string => (text.length > 24 ? `${text.slice(0, 24)}…` : text);

/** Writes a list in the one order that official SDKs can read: the value that may be long comes last (register G-06). */
export const writeHeaderPairs = (pairs: readonly (readonly [key: string, value: string])[]): string =>
  pairs.map(([key, value]) => `${key}=${value}`).join(',');
