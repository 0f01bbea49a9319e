import type { FindingText } from './finding-text.ts';

/** How the signed body differed from the one that arrived. */
export const bodyFindings = {
  BODY_NEWLINE_SIGNED: {
    family: 'body',
    sentence: 'You signed white space around the body that you did not send.',
    remedy: 'fileBytes',
  },
  BODY_NEWLINE_SENT: {
    family: 'body',
    sentence: 'You sent white space around the body that you did not sign.',
    remedy: 'fileBytes',
  },
  BODY_REFORMATTED: {
    family: 'body',
    sentence:
      'You signed the same JSON written in another way (layout or numbers): the body was written again between signing and sending.',
    remedy: 'bytesOnce',
  },
  BODY_LINE_BREAKS_STRIPPED: {
    family: 'body',
    sentence:
      'You signed the body with its line breaks, but they were taken out on sending; "curl -d @file" does that.',
    remedy: 'fileBytes',
  },
  BODY_KEYS_SORTED: {
    family: 'body',
    sentence: 'You signed the JSON with its keys in sorted order, but sent them in another order.',
    remedy: 'bytesOnce',
  },
  BODY_NULLS_DROPPED: {
    family: 'body',
    sentence: 'You signed the JSON without its empty members, but sent it with them.',
    remedy: 'bytesOnce',
  },
  BODY_SLASHES_ESCAPED: {
    family: 'body',
    sentence: 'You signed the JSON with every "/" written as "\\/", but sent it plain.',
    remedy: 'sameEscapes',
  },
  BODY_UNICODE_ESCAPED: {
    family: 'body',
    sentence:
      'You signed the JSON with \\uXXXX escapes for the characters beyond ASCII, but sent the characters themselves.',
    remedy: 'sameEscapes',
  },
  BODY_HTML_ESCAPED: {
    family: 'body',
    sentence: 'You signed the JSON with <, > or & written as escapes, but sent them plain.',
    remedy: 'sameEscapes',
  },
  BODY_ESCAPES_EXPANDED: {
    family: 'body',
    sentence:
      'You sent JSON with escapes but signed it with the escapes replaced by their characters.',
    remedy: 'sameEscapes',
  },
  BODY_CRLF: {
    family: 'body',
    sentence: 'The line ends of the body were changed between signing and sending (LF, CR LF).',
    remedy: 'fileBytes',
  },
  BODY_ONLY_SIGNED: {
    family: 'body',
    sentence: 'You signed the body alone; method, path, client id and time belong in front of it.',
    remedy: 'content',
  },
  BODY_PART_SIGNED: {
    family: 'body',
    sentence:
      'You signed one value of the JSON that you sent; the whole body is signed, exactly as it is sent.',
    remedy: 'bytesOnce',
  },
  BODY_ENCODED: {
    family: 'body',
    sentence:
      'The body was encoded as text (base64, hex or URL encoding) only for signing or only for sending; both take the same bytes.',
    remedy: 'bytesOnce',
  },
  BODY_PLUS_BECAME_SPACE: {
    family: 'body',
    sentence:
      'Every "+" of the body became a space, or the reverse, between signing and sending: something URL-decoded the body.',
    remedy: 'bytesOnce',
  },
  BODY_HASH_SIGNED: {
    family: 'body',
    sentence: "You signed a hash of the body instead of the body's text.",
    remedy: 'content',
  },
  BODY_EMPTY_SIGNED: {
    family: 'body',
    sentence:
      'You signed an empty body or a placeholder but sent a body with content: it was read too early, too late, or from a stream already used up.',
    remedy: 'bytesOnce',
  },
  BODY_STRINGIFIED_TWICE: {
    family: 'body',
    sentence:
      'The JSON text went through the JSON encoder once more, on one of the two ways: one of signed and sent body is a JSON string that holds the other.',
    remedy: 'stringifyOnce',
  },
  BODY_OBJECT_PRINTED: {
    family: 'body',
    sentence: 'You signed the printed form of your object instead of its JSON text.',
    remedy: 'bytesOnce',
  },
  TIME_OR_BODY_CHANGED: {
    family: 'time',
    sentence:
      'Your key and your hash are right, but the time or the body that arrived is not the one you signed. The time is finer than a millisecond, so a clock that was read twice leaves too many readings to try; sign the very variable that you send.',
    remedy: 'timeOnce',
  },
  BODY_CHANGED: {
    family: 'body',
    sentence:
      'Your key and your hash are right, but the content that arrived is not the content you signed, and no known mistake turns one into the other: data was changed between signing and sending.',
    remedy: 'bytesOnce',
  },
  BODY_BOM: {
    family: 'charset',
    sentence:
      'A byte order mark in front of the body was signed but not sent, or sent but not signed.',
    remedy: 'utf8',
  },
  BODY_CHARSET: {
    family: 'charset',
    sentence:
      'The text became bytes in another charset for signing than for sending; both must be UTF-8.',
    remedy: 'utf8',
  },
} as const satisfies Record<string, FindingText>;
