import { describe, expect, test } from 'vitest';
import type { MistakeId } from '../../server/doctor/catalogue/mistakes.ts';
import { diagnose } from './samples.ts';
import {
  bodies,
  caseWith,
  contentOf,
  type Message,
  mistakeOf,
  type SignatureSample,
} from './signature-samples.ts';

/** Both mistakes of one message; the second's fields win where only one can. */
const both = (first: SignatureSample, second: SignatureSample): SignatureSample => ({
  ...first,
  ...second,
});
const on =
  (change: (content: string) => string, message: (m: Message) => Message = (m) => m) =>
  (m: Message) =>
    change(contentOf(message(m)));
const fullUrl = (content: string): string =>
  content.replace('POST ', 'POST https://127.0.0.1:4010');
const pretty = (m: Message): Message => ({
  ...m,
  body: JSON.stringify(JSON.parse(m.body), null, 2),
});

const pairs: readonly (readonly [
  cause: MistakeId,
  alsoCause: MistakeId,
  what: string,
  mistake: SignatureSample,
])[] = [
  [
    'URI_FULL_URL',
    'BODY_NEWLINE_SIGNED',
    'URL and line feed',
    { id: 'URI_FULL_URL', how: '', content: on((text) => `${fullUrl(text)}\n`) },
  ],
  [
    'URI_FULL_URL',
    'BODY_REFORMATTED',
    'URL and layout',
    { id: 'URI_FULL_URL', how: '', content: on(fullUrl, pretty) },
  ],
  [
    'METHOD_LOWER_CASE',
    'URI_QUERY_DROPPED',
    'method and query',
    {
      id: 'METHOD_LOWER_CASE',
      how: '',
      content: on((text) => text.replace('POST', 'post').replace(/\?.*/, '')),
    },
  ],
  [
    'URI_QUERY_DROPPED',
    'URI_FULL_URL',
    'query and URL',
    { id: 'URI_QUERY_DROPPED', how: '', content: on((text) => fullUrl(text).replace(/\?.*/, '')) },
  ],
  [
    'NEWLINE_CRLF',
    'TIME_FORMAT_DIFFERS',
    'line feed and time',
    {
      id: 'NEWLINE_CRLF',
      how: '',
      content: on(
        (text) => text.replace('\n', '\r\n'),
        (m) => ({ ...m, time: '1716331341000' }),
      ),
    },
  ],
  [
    'TIME_DIFFERS',
    'BODY_SLASHES_ESCAPED',
    'time and slashes',
    {
      id: 'TIME_DIFFERS',
      how: '',
      content: on(
        (text) => text,
        (m) => ({ ...m, time: '2024-05-22T06:42:20+08:00', body: m.body.replaceAll('/', '\\/') }),
      ),
    },
  ],
  [
    'BODY_KEYS_SORTED',
    'BODY_REFORMATTED',
    'order and layout',
    {
      id: 'BODY_KEYS_SORTED',
      how: '',
      content: (m) =>
        contentOf({
          ...m,
          body: JSON.stringify(
            Object.fromEntries(
              Object.entries(JSON.parse(m.body) as object).sort(([a], [b]) => (a < b ? -1 : 1)),
            ),
            null,
            2,
          ),
        }),
    },
  ],
  [
    'BODY_HTML_ESCAPED',
    'BODY_NEWLINE_SIGNED',
    "Go's encoder",
    {
      id: 'BODY_HTML_ESCAPED',
      how: '',
      content: (m) =>
        `${contentOf({ ...m, body: m.body.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`) })}\n`,
    },
  ],
  [
    'BODY_ONLY_SIGNED',
    'BODY_REFORMATTED',
    'body alone, other layout',
    { id: 'BODY_ONLY_SIGNED', how: '', content: (m) => pretty(m).body },
  ],
  [
    'SIG_NOT_URL_ENCODED',
    'URI_QUERY_DROPPED',
    'value and query',
    both(mistakeOf('URI_QUERY_DROPPED'), {
      ...mistakeOf('SIG_NOT_URL_ENCODED'),
      id: 'SIG_NOT_URL_ENCODED',
    }),
  ],
  [
    'SIG_HEX',
    'KEY_OTHER_VERSION',
    'value and key',
    { ...mistakeOf('SIG_HEX'), ...mistakeOf('KEY_OTHER_VERSION'), id: 'SIG_HEX' },
  ],
  [
    'SIG_BASE64URL',
    'HASH_SHA1',
    'value and hash',
    { ...mistakeOf('HASH_SHA1'), ...mistakeOf('SIG_BASE64URL'), id: 'SIG_BASE64URL' },
  ],
  [
    'KEY_IS_PLATFORM',
    'BODY_NEWLINE_SIGNED',
    'key and body',
    { ...mistakeOf('BODY_NEWLINE_SIGNED'), ...mistakeOf('KEY_IS_PLATFORM'), id: 'KEY_IS_PLATFORM' },
  ],
  [
    'HASH_SHA1',
    'BODY_ONLY_SIGNED',
    'hash and content',
    { ...mistakeOf('BODY_ONLY_SIGNED'), ...mistakeOf('HASH_SHA1'), id: 'HASH_SHA1' },
  ],
  [
    'PADDING_PSS',
    'URI_NO_LEADING_SLASH',
    'padding and content',
    { ...mistakeOf('URI_NO_LEADING_SLASH'), ...mistakeOf('PADDING_PSS'), id: 'PADDING_PSS' },
  ],
  [
    'PADDING_PSS',
    'BODY_CHANGED',
    'padding and unknown content',
    { ...mistakeOf('BODY_CHANGED', 'all of it'), ...mistakeOf('PADDING_PSS'), id: 'PADDING_PSS' },
  ],
  [
    'KEY_OTHER_VERSION',
    'BODY_CHANGED',
    'key and unknown content',
    {
      ...mistakeOf('BODY_CHANGED', 'all of it'),
      ...mistakeOf('KEY_OTHER_VERSION'),
      id: 'KEY_OTHER_VERSION',
    },
  ],
  [
    'KEY_VERSION_UNKNOWN',
    'KEY_UNKNOWN',
    'neither version nor key',
    { ...mistakeOf('KEY_UNKNOWN'), ...mistakeOf('KEY_VERSION_UNKNOWN'), id: 'KEY_VERSION_UNKNOWN' },
  ],
  [
    'BODY_REFORMATTED',
    'BODY_NEWLINE_SIGNED',
    'layout and line feed',
    { id: 'BODY_REFORMATTED', how: '', content: (m) => `${contentOf(pretty(m))}\n` },
  ],
];

describe('two mistakes at once', () => {
  test.each(pairs)('%s and %s: %s', (cause, alsoCause, _, mistake) => {
    const found = diagnose(caseWith(mistake, bodies['ascii'] ?? ''));
    expect([found.cause?.id, found.alsoCause?.id]).toEqual([cause, alsoCause]);
  });

  const unicodeEscaped = (text: string): string =>
    text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

  test.each([
    ['PHP', (body: string) => unicodeEscaped(body.replaceAll('/', '\\/'))],
    [
      'Python',
      (body: string) =>
        unicodeEscaped(
          body.replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll(',{', ', {'),
        ),
    ],
  ])('the clock read twice, and a body that %s serialised again', (_, serialise) => {
    const content = (m: Message) =>
      contentOf({ ...m, time: '2024-05-22T06:42:20+08:00', body: serialise(m.body) });
    const found = diagnose(
      caseWith({ id: 'TIME_DIFFERS', how: '', content }, bodies['chinese'] ?? ''),
    );
    expect([found.cause?.id, found.alsoCause?.id]).toEqual([
      'TIME_DIFFERS',
      expect.stringMatching(/^BODY_(UNICODE|SLASHES)_ESCAPED$/),
    ]);
  });

  test('a body serialised by Python, beyond ASCII', () => {
    const body = bodies['chinese'] ?? '';
    const escaped = body.replace(
      /[\u0080-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const spaced = JSON.stringify(JSON.parse(escaped), null, 1)
      .replace(/\n\s*/g, ' ')
      .replace(/([{[]) /g, '$1')
      .replace(/ ([}\]])/g, '$1');
    const content = (m: Message) =>
      contentOf({
        ...m,
        body: spaced.replace(
          /[\u0080-\uffff]/g,
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      });
    const found = diagnose(caseWith({ id: 'BODY_UNICODE_ESCAPED', how: '', content }, body));
    expect([found.cause?.id, found.alsoCause?.id].toSorted()).toEqual([
      'BODY_REFORMATTED',
      'BODY_UNICODE_ESCAPED',
    ]);
  });
});
