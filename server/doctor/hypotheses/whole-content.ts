import { readHeaderPairs } from '../../protocol/headers.ts';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { SignatureCase } from '../diagnosis.ts';
import { jwsContents } from '../signature/read-value.ts';
import {
  type BodyContent,
  type BodyVariant,
  type ContentHead,
  expectedHead,
  prefixBeforeTime,
} from './hypothesis.ts';
import {
  compact,
  type JsonText,
  type ParsedJsonBody,
  parsedString,
  writeJsonText,
} from './json-body.ts';
import { readTime } from './time.ts';

/**
 * Contents that are put together in another way altogether: each is the whole of what was signed.
 */
export function* wholeContents(
  c: SignatureCase,
  sent: BodyContent,
  json: ParsedJsonBody | undefined,
): Generator<BodyVariant> {
  if (typeof sent !== 'string') return;
  const head = expectedHead(c.target, c.clientId, c.time);
  const right = prefixBeforeTime(head) + head.time + head.lastDot + sent;
  const value = readHeaderPairs(c.signatureHeader).pairs.get('signature') ?? '';
  for (const body of jwsContents(value, [right, sent])) yield { suspicions: [], body };
  for (const space of [' ', '\n', '\r\n', '\ufeff'])
    yield {
      suspicions: [suspect('SEPARATOR_WRONG', `${JSON.stringify(space)} before the content`)],
      body: space + right,
    };
  yield* encodedContents(right);
  for (const [body, detail] of rarePartLists(head, sent))
    yield { suspicions: [suspect('CONTENT_PARTS_MISSING', detail)], body };
  yield* weChatPay(head, sent, json);
  if (json !== undefined) yield* parameterLists(head, sent, json);
}

/** The right content, in other bytes than UTF-8. */
function* encodedContents(content: string): Generator<BodyVariant> {
  for (const { charset, encode } of utf16Forms)
    yield {
      suspicions: [suspect('BODY_CHARSET', `the whole content as ${charset}`)],
      body: encode(content),
    };
  const bytes = Buffer.from(content);
  yield { suspicions: [suspect('CONTENT_ENCODED', 'base64')], body: bytes.toString('base64') };
  yield { suspicions: [suspect('CONTENT_ENCODED', 'hex')], body: bytes.toString('hex') };
  yield {
    suspicions: [suspect('CONTENT_ENCODED', 'URL-encoded')],
    body: encodeURIComponent(content),
  };
}

/**
 * Every form that a language calls "UTF-16" or "Unicode"; Java's "UTF-16" is big-endian with a byte
 * order mark.
 */
