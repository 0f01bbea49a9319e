import { omitUndefined } from '../../problems/plain-object.ts';
import { keyMistakes, sealingMistakes, valueMistakes } from './crypto-mistakes.ts';
import { type Remedy, type RemedyTopic, remedies } from './remedies.ts';

/**
 * The kinds of mistakes, the more fundamental first: when two are proved, the earlier one is the
 * cause.
 */
export const mistakeFamilies = [
  'header',
  'value',
  'key',
  'hash',
  'method',
  'uri',
  'separators',
  'client-id',
  'time',
  'body',
  'charset',
  'sealing',
] as const;
type MistakeFamily = (typeof mistakeFamilies)[number];

interface MistakeText {
  readonly family: MistakeFamily;
  /** For a person who made the mistake: plain, and no more than is proved. */
  readonly sentence: string;
  readonly remedy: RemedyTopic;
}

/** What differed in the signed content before the body. */
const contentMistakes = {
  METHOD_LOWER_CASE: {
    family: 'method',
    sentence:
      'You signed the method in other letter case; the content starts with "POST" in capitals.',
    remedy: 'content',
  },
  METHOD_OMITTED: {
    family: 'method',
    sentence: 'You left out the method; the content starts with "POST" and a space.',
    remedy: 'content',
  },
  METHOD_DIFFERS: {
    family: 'method',
    sentence: 'You signed another method; the content always starts with "POST".',
    remedy: 'content',
  },
  URI_FULL_URL: {
    family: 'uri',
    sentence: 'You signed the URL with scheme or host; only path and query are signed.',
    remedy: 'target',
  },
  URI_NO_LEADING_SLASH: {
    family: 'uri',
    sentence: 'You signed the path without its leading slash.',
    remedy: 'target',
  },
  URI_QUERY_DROPPED: {
    family: 'uri',
    sentence: 'You sent a query string but signed the path without it.',
    remedy: 'target',
  },
  URI_TRAILING_SLASH: {
    family: 'uri',
    sentence: 'The path you signed and the path you sent differ by a slash at the end.',
    remedy: 'target',
  },
  URI_PREFIX_DROPPED: {
    family: 'uri',
    sentence: 'You signed only the end of the path; the whole path after the host is signed.',
    remedy: 'target',
  },
  URI_ESCAPES_CHANGED: {
    family: 'uri',
    sentence:
      'You signed the path or query with its percent escapes decoded or written otherwise; ' +
      'they are signed as they are on the request line.',
    remedy: 'target',
  },
  NEWLINE_CRLF: {
    family: 'separators',
    sentence: 'You signed CR LF after the first line; it is one LF.',
    remedy: 'content',
  },
  NEWLINE_LITERAL: {
    family: 'separators',
    sentence:
      'You signed a backslash and an "n" instead of a line feed: the text was in single quotes ' +
      'or was escaped twice.',
    remedy: 'content',
  },
  NEWLINE_MISSING: {
    family: 'separators',
    sentence: 'You left out the line feed after the first line.',
    remedy: 'content',
  },
  SEPARATOR_WRONG: {
    family: 'separators',
    sentence:
      'The parts of your content are joined in another way: one space, one line feed and two ' +
      'dots are expected, in this order.',
    remedy: 'content',
  },
  CLIENT_ID_DIFFERS: {
    family: 'client-id',
    sentence: 'You signed another client id than the one in the Client-Id header.',
    remedy: 'clientId',
  },
  CONTENT_PARTS_MISSING: {
    family: 'separators',
    sentence:
      'You left out a part of the content: method, path, client id, time and body are all signed.',
    remedy: 'content',
  },
  CONTENT_OF_OTHER_API: {
    family: 'separators',
    sentence:
      "You signed by another API's rules, such as sorted key=value pairs or the five lines of " +
      'WeChat Pay.',
    remedy: 'content',
  },
  CONTENT_ENCODED: {
    family: 'separators',
    sentence:
      'You encoded the whole content before signing it (base64, hex or URL encoding); its ' +
      'plain text is signed.',
    remedy: 'content',
  },
  TIME_ZONE_DIFFERS: {
    family: 'time',
    sentence:
      'You signed a time with another offset than the one in the header: the same clock was ' +
      'stamped with two time zones, such as Z on a local time.',
    remedy: 'timeOnce',
  },
  TIME_DIFFERS: {
    family: 'time',
    sentence:
      'You signed another time than the one in the header: the clock was read twice, or the ' +
      'time was kept from another request.',
    remedy: 'timeOnce',
  },
  TIME_FORMAT_DIFFERS: {
    family: 'time',
    sentence: 'You signed the same time as in the header, but written in another form.',
    remedy: 'timeOnce',
  },
  TIME_PLUS_DECODED: {
    family: 'time',
    sentence:
      'You signed the time with a space where its offset has a "+": it was URL-decoded before ' +
      'signing.',
    remedy: 'timeOnce',
  },
  TIME_AND_BODY_SWAPPED: {
    family: 'time',
    sentence: 'You signed the body before the time; the order is client id, time, body.',
    remedy: 'content',
  },
} as const satisfies Record<string, MistakeText>;

