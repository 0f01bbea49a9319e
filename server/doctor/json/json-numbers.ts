import { blame } from '../finding.ts';
import { type JsonRewriting, jsonScalar } from './json-rewriting.ts';

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

/**
 * `1E+2`, as BigDecimal of Java, decimal of Python and C# write it: the digits without zeros at the
 * end, then the exponent.
 */
const scientific =
  (mark: string) =>
  (text: string): string => {
    const found = /^(-?)(\d)(\d*?)(0*)$/.exec(text);
    if (found === null || found[2] === '0') return text;
    const [, sign = '', first = '', more = '', zeros = ''] = found;
    return `${sign}${first}${more === '' ? '' : `.${more}`}${mark}${more.length + zeros.length}`;
  };

/** As scientific, but only where zeros were stripped: stripTrailingZeros leaves 12345 as it is. */
const stripped = (text: string): string =>
  /[1-9]\d*0$/.test(text) ? scientific('E+')(text) : text;

const row = (
  frequent: boolean,
  detail: string,
  rewrite: (scalar: string) => string,
): JsonRewriting => ({
  blames: [blame('BODY_REFORMATTED', detail)],
  frequent,
  text: (text) => text.replace(jsonScalar, rewrite),
});

const numbers = (
  frequent: boolean,
  detail: string,
  rewrite: (text: string) => string,
): JsonRewriting =>
  row(frequent, detail, (scalar) => (scalar.startsWith('"') ? scalar : rewrite(scalar)));

/**
 * Numbers written in another form: the same value or what is left of it after a detour through
 * floating point.
 */
export const numberForms: readonly JsonRewriting[] = [
  numbers(true, 'numbers as JavaScript writes them', (text) => String(Number(text))),
  numbers(true, 'whole numbers without ".0"', (text) => text.replace(/\.0+$/, '')),
  numbers(true, 'decimals without zeros at the end', (text) =>
    text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text,
  ),
  numbers(true, 'whole numbers with ".0"', (text) => (isInteger(text) ? `${text}.0` : text)),
  numbers(false, 'whole numbers with ".00"', (text) => (isInteger(text) ? `${text}.00` : text)),
  numbers(false, 'numbers as Java doubles', javaDouble),
  numbers(false, 'numbers without zeros at the end, as BigDecimal.stripTrailingZeros', stripped),
  numbers(false, 'numbers with an exponent, like 1E+2', scientific('E+')),
  numbers(false, 'numbers with an exponent, like 1e+2', scientific('e+')),
  numbers(false, 'numbers with two decimals', (text) => Number(text).toFixed(2)),
  numbers(false, 'numbers in quotation marks', (text) => `"${text}"`),
  row(false, 'numbers without their quotation marks', (text) =>
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
    (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text),
  ],
  ['with one zero less at the end', (text) => (/\.\d+0$/.test(text) ? text.slice(0, -1) : text)],
  ['with one zero more at the end', (text) => (/\.\d+$/.test(text) ? `${text}0` : text)],
  ['written out', writtenOut],
  [
    'as a 64-bit float keeps it',
    (text) => (isInteger(text) ? BigInt(Math.trunc(Number(text))).toString() : text),
  ],
];

/** Without an exponent. */
function writtenOut(text: string): string {
  const value = Number(text);
  return /[eE]/.test(text) && Number.isSafeInteger(value) ? String(value) : text;
}

/** More numbers than an ordinary message has would make this search dear. */
const mostNumbers = 24;
const longestNumber = 40;

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
  for (const { 0: scalar, index } of text.matchAll(jsonScalar)) {
    const end = index + scalar.length;
    const isQuoted = scalar.startsWith('"');
    if (scalar.length > longestNumber || (isQuoted && !/^"-?(0|[1-9]\d*)(\.\d+)?"$/.test(scalar)))
      continue;
    if (isQuoted && /^\s*:/.test(text.slice(end, end + 8))) continue;
    if (++count > mostNumbers) return;
    const at = nameBefore(text, index);
    const put = (spelling: string): string => text.slice(0, index) + spelling + text.slice(end);
    if (isQuoted) {
      yield { text: put(scalar.slice(1, -1)), detail: `${at} without its quotation marks` };
      continue;
    }
    for (const [detail, rewrite] of oneNumberForms) {
      const spelling = rewrite(scalar);
      if (spelling !== scalar) yield { text: put(spelling), detail: `${at} ${detail}` };
    }
  }
}

/** The name of the member whose value begins there. */
const nameBefore = (text: string, index: number): string => {
  const name = /"([^"\\]{1,40})"\s*:\s*$/.exec(text.slice(Math.max(0, index - 60), index))?.[1];
  return name === undefined ? 'one number' : `"${name}"`;
};
