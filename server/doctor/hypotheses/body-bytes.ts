import { hash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { decodeBase64, decodeUrlText } from '../../protocol/headers.ts';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import { type BodyContent, type BodyVariant, bodyContent } from './hypothesis.ts';
import { utf16Forms } from './whole-content.ts';

const bodyVariant = (body: BodyContent, ...suspicions: readonly Suspicion[]): BodyVariant => ({
  suspicions,
  body,
});

const outerSpace = ['\n', '\r\n', ' ', '\n\n', '\0'] as const;

/** White space around the body, line ends, byte order mark. */
export function* plainVariants(body: string): Generator<BodyVariant> {
  // First, because JavaScript counts the mark as white space.
  yield* byteOrderMark(body);
  for (const space of outerSpace)
    yield bodyVariant(
      body + space,
      suspect('BODY_NEWLINE_SIGNED', `${JSON.stringify(space)} after the body`),
    );
  yield bodyVariant(`\n${body}`, suspect('BODY_NEWLINE_SIGNED', '"\\n" before the body'));
  yield* changedBytes(body, 'BODY_NEWLINE_SENT', [
    body.trimEnd(),
    body.trim(),
    body.replace(/\n$/, ''),
    body.trimStart(),
  ]);
  yield* lineEnds(body);
  yield* plusAndSpace(body);
}

/** The ones worth crossing with mistakes before the body. */
export function* frequentPlainVariants(body: string): Generator<BodyVariant> {
  yield* byteOrderMark(body);
  yield bodyVariant(`${body}\n`, suspect('BODY_NEWLINE_SIGNED'));
  yield* changedBytes(body, 'BODY_NEWLINE_SENT', [body.trimEnd()]);
  yield* lineEnds(body);
  if (body !== '') yield bodyVariant('', suspect('BODY_EMPTY_SIGNED'));
}

function* changedBytes(
  body: string,
  finding: Suspicion['mistake'],
  texts: readonly string[],
  detail?: string,
): Generator<BodyVariant> {
  for (const text of new Set(texts))
    if (text !== body) yield bodyVariant(text, suspect(finding, detail));
}

function* lineEnds(body: string): Generator<BodyVariant> {
  const unix = body.replaceAll('\r\n', '\n');
  const windows = unix.replaceAll('\n', '\r\n');
  yield* changedBytes(body, 'BODY_CRLF', [unix], 'sent with CR LF, signed with LF');
  yield* changedBytes(body, 'BODY_CRLF', [windows], 'sent with LF, signed with CR LF');
  yield* changedBytes(
    body,
    'BODY_CRLF',
    [unix.replaceAll('\n', '\r'), body.replace(/\r(?!\n)/g, '\n')],
    'CR alone',
  );
  yield* changedBytes(
    body,
    'BODY_REFORMATTED',
    [body.replace(/[\r\n]+/g, ''), body.replace(/\s+/g, '')],
    'white space taken out as text',
  );
}

function* byteOrderMark(body: string): Generator<BodyVariant> {
  if (body.startsWith('\ufeff'))
    yield bodyVariant(body.slice(1), suspect('BODY_BOM', 'sent, not signed'));
  else yield bodyVariant(`\ufeff${body}`, suspect('BODY_BOM', 'signed, not sent'));
}

/** What languages print or serialise for a body that does not exist yet. */
const emptyBodies = [
  ...[
    '{}',
    'null',
    'undefined',
    '[]',
    'nil',
    'false',
    '[object Promise]',
    'None',
    '""',
    '<nil>',
    '0',
    'NULL',
    'Null',
    'nullptr',
    'true',
  ],
  ...[
    '[object Undefined]',
    '[object Null]',
    '[object ReadableStream]',
    '[object Blob]',
    '[object FormData]',
    '[object ArrayBuffer]',
  ],
  ...[
    '[object URLSearchParams]',
    '[object Map]',
    'NaN',
    '(null)',
    '<null>',
    'map[]',
    '[{}]',
    '{ }',
    '[ ]',
    'Optional.empty',
    'System.Byte[]',
  ],
  ...[
    'System.IO.MemoryStream',
    'Array',
    'ArrayBuffer {}',
    "b''",
    'b"{}"',
    "b'{}'",
    '<coroutine object>',
    ' ',
    '\n',
    '{}\n',
    'null\n',
  ],
] as const;

/** An empty body, or a placeholder for one. */
export function* emptyVariants(body: BodyContent): Generator<BodyVariant> {
  if (body.length !== 0) yield bodyVariant('', suspect('BODY_EMPTY_SIGNED'));
  const prefix = body.length === 0 ? 'sent nothing, signed ' : '';
  for (const text of emptyBodies) {
    if (text !== body)
      yield bodyVariant(text, suspect('BODY_EMPTY_SIGNED', `${prefix}${JSON.stringify(text)}`));
  }
}

/**
 * The body in an encoding that bytes are given to make text of them; the other way round where it
 * was sent so.
 */
export function* encodedBodies(body: Buffer, sent: BodyContent): Generator<BodyVariant> {
  const base64 = body.toString('base64');
  yield bodyVariant(base64, suspect('BODY_ENCODED', 'base64'));
  yield* changedBytes(base64, 'BODY_ENCODED', [body.toString('base64url')], 'URL-safe base64');
  yield bodyVariant(body.toString('hex'), suspect('BODY_ENCODED', 'hex'));
  yield bodyVariant(
    base64.replace(/.{76}(?=.)/g, '$&\r\n'),
    suspect('BODY_ENCODED', 'base64 with line breaks'),
  );
  if (typeof sent !== 'string') return;
  const percent = encodeURIComponent(sent);
  yield bodyVariant(percent, suspect('BODY_ENCODED', 'URL-encoded'));
  yield* changedBytes(
    percent,
    'BODY_ENCODED',
    [percent.replaceAll('%20', '+')],
    'URL-encoded as a form',
  );
  const plain = decodeBase64(sent);
  if (plain !== undefined && plain.length > 0)
    yield bodyVariant(bodyContent(plain), suspect('BODY_ENCODED', 'sent as base64, signed plain'));
  const decoded = /%[0-9a-f]{2}/i.test(sent)
    ? decodeUrlText(sent.replaceAll('+', '%2B'))
    : undefined;
  if (decoded !== undefined)
    yield bodyVariant(decoded, suspect('BODY_ENCODED', 'sent URL-encoded, signed plain'));
}

/**
 * URL decoding turns "+" into a space: it hits the base64 of an encrypted body, and phone numbers.
 */
function* plusAndSpace(body: string): Generator<BodyVariant> {
  if (body.includes(' '))
    yield* changedBytes(
      body,
      'BODY_PLUS_BECAME_SPACE',
      [body.replaceAll(' ', '+')],
      'signed with "+", sent with spaces',
    );
  if (body.includes('+')) {
    yield* changedBytes(
      body,
      'BODY_PLUS_BECAME_SPACE',
      [body.replaceAll('+', ' ')],
      'signed with spaces, sent with "+"',
    );
    yield* changedBytes(
      body,
      'BODY_PLUS_BECAME_SPACE',
      [body.replaceAll('+', '%2B')],
      'signed with %2B, sent with "+"',
    );
  }
}

const bodyHashNames = ['sha256', 'md5', 'sha1', 'sha512'] as const;

/** A hash of the body in one of its spellings. */
export interface BodyHash {
  readonly text: BodyContent;
  readonly detail: string;
}

export const bodyHashes = (body: Buffer): readonly BodyHash[] =>
  bodyHashNames.flatMap((name) => {
    const hex = hash(name, body, 'hex');
    const digest = Buffer.from(hex, 'hex');
    return [
      { text: hex, detail: `${name} as hex` },
      { text: digest.toString('base64'), detail: `${name} as base64` },
      { text: hex.toUpperCase(), detail: `${name} as hex in capitals` },
      { text: digest, detail: `${name}, raw bytes` },
    ];
  });

/** A hash in the body's place. */
export const hashVariants = (hashes: readonly BodyHash[]): readonly BodyVariant[] =>
  hashes.map(({ text, detail }) =>
    bodyVariant(text, suspect('BODY_HASH_SIGNED', `${detail}, in place of the body`)),
  );

/** A hash of the body as the whole content. */
export const hashContents = (hashes: readonly BodyHash[]): readonly BodyVariant[] =>
  hashes.map(({ text, detail }) =>
    bodyVariant(text, suspect('BODY_HASH_SIGNED', `${detail}, and nothing else`)),
  );

/** The two-byte charsets that old systems of the region default to. */
type LegacyCharset = 'gbk' | 'big5';

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
const encodeOneByte = (text: string, lastCode: number): Buffer =>
  Buffer.from(
    text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\u0080-\uffff]/g, (c) =>
      c.length === 1 && c.charCodeAt(0) <= lastCode ? c : '?',
    ),
    'latin1',
  );

interface Recoding {
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
const recodings: readonly Recoding[] = [
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
const decodings: readonly {
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
