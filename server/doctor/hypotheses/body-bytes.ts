import { hash } from 'node:crypto';
import { decodeBase64, decodeUrlText } from '../../protocol/encodings.ts';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import { type BodyContent, type BodyVariant, bodyContent } from './hypothesis.ts';

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
export function* plusAndSpace(body: string): Generator<BodyVariant> {
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
