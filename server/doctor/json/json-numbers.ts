import { blame } from '../finding.ts';
import { type JsonRewriting, jsonScalar } from './json-rewriting.ts';

const isInteger = (text: string): boolean => /^-?\d+$/.test(text);

/** `1.716331341E12`, as Double.toString of Java writes large and small numbers. */
const javaDouble = (text: string): string => {
  const value = Number(text);
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? value.toFixed(1) : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
};

const row = (frequent: boolean, detail: string, rewrite: (scalar: string) => string): JsonRewriting => ({
  blames: [blame('BODY_REFORMATTED', detail)],
  frequent,
  text: (text) => text.replace(jsonScalar, rewrite),
});

const numbers = (frequent: boolean, detail: string, rewrite: (text: string) => string): JsonRewriting =>
  row(frequent, detail, (scalar) => (scalar.startsWith('"') ? scalar : rewrite(scalar)));

/** Numbers written in another form: the same value or what is left of it after a detour through floating point. */
export const numberForms: readonly JsonRewriting[] = [
  numbers(true, 'numbers as JavaScript writes them', (text) => String(Number(text))),
  numbers(true, 'whole numbers without ".0"', (text) => text.replace(/\.0+$/, '')),
  numbers(true, 'decimals without zeros at the end', (text) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text)),
  numbers(true, 'whole numbers with ".0"', (text) => (isInteger(text) ? `${text}.0` : text)),
  numbers(false, 'whole numbers with ".00"', (text) => (isInteger(text) ? `${text}.00` : text)),
  numbers(false, 'numbers as Java doubles', javaDouble),
  numbers(false, 'numbers with two decimals', (text) => Number(text).toFixed(2)),
  numbers(false, 'numbers in quotation marks', (text) => `"${text}"`),
  row(false, 'numbers without their quotation marks', (text) => (/^"-?(0|[1-9]\d*)(\.\d+)?"$/.test(text) ? text.slice(1, -1) : text)),
];
