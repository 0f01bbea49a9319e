import type { FindingText } from './finding-text.ts';

/** What differed in the signed content before the body. */
export const contentFindings = {
  METHOD_LOWER_CASE: {
    family: 'method',
    sentence:
      'You signed the method in other letter case; the content starts with "POST" in capitals.',
    remedy: 'content',
  },
  METHOD_OMITTED: {
    family: 'method',
    sentence: 'You left out the method; the content starts with "POST" and a blank.',
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
    sentence: 'You signed only the end of the path; the whole path behind the host is signed.',
    remedy: 'target',
  },
  URI_ESCAPES_CHANGED: {
    family: 'uri',
    sentence:
      'You signed the path or query with its percent escapes decoded or written otherwise; they are signed as they stand on the request line.',
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
      'You signed a backslash and an "n" instead of a line feed: the text stood in single quotes or was escaped twice.',
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
      'The parts of your content are joined in another way: one blank, one line feed and two dots are expected, in this order.',
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
      "You signed by another API's rules, such as sorted key=value pairs or the five lines of WeChat Pay.",
    remedy: 'content',
  },
  CONTENT_ENCODED: {
    family: 'separators',
    sentence:
      'You encoded the whole content before signing it (base64, hex or URL encoding); its plain text is signed.',
    remedy: 'content',
  },
  TIME_ZONE_DIFFERS: {
    family: 'time',
    sentence:
      'You signed a time with another offset than the one in the header: the same clock was stamped with two time zones, such as Z on a local time.',
    remedy: 'timeOnce',
  },
  TIME_DIFFERS: {
    family: 'time',
    sentence:
      'You signed another time than the one in the header: the clock was read twice, or the time was kept from another request.',
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
      'You signed the time with a blank where its offset has a "+": it was URL-decoded before signing.',
    remedy: 'timeOnce',
  },
  TIME_AND_BODY_SWAPPED: {
    family: 'time',
    sentence: 'You signed the body before the time; the order is client id, time, body.',
    remedy: 'content',
  },
} as const satisfies Record<string, FindingText>;
