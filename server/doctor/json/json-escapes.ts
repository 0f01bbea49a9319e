import { type Blame, blame } from '../finding.ts';
import { type JsonRewriting, jsonString } from './json-rewriting.ts';

/** Bytes in hex: looking up two takes a fraction of the time that writing a number does. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const upperHexBytes = hexBytes.map((hex) => hex.toUpperCase());

const escapeCharacter =
  (hex: readonly string[]) =>
  (unit: string): string =>
    `\\u${hex[unit.charCodeAt(0) >> 8]}${hex[unit.charCodeAt(0) & 0xff]}`;
const hexOf = escapeCharacter(hexBytes);
const upperHexOf = escapeCharacter(upperHexBytes);

type Rewrite = (text: string) => string;

const replacing =
  (pattern: RegExp, by: (unit: string) => string): Rewrite =>
  (text) =>
    text.replace(pattern, by);

/** A plus stands in exponents too. */
const onlyInStrings =
  (rewrite: Rewrite): Rewrite =>
  (text) =>
    /\d[eE]\+/.test(text) ? text.replace(jsonString, rewrite) : rewrite(text);

const slashes: Rewrite = (text) => text.replace(/(?<!\\)\//g, '\\/');
const unicode = replacing(/[\u0080-\uffff]/g, hexOf);
const upperUnicode = replacing(/[\u0080-\uffff]/g, upperHexOf);
const html = replacing(/[<>&\u2028\u2029]/g, hexOf);
const lineSeparators = replacing(/[\u2028\u2029]/g, hexOf);
const gson = replacing(/[<>&='\u2028\u2029]/g, hexOf);
const upperHtml = replacing(/[<>&']/g, upperHexOf);
const dotNet = onlyInStrings(replacing(/[<>&'+`\u0080-\uffff]/g, upperHexOf));

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
};
const htmlEntities = replacing(/[&<>']/g, (unit) => entities[unit] ?? unit);

const short: Readonly<Record<string, string>> = {
  '/': '/',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  b: '\\b',
  f: '\\f',
  '"': '\\"',
  '\\': '\\\\',
};

/** An escape replaced by its character, unless JSON needs the escape. */
const expandOne = (sequence: string): string => {
  if (sequence[1] !== 'u') return short[sequence[1] ?? ''] ?? sequence;
  const unit = String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
  return unit < ' ' || unit === '"' || unit === '\\' ? sequence : unit;
};
const expand = replacing(/\\(?:u[0-9a-fA-F]{4}|.)/g, expandOne);
const expandUnicode = replacing(/\\(?:u[0-9a-fA-F]{4}|.)/g, (sequence) =>
  sequence[1] === 'u' ? expandOne(sequence) : sequence,
);
const expandSlashes = replacing(/\\./g, (sequence) => (sequence === '\\/' ? '/' : sequence));

const raw: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const expandAll = replacing(/\\(?:u[0-9a-fA-F]{4}|.)/g, (sequence) =>
  sequence[1] === 'u'
    ? String.fromCharCode(Number.parseInt(sequence.slice(2), 16))
    : (raw[sequence[1] ?? ''] ?? sequence.slice(1)),
);

const row = (frequent: boolean, text: Rewrite, ...blames: readonly Blame[]): JsonRewriting => ({
  blames,
  frequent,
  text,
});

/**
 * Ways in which serialisers write strings differently. What they look for stands in strings only,
 * so each goes over the whole text at once. Plain before combined: the first row that explains a
 * text names the mistake.
 */
export const stringForms: readonly JsonRewriting[] = [
  row(true, slashes, blame('BODY_SLASHES_ESCAPED')),
  row(true, unicode, blame('BODY_UNICODE_ESCAPED')),
  row(true, upperUnicode, blame('BODY_UNICODE_ESCAPED', 'hex digits in capitals')),
  row(true, html, blame('BODY_HTML_ESCAPED')),
  row(false, lineSeparators, blame('BODY_HTML_ESCAPED', 'only U+2028 and U+2029')),
  row(true, gson, blame('BODY_HTML_ESCAPED', 'as Gson does, "=" and "\'" too')),
  row(false, upperHtml, blame('BODY_HTML_ESCAPED', 'hex digits in capitals')),
  row(true, dotNet, blame('BODY_HTML_ESCAPED', 'as System.Text.Json does, all beyond ASCII too')),
  row(false, htmlEntities, blame('BODY_HTML_ESCAPED', 'as HTML entities')),
  row(true, expand, blame('BODY_ESCAPES_EXPANDED')),
  row(false, expandUnicode, blame('BODY_ESCAPES_EXPANDED', 'only \\uXXXX')),
  row(false, expandSlashes, blame('BODY_ESCAPES_EXPANDED', 'only \\/')),
  row(false, expandAll, blame('BODY_ESCAPES_EXPANDED', 'even those that JSON needs')),
  row(
    true,
    (text) => unicode(slashes(text)),
    blame('BODY_SLASHES_ESCAPED'),
    blame('BODY_UNICODE_ESCAPED'),
  ),
  row(
    false,
    (text) => unicode(html(text)),
    blame('BODY_UNICODE_ESCAPED'),
    blame('BODY_HTML_ESCAPED'),
  ),
  row(
    false,
    (text) => slashes(html(text)),
    blame('BODY_SLASHES_ESCAPED'),
    blame('BODY_HTML_ESCAPED'),
  ),
  row(
    false,
    (text) => slashes(upperHtml(text)),
    blame('BODY_SLASHES_ESCAPED'),
    blame('BODY_HTML_ESCAPED'),
  ),
];
