import { clipText } from '../problems/display-text.ts';

/**
 * Values that AlipayHK's pages print as samples. They are placeholders: the signature was made over
 * an unknown content, and the symmetricKey is shorter than any wrapped key.
 */
const signature = [
  'KEhXthj4bJ801Hqw8kaLvEKc0Rii8KsNUazw7kZgjxyGSPuOZ48058UVJUkkR21iD9JkHBGR',
  'rWiHPae8ZRPuBagh2H3qu7fxY5GxVDWayJUhUYkr9m%2FOW4UQVmXaQ9yn%2Fw2dCtzwAW0htPHYrKMyrT',
  'pMk%2BfDDmRflA%2FAMJhQ71yeyhufIA2PCJV8%2FCMOa46303A0WHhH0YPJ9%2FI0UeLVMWlJ1XcBo3Jr',
  'bRFvcowQwt0lP1XkoPmSLGpBevDE8%2FQ9WnxjPNDfrHnKgV2fp0hpMKVXNM%2BrLHNyMv3MkHg9iTMOD%',
  '2FFYDAwSd%2B6%2FEOFo9UbdlKcmodJwjKlQoxZZIzmF8w%3D%3D',
].join('');

const symmetricKey = 'bqS8HSmdaRrpKSuPy7CqUlyd8lJurG93';

/** White space comes from the line breaks of the pages; some tools decode the escapes. */
const bare = (value: string): string =>
  value
    .replace(/\s+|\\[rn]/g, '')
    .replace(/%(2B|2F|3D)/gi, (sequence) => decodeURIComponent(sequence))
    .replaceAll(' ', '+');

const bareSignature = bare(signature);

/**
 * Whether a Signature header's value is the documents' sample, with or without the line breaks of
 * the pages.
 */
export const isSampleSignature = (value: string): boolean =>
  value.startsWith(signature.slice(0, 24)) && bare(value) === bareSignature;

/** Whether an Encrypt header's symmetricKey is the documents' sample. */
export const isSampleSymmetricKey = (value: string): boolean =>
  value.length < 100 && bare(value) === symmetricKey;

/** The `key=value,key=value` lists of the Signature and Encrypt headers. */
export type HeaderPairs = ReadonlyMap<string, string>;

/** The keys that the documents name, by header. */
export const documentedKeys = {
  Signature: ['algorithm', 'keyVersion', 'signature'],
  Encrypt: ['algorithm', 'keyVersion', 'symmetricKey'],
} as const;

export type ListHeader = keyof typeof documentedKeys;

export interface HeaderPairsReading {
  readonly pairs: HeaderPairs;
  /** What is wrong with the list, in words; empty when it reads cleanly. */
  readonly faults: readonly string[];
}

/**
 * Reads a header list. Pairs split at commas, with or without spaces around them; each pair splits
 * at its first `=` only, since unencoded base64 carries more of them. Values are returned as sent,
 * still percent-encoded. Both space styles are documented; order is not promised (register G-10).
 */
export const readHeaderPairs = (value: string): HeaderPairsReading => {
  const pairs = new Map<string, string>();
  const faults: string[] = [];
  let mayBeSeveral = false;
  for (const part of value.split(',')) {
    const piece = part.trim();
    if (piece === '') continue;
    const cut = piece.indexOf('=');
    const key = cut < 0 ? piece : piece.slice(0, cut).trimEnd();
    // A separator before another key: a second "=" follows it, or it comes before the only one.
    mayBeSeveral ||= piece.includes('=', cut + 1) || otherSeparators.test(key);
    if (cut < 0)
      faults.push(
        `"${clipForFault(piece)}" has no ` +
          `"="${piece.includes(':') ? '; a key and its value are joined by "=", not ":"' : ''}`,
      );
    else if (key === '') faults.push(`"${clipForFault(piece)}" has no key`);
    else if (pairs.has(key)) faults.push(`"${clipForFault(key)}" is given twice`);
    else pairs.set(key, piece.slice(cut + 1).trimStart());
  }
  const separator = mayBeSeveral ? wrongSeparator(value) : undefined;
  if (separator !== undefined)
    return { pairs: new Map(), faults: [`the pairs are separated by ${separator}; use commas`] };
  return { pairs, faults };
};

const otherSeparators = /[;&|\s\uff0c\uff1b]/;

/** Something other than a comma in front of a key that the documents name. */
const otherSeparator =
  /(?<=[^,\s:])(?:\s*([;&|\uff0c\uff1b])\s*|\s+)(?=(?:algorithm|keyVersion|signature|symmetricKey)\s*=)/gi;

const separatorNames: Readonly<Record<string, string>> = {
  ';': 'semicolons',
  '&': '"&"',
  '|': '"|"',
  '\uff0c': 'full-width commas',
};

/** A header is the sender's text and may be long: 24 characters show which pair is meant. */
const clipForFault = (text: string): string => clipText(text, 25);

/** What separates the pairs instead of commas, in words; undefined when it is commas. */
export const wrongSeparator = (value: string): string | undefined => {
  // Most lists hold no such character: that is quicker to see.
  if (!otherSeparators.test(value)) return undefined;
  const found = otherSeparator[Symbol.matchAll](value).next().value;
  if (found === undefined) return undefined;
  return found[1] === undefined ? 'white space' : (separatorNames[found[1]] ?? `"${found[1]}"`);
};

