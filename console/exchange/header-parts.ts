/** One thing that a header's value says. */
export type HeaderPart =
  | {
      readonly kind: 'algorithm' | 'keyVersion' | 'signatureBytes' | 'keyBytes';
      readonly value: string;
    }
  | { readonly kind: 'signedAgo'; readonly milliseconds: number };

const pairsOf = (value: string): ReadonlyMap<string, string> =>
  new Map(
    value.split(',').map((pair) => {
      const cut = pair.indexOf('=');
      return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
    }),
  );

/** How many bytes a URL-encoded base64 text encodes; `–` when it is not one. */
const encodedLength = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  try {
    return String(atob(decodeURIComponent(text)).length);
  } catch {
    return '–';
  }
};

const listed = (
  pairs: readonly (readonly [Exclude<HeaderPart['kind'], 'signedAgo'>, string | undefined])[],
): readonly HeaderPart[] =>
  pairs.flatMap(([kind, value]) => (value === undefined ? [] : [{ kind, value }]));

const readers: Readonly<
  Record<string, (value: string, receivedAt: number) => readonly HeaderPart[]>
> = {
  signature: (value) => {
    const pairs = pairsOf(value);
    return listed([
      ['algorithm', pairs.get('algorithm')],
      ['keyVersion', pairs.get('keyVersion')],
      ['signatureBytes', encodedLength(pairs.get('signature'))],
    ]);
  },
  encrypt: (value) => {
    const pairs = pairsOf(value);
    return listed([
      ['algorithm', pairs.get('algorithm')],
      ['keyVersion', pairs.get('keyVersion')],
      ['keyBytes', encodedLength(pairs.get('symmetricKey'))],
    ]);
  },
  'request-time': (value, receivedAt) => {
    const at = /^\d{12,}$/.test(value) ? Number(value) : Date.parse(value);
    return Number.isNaN(at) ? [] : [{ kind: 'signedAgo', milliseconds: receivedAt - at }];
  },
};

/** A protocol header taken apart. */
export const headerParts = (
  name: string,
  value: string,
  receivedAt: number,
): readonly HeaderPart[] => readers[name.toLowerCase()]?.(value, receivedAt) ?? [];