/** How the signed body differed from the one that arrived. */
const bodyMistakes = {
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
      'You signed the same JSON written in another way (layout or numbers): the body was ' +
      'written again between signing and sending.',
    remedy: 'bytesOnce',
  },
  BODY_LINE_BREAKS_STRIPPED: {
    family: 'body',
    sentence:
      'You signed the body with its line breaks, but they were taken out on sending; "curl -d ' +
      '@file" does that.',
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
      'You signed the JSON with \\uXXXX escapes for the characters beyond ASCII, but sent the ' +
      'characters themselves.',
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
      'You signed one value of the JSON that you sent; the whole body is signed, exactly as it ' +
      'is sent.',
    remedy: 'bytesOnce',
  },
  BODY_FIELD_ADDED: {
    family: 'body',
    sentence:
      'You signed the body before one of its fields was in it; what is signed is what is sent, ' +
      'with all its fields.',
    remedy: 'bytesOnce',
  },
  BODY_ENCODED: {
    family: 'body',
    sentence:
      'The body was encoded as text (base64, hex or URL encoding) only for signing or only for ' +
      'sending; both take the same bytes.',
    remedy: 'bytesOnce',
  },
  BODY_PLUS_BECAME_SPACE: {
    family: 'body',
    sentence:
      'Every "+" of the body became a space, or the reverse, between signing and sending: ' +
      'something URL-decoded the body.',
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
      'You signed an empty body or a placeholder but sent a body with content: it was read too ' +
      'early, too late, or from a stream already used up.',
    remedy: 'bytesOnce',
  },
  BODY_STRINGIFIED_TWICE: {
    family: 'body',
    sentence:
      'The JSON text went through the JSON encoder once more, on one of the two ways: one of ' +
      'signed and sent body is a JSON string that holds the other.',
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
      'Your key and your hash are right, but the time or the body that arrived is not the one ' +
      'you signed. The time is finer than a millisecond, so a clock that was read twice leaves ' +
      'too many readings to try; sign the very variable that you send.',
    remedy: 'timeOnce',
  },
  BODY_CHANGED: {
    family: 'body',
    sentence:
      'Your key and your hash are right, but the content that arrived is not the content you ' +
      'signed, and no known mistake turns one into the other: data was changed between signing ' +
      'and sending.',
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
} as const satisfies Record<string, MistakeText>;

/** Every mistake that the doctor can name. The ids are stable. */
export const mistakes = {
  ...valueMistakes,
  ...keyMistakes,
  ...contentMistakes,
  ...bodyMistakes,
  ...sealingMistakes,
} as const satisfies Record<string, MistakeText>;

export type MistakeId = keyof typeof mistakes;

export const isMistakeId = (id: string): id is MistakeId => Object.hasOwn(mistakes, id);

/** Unusual but harmless: never a cause. */
export const notes = {
  NOTE_LOWER_CASE_ESCAPES:
    'The value uses lower-case percent escapes (%2b); they are read like %2B.',
  NOTE_BLANK_AFTER_COMMA: 'The header has spaces after its commas; they are ignored.',
  NOTE_HEADER_LIST: 'The header list contains something other than key=value, or a key twice.',
  NOTE_ALGORITHM_CASE: 'The algorithm is not written in capitals; letter case is ignored.',
  NOTE_ALGORITHM_RSA: 'The Encrypt header says algorithm=RSA; it is read as RSA_AES.',
  NOTE_KEY_VERSION_ABSENT: 'The header names no keyVersion; the newest key is meant.',
  NOTE_KEY_VERSION_ZERO:
    'The header says keyVersion=0; the newest active key is meant. Versions start at 1.',
  NOTE_TIME_OFFSET_WITHOUT_COLON:
    'The offset of the time has no colon (+0800); the documented form is +08:00.',
  NOTE_TIME_EPOCH:
    'The time is in milliseconds since 1970; the documented form is ISO-8601 with an offset.',
  NOTE_TIME_UNREADABLE:
    'The time is in no known form. It is signed as text, so the signature does not depend on it.',
  NOTE_METHOD:
    'The message was not sent with POST; the signed content starts with POST in any case.',
  NOTE_ECC_READING:
    'The ECC224 signature is good in another reading than this receiver is set to. No public ' +
    'source specifies hash and form, so compare the setting with what your real counterpart ' +
    'accepts.',
  NOTE_KEY_CLOSE:
    'This length is also what a smaller key would give; check the size of your key too.',
  NOTE_NOT_SEARCHABLE:
    'A random text in the content cannot be found by trying: the printed form of an object, ' +
    "such as [B@1b6d3586 for Java's byte[], or a nonce that was not sent. Print the content " +
    'that your code signs and compare it.',
  NOTE_BODY_WRAPPED:
    'The base64 text of the body has line breaks; they are tolerated, and the signature covers ' +
    'them.',
} as const;

export type NoteId = keyof typeof notes;

/** A proved mistake. */
export interface Mistake {
  readonly id: MistakeId;
  readonly family: MistakeFamily;
  readonly sentence: string;
  /** Which form, where the mistake has several: `Big5`, `one second earlier`. */
  readonly detail?: string;
  readonly remedy: Remedy;
}

/** Something unusual that is not the cause. */
export interface Note {
  readonly id: NoteId;
  readonly sentence: string;
}

/** A mistake that a hypothesis assumes, not proved yet. */
export interface Suspicion {
  readonly mistake: MistakeId;
  readonly detail?: string;
}

export const suspect = (finding: MistakeId, detail?: string): Suspicion =>
  detail === undefined ? { mistake: finding } : { mistake: finding, detail };

export const toMistake = ({ mistake: finding, detail }: Suspicion): Mistake => {
  const { family, sentence, remedy } = mistakes[finding];
  return omitUndefined({
    id: finding,
    family,
    sentence,
    detail,
    remedy: remedies[remedy],
  });
};

export const toNote = (id: NoteId): Note => ({ id, sentence: notes[id] });
