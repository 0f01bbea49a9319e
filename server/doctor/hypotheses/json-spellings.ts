import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import {
  compact,
  type JsonLayout,
  type JsonRewriting,
  jsonScalarPattern,
  jsonStringPattern,
  spaced,
} from './json-body.ts';

/** Bytes in hex: looking up two takes a fraction of the time that writing a number does. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const upperHexBytes = hexBytes.map((hex) => hex.toUpperCase());

const writeUnicodeEscape =
  (hex: readonly string[]) =>
  (unit: string): string =>
    `\\u${hex[unit.charCodeAt(0) >> 8]}${hex[unit.charCodeAt(0) & 0xff]}`;
const hexOf = writeUnicodeEscape(hexBytes);
const upperHexOf = writeUnicodeEscape(upperHexBytes);

type TextRewrite = (text: string) => string;

const replacing =
  (pattern: RegExp, by: (unit: string) => string): TextRewrite =>
  (text) =>
    text.replace(pattern, by);

/** A plus sign also occurs in exponents. */
const onlyInStrings =
  (rewrite: TextRewrite): TextRewrite =>
  (text) =>
    /\d[eE]\+/.test(text) ? text.replace(jsonStringPattern, rewrite) : rewrite(text);

const slashes: TextRewrite = (text) => text.replace(/(?<!\\)\//g, '\\/');
const unicode = replacing(/[\u0080-\uffff]/g, hexOf);
const upperUnicode = replacing(/[\u0080-\uffff]/g, upperHexOf);
const htmlSpelling = replacing(/[<>&\u2028\u2029]/g, hexOf);
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
const allEntities = replacing(/[&<>"]/g, (unit) =>
  unit === '"' ? '&quot;' : (entities[unit] ?? unit),
);

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

const stringForm = (
  frequent: boolean,
  text: TextRewrite,
  ...suspicions: readonly Suspicion[]
): JsonRewriting => ({
  suspicions,
  frequent,
  text,
});

const unicodeEscaped = stringForm(true, unicode, suspect('BODY_UNICODE_ESCAPED'));
const slashesAndUnicode = stringForm(
  true,
  (text) => unicode(slashes(text)),
  suspect('BODY_SLASHES_ESCAPED'),
  suspect('BODY_UNICODE_ESCAPED'),
);

/** What programs write when nothing is set: several changes at once, but one habit. */
export const programDefaults: readonly {
  readonly rewriting: JsonRewriting;
  readonly layout: JsonLayout;
}[] = [
  { rewriting: unicodeEscaped, layout: spaced }, // Python
  { rewriting: slashesAndUnicode, layout: compact }, // PHP
];

/**
 * How serialisers write strings differently. Their patterns match in strings only, so each rewrites
 * the whole text at once. Single before combined mistakes: the first row that explains a text names
 * the mistake.
 */
export const stringForms: readonly JsonRewriting[] = [
  stringForm(true, slashes, suspect('BODY_SLASHES_ESCAPED')),
  unicodeEscaped,
  stringForm(true, upperUnicode, suspect('BODY_UNICODE_ESCAPED', 'hex digits in capitals')),
  stringForm(true, htmlSpelling, suspect('BODY_HTML_ESCAPED')),
  stringForm(false, lineSeparators, suspect('BODY_HTML_ESCAPED', 'only U+2028 and U+2029')),
  stringForm(true, gson, suspect('BODY_HTML_ESCAPED', 'as Gson does, "=" and "\'" too')),
  stringForm(false, upperHtml, suspect('BODY_HTML_ESCAPED', 'hex digits in capitals')),
  stringForm(
    true,
    dotNet,
    suspect('BODY_HTML_ESCAPED', 'as System.Text.Json does, all beyond ASCII too'),
  ),
  stringForm(false, htmlEntities, suspect('BODY_HTML_ESCAPED', 'as HTML entities')),
  stringForm(false, allEntities, suspect('BODY_HTML_ESCAPED', 'as HTML entities, quotes too')),
  stringForm(true, expand, suspect('BODY_ESCAPES_EXPANDED')),
  stringForm(false, expandUnicode, suspect('BODY_ESCAPES_EXPANDED', 'only \\uXXXX')),
  stringForm(false, expandSlashes, suspect('BODY_ESCAPES_EXPANDED', 'only \\/')),
  stringForm(false, expandAll, suspect('BODY_ESCAPES_EXPANDED', 'even those that JSON needs')),
  slashesAndUnicode,
  stringForm(
    false,
    (text) => unicode(htmlSpelling(text)),
    suspect('BODY_UNICODE_ESCAPED'),
    suspect('BODY_HTML_ESCAPED'),
  ),
  stringForm(
    false,
    (text) => slashes(htmlSpelling(text)),
    suspect('BODY_SLASHES_ESCAPED'),
    suspect('BODY_HTML_ESCAPED'),
  ),
  stringForm(
    false,
    (text) => slashes(upperHtml(text)),
    suspect('BODY_SLASHES_ESCAPED'),
    suspect('BODY_HTML_ESCAPED'),
  ),
];

const isInteger = (text: string): boolean => /^-?\d+$/.test(text);

/** `1.716331341E12`, as Double.toString of Java writes large and small numbers. */
const javaDouble = (text: string): string => {
  const value = Number(text);
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
};

/** Looks at each zero once: without what is before it, a long row of zeros takes seconds. */
const withoutEndZeros = (digits: string): string => digits.replace(/(?<!0)0+$/, '');

/**
 * `1E+2`, as BigDecimal of Java, decimal of Python and C# write it: the digits without zeros at the
 * end, then the exponent.
 */
const scientific =
  (mark: string) =>
  (text: string): string => {
    const [, sign = '', first = '0', rest = ''] = /^(-?)(\d)(\d*)$/.exec(text) ?? [];
    if (first === '0') return text;
    const more = withoutEndZeros(rest);
    return `${sign}${first}${more === '' ? '' : `.${more}`}${mark}${rest.length}`;
  };

/** As scientific, but only where zeros were stripped: stripTrailingZeros leaves 12345 as it is. */
const stripTrailingZeros = (text: string): string =>
  text.endsWith('0') ? scientific('E+')(text) : text;

const scalarForm = (
  frequent: boolean,
  detail: string,
  rewrite: (scalar: string) => string,
): JsonRewriting => ({
  suspicions: [suspect('BODY_REFORMATTED', detail)],
  frequent,
  text: (text) => text.replace(jsonScalarPattern, rewrite),
});

const numberForm = (
  frequent: boolean,
  detail: string,
  rewrite: (text: string) => string,
): JsonRewriting =>
  scalarForm(frequent, detail, (scalar) => (scalar.startsWith('"') ? scalar : rewrite(scalar)));

/**
 * Numbers written in another form: the same value or what is left of it after a detour through
 * floating point.
 */
export const numberForms: readonly JsonRewriting[] = [
  numberForm(true, 'numbers as JavaScript writes them', (text) => String(Number(text))),
  numberForm(true, 'whole numbers without ".0"', (text) => text.replace(/\.0+$/, '')),
  numberForm(true, 'decimals without zeros at the end', (text) =>
    text.includes('.') ? withoutEndZeros(text).replace(/\.$/, '') : text,
  ),
  numberForm(true, 'whole numbers with ".0"', (text) => (isInteger(text) ? `${text}.0` : text)),
  numberForm(false, 'whole numbers with ".00"', (text) => (isInteger(text) ? `${text}.00` : text)),
  numberForm(false, 'numbers as Java doubles', javaDouble),
  numberForm(
    false,
    'numbers without zeros at the end, as BigDecimal.stripTrailingZeros',
    stripTrailingZeros,
  ),
  numberForm(false, 'numbers with an exponent, like 1E+2', scientific('E+')),
  numberForm(false, 'numbers with an exponent, like 1e+2', scientific('e+')),
  numberForm(false, 'numbers with two decimals', (text) => Number(text).toFixed(2)),
  numberForm(false, 'numbers in quotation marks', (text) => `"${text}"`),
  scalarForm(false, 'numbers without their quotation marks', (text) =>
    /^"-?(0|[1-9]\d*)(\.\d+)?"$/.test(text) ? text.slice(1, -1) : text,
  ),
];

/** Other spellings of one number. */
const oneNumberForms: readonly (readonly [detail: string, rewrite: (text: string) => string])[] = [
  ['with ".0"', (text) => (isInteger(text) ? `${text}.0` : text)],
  ['with ".00"', (text) => (isInteger(text) ? `${text}.00` : text)],
  ['in quotation marks', (text) => `"${text}"`],
  ['like 1E+2', scientific('E+')],
  ['like 1e+2', scientific('e+')],
  ['like 1E2', scientific('E')],
  ['like 1e2', scientific('e')],
  ['as a Java double', javaDouble],
  [
    'as JavaScript writes it',
    (text) => (Number.isFinite(Number(text)) ? String(Number(text)) : text),
  ],
  ['with two decimals', (text) => (Math.abs(Number(text)) < 1e21 ? Number(text).toFixed(2) : text)],
  ['with six decimals', (text) => (Math.abs(Number(text)) < 1e21 ? Number(text).toFixed(6) : text)],
  [
    'without its zeros at the end',
    (text) => (text.includes('.') ? withoutEndZeros(text).replace(/\.$/, '') : text),
  ],
  ['with one zero less at the end', (text) => (/\.\d+0$/.test(text) ? text.slice(0, -1) : text)],
  ['with one zero more at the end', (text) => (/\.\d+$/.test(text) ? `${text}0` : text)],
  ['written out', writeWithoutExponent],
  [
    'as a 64-bit float keeps it',
    (text) => (isInteger(text) ? BigInt(Math.trunc(Number(text))).toString() : text),
  ],
];

/** Without an exponent. */
function writeWithoutExponent(text: string): string {
  const value = Number(text);
  return /[eE]/.test(text) && Number.isSafeInteger(value) ? String(value) : text;
}

/** Bounds the search for bodies with more numbers than an ordinary message has. */
const maxNumbers = 24;
const maxNumberLength = 40;

export interface OneNumber {
  /** The text with that number in another spelling. */
  readonly text: string;
  readonly detail: string;
}

/**
 * One number written differently, all others as they are. A number in quotation marks also counts,
 * bare.
 */
export function* oneNumberChanged(text: string): Generator<OneNumber> {
  let count = 0;
  for (const { 0: scalar, index } of text.matchAll(jsonScalarPattern)) {
    const end = index + scalar.length;
    const isQuoted = scalar.startsWith('"');
    if (scalar.length > maxNumberLength || (isQuoted && !/^"-?(0|[1-9]\d*)(\.\d+)?"$/.test(scalar)))
      continue;
    if (isQuoted && /^\s*:/.test(text.slice(end, end + 8))) continue;
    if (++count > maxNumbers) return;
    const at = nameBefore(text, index);
    const putSpelling = (spelling: string): string =>
      text.slice(0, index) + spelling + text.slice(end);
    if (isQuoted) {
      yield { text: putSpelling(scalar.slice(1, -1)), detail: `${at} without its quotation marks` };
      continue;
    }
    for (const [detail, rewrite] of oneNumberForms) {
      const spelling = rewrite(scalar);
      if (spelling !== scalar) yield { text: putSpelling(spelling), detail: `${at} ${detail}` };
    }
  }
}

/** The name of the member whose value begins there. */
const nameBefore = (text: string, index: number): string => {
  const name = /"([^"\\]{1,40})"\s*:\s*$/.exec(text.slice(Math.max(0, index - 60), index))?.[1];
  return name === undefined ? 'one number' : `"${name}"`;
};