/** The list with commas in the places where other separators are. */
export const withCommas = (value: string): string => value.replace(otherSeparator, ',');

/**
 * The documented key that is meant by another spelling: other letter case, `key_version`, quotation
 * marks, or the header's own name in front (`Signature: algorithm`).
 * @returns undefined for any other key, and for the documented spelling itself
 */
export const meantKey = (key: string, header: ListHeader): string | undefined => {
  const letters = normalizeLetters(key.slice(key.lastIndexOf(':') + 1));
  return documentedKeys[header].find(
    (known) => known !== key && normalizeLetters(known) === letters,
  );
};

/**
 * Writes a list in the one order that official SDKs can read: the value that may be long comes last
 * (register G-06).
 */
export const writeHeaderPairs = (
  pairs: readonly (readonly [key: string, value: string])[],
): string => pairs.map(([key, value]) => `${key}=${value}`).join(',');

/** The protocol's headers by the name that the documents print. */
export type ProtocolHeader =
  | 'Client-Id'
  | 'Request-Time'
  | 'Signature'
  | 'Encrypt'
  | 'Content-Type';

/** Names of the same thing in other APIs and in ported code, without hyphens and in lower case. */
const otherNames: Readonly<Record<ProtocolHeader, readonly string[]>> = {
  'Client-Id': ['client', 'appid', 'partnerid', 'partner', 'merchantid', 'clientidentifier'],
  'Request-Time': [
    'time',
    'timestamp',
    'requesttimestamp',
    'requestdate',
    'requestdatetime',
    'reqtime',
  ],
  Signature: ['sign', 'sig', 'signatures', 'signed', 'signaturevalue'],
  Encrypt: ['encryption', 'encrypted', 'enc', 'encryptkey', 'encryptheader'],
  'Content-Type': ['contenttypes', 'mediatype', 'mimetype'],
};

/** Unrelated headers with a similar spelling. */
const notMeant: readonly string[] = ['clientip'];

const normalizeLetters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `X-Signature` and `HTTP_SIGNATURE` name what `Signature` names. */
const withoutPrefix = (letters: string): string =>
  letters.replace(/^(?:x|http|alipay(?:hk)?)(?=.)/, '');

/**
 * A header that was probably meant to be the protocol's: `clientId`, `request_time`, `X-Signature`,
 * `Encryption`.
 * @param names as sent
 * @returns its name as sent
 */
export const misnamedHeader = (
  names: readonly string[],
  meant: ProtocolHeader,
): string | undefined => {
  const right = normalizeLetters(meant);
  const others = names.filter(
    (name) =>
      !notMeant.includes(normalizeLetters(name)) && name.toLowerCase() !== meant.toLowerCase(),
  );
  const ranked = [
    (letters: string) => letters === right || withoutPrefix(letters) === right,
    (letters: string) => otherNames[meant].includes(withoutPrefix(letters)),
    (letters: string) => isOneEditAway(letters, right),
  ];
  for (const isMeant of ranked) {
    const found = others.find((name) => isMeant(normalizeLetters(name)));
    if (found !== undefined) return found;
  }
  return undefined;
};

/** One letter too many, too few, replaced, or two neighbours swapped. */
const isOneEditAway = (text: string, right: string): boolean => {
  if (Math.abs(text.length - right.length) > 1) return false;
  let start = 0;
  while (start < right.length && text[start] === right[start]) start++;
  const rest = text.slice(start);
  const wanted = right.slice(start);
  if (rest.slice(1) === wanted || rest === wanted.slice(1) || rest.slice(1) === wanted.slice(1))
    return true;
  return rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2);
};

/**
 * Undoes form-style URL encoding the way Java's URLDecoder does: `%XX` and `+` as a space.
 * @returns the text, or undefined when an escape is broken or the bytes are not UTF-8.
 */
export const decodeUrlText = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

/**
 * Decodes standard base64 on one line and nothing else. Node's own decoder skips whatever it does
 * not know, which would let a damaged value pass for a good one: only what it writes back the same
 * was good.
 * @returns the bytes, or undefined when the text is not such base64.
 */
export const decodeBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

/**
 * As decodeBase64, but line breaks are allowed between the characters (GNU base64 wraps at 76
 * columns).
 */
export const decodeWrappedBase64 = (text: string): Buffer | undefined =>
  decodeBase64(text.replace(/[\r\n]+/g, ''));

/** Base64 on one line, then percent-encoded, as the Signature and Encrypt headers carry it. */
export const encodeHeaderBytes = (bytes: Buffer): string =>
  encodeURIComponent(bytes.toString('base64'));

/**
 * Reads bytes that a header carries as percent-encoded base64.
 * @returns the bytes, or what is wrong: `malformed` when the text itself breaks the header's rules
 * (a bare `+`, `=` or space: it was not URL-encoded), `undecodable` when there is no base64
 * underneath, as after a cut-off escape.
 */
export const decodeHeaderBytes = (text: string): Buffer | 'malformed' | 'undecodable' => {
  // A bare "+" or space ends up as a space, which is no base64.
  const plain = text.includes('=') ? undefined : decodeUrlText(text);
  const bytes = plain === undefined ? undefined : decodeBase64(plain);
  return bytes ?? (/[+=\s]/.test(text) ? 'malformed' : 'undecodable');
};