export const utf16Forms: readonly {
  readonly charset: string;
  readonly encode: (text: string) => Buffer;
}[] = [
  { charset: 'UTF-16LE', encode: (text) => Buffer.from(text, 'utf16le') },
  { charset: 'UTF-16BE', encode: (text) => Buffer.from(text, 'utf16le').swap16() },
  {
    charset: 'UTF-16LE with a byte order mark',
    encode: (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  },
  {
    charset: 'UTF-16BE with a byte order mark',
    encode: (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  },
];

type Parts = readonly (readonly [content: string, detail: string])[];

const rarePartLists = ({ target, clientId, time }: ContentHead, body: string): Parts => [
  [`POST\n${clientId}.${time}.${body}`, 'without the path'],
  [`POST ${target}\n${clientId}.${time}`, 'without the body'],
  [`${clientId}.${time}`, 'client id and time alone'],
  [`POST ${target}`, 'method and path alone'],
  [`POST ${target}\n`, 'method and path alone'],
  [`${clientId}\n${time}\n${body}`, 'client id, time and body, on a line each'],
  [clientId + time + body, 'client id, time and body, nothing between them'],
  [`${clientId}.${body}`, 'client id and body'],
  [`${time}\n${body}`, 'time and body, on a line each'],
  [time + body, 'time and body, nothing between them'],
  [`${body}.${time}`, 'body and time'],
  [body + time, 'body and time, nothing between them'],
  [`${target}.${body}`, 'path and body'],
  [target + body, 'path and body, nothing between them'],
  [`POST${target}${body}`, 'method, path and body, nothing between them'],
  [`${target}\n${time}\n${body}`, 'path, time and body, on a line each'],
  [`POST ${target}\n${time}\n${body}`, 'method, path, time and body, without the client id'],
];

/** WeChat Pay APIv3 signs five lines, each with its line feed: method, URL, time, nonce, body. */
function* weChatPay(
  { target, clientId, time }: ContentHead,
  body: string,
  json: ParsedJsonBody | undefined,
): Generator<BodyVariant> {
  const epochMs = readTime(time)?.epochMs;
  const times =
    epochMs === undefined ? [time] : [time, String(Math.floor(epochMs / 1000)), String(epochMs)];
  const nonces = [clientId, ...(json === undefined ? [] : topLevelTexts(json))].map(
    (nonce) => `${nonce}\n`,
  );
  const suspicions: readonly Suspicion[] = [
    suspect('CONTENT_OF_OTHER_API', 'lines as in WeChat Pay APIv3'),
  ];
  for (const second of new Set(times)) {
    for (const nonce of ['', ...nonces]) {
      for (const start of [`POST\n${target}\n`, '']) {
        yield { suspicions, body: `${start}${second}\n${nonce}${body}\n` };
      }
    }
    yield { suspicions, body: `POST\n${target}\n${clientId}\n${second}\n${body}\n` };
    yield { suspicions, body: `POST\n${target}\n${second}\n${clientId}\n${body}` };
  }
}

const maxNonces = 8;

/** Ids of the message that code may have used as its nonce. */
const topLevelTexts = ({ json }: ParsedJsonBody): readonly string[] => {
  if (json.kind !== 'object') return [];
  const ids = json.members.flatMap(([key, value]) =>
    /id"$|no"$|nonce/i.test(key) && value.kind === 'scalar' ? [parsedString(value.text)] : [],
  );
  return ids.slice(0, maxNonces);
};

type Parameter = readonly [key: string, value: string];

/**
 * `a=1&b=2`, as Alipay's older OpenAPI and many other payment APIs sign: alone, and in the body's
 * place.
 */
function* parameterLists(
  head: ContentHead,
  body: string,
  { json }: ParsedJsonBody,
): Generator<BodyVariant> {
  if (json.kind !== 'object') return;
  const pairs = json.members.map(
    ([key, value]): Parameter => [parsedString(key), parameterText(value)],
  );
  const byName = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const headers: readonly Parameter[] = [
    ['clientId', head.clientId],
    ['requestTime', head.time],
  ];
  const protocol: readonly Parameter[] = [
    ['app_id', head.clientId],
    ['biz_content', body],
    ['timestamp', head.time],
  ];
  const before = prefixBeforeTime(head) + head.time + head.lastDot;
  const lists: readonly (readonly [pairs: readonly Parameter[], detail: string])[] = [
    [byName, 'key=value pairs joined by "&", sorted by key'],
    [
      byName.filter(([, value]) => value !== ''),
      'key=value pairs joined by "&", sorted by key, empty ones left out',
    ],
    [pairs, 'key=value pairs joined by "&"'],
    [
      [...byName, ...headers].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      'key=value pairs of body and headers joined by "&", sorted by key',
    ],
    [protocol, 'app_id, biz_content and timestamp joined by "&"'],
  ];
  for (const [list, detail] of lists) {
    const suspicions = [suspect('CONTENT_OF_OTHER_API', detail)];
    const text = list.map(([key, value]) => `${key}=${value}`).join('&');
    const escaped = list
      .map(([key, value]) => `${key}=${encodeURIComponent(replaceLoneSurrogates(value))}`)
      .join('&');
    const form = new URLSearchParams(
      list.map(([key, value]): [string, string] => [key, value]),
    ).toString();
    for (const content of new Set([text, escaped, form])) {
      yield { suspicions, body: content };
      yield { suspicions, body: before + content };
      yield { suspicions, body: `POST ${head.target}\n${content}` };
    }
  }
  const run = byName.map(([key, value]) => key + value).join('');
  for (const content of [run, before + run])
    yield {
      suspicions: [suspect('CONTENT_OF_OTHER_API', 'keys and values run together, sorted by key')],
      body: content,
    };
}

/** Escapes in JSON can be half of a surrogate pair, which no encoder takes. */
const replaceLoneSurrogates = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '\ufffd');

/**
 * A value as such lists hold it: texts bare, objects and arrays as compact JSON, null as nothing.
 */
const parameterText = (value: JsonText): string => {
  if (value.kind !== 'scalar') return writeJsonText(value, compact);
  return value.text === 'null' ? '' : parsedString(value.text);
};
