import { type Blame, blame } from '../finding.ts';
import { type JsonMember, type JsonText, mapMembers, mapScalars } from './json-text.ts';

/** A change to the tree itself. */
export interface TreeRewriting {
  readonly blames: readonly Blame[];
  readonly rewrite: (json: JsonText) => JsonText;
  /** The same on one scalar as written, where the change is no more than that: it works in a text of any layout. */
  readonly scalar?: (text: string) => string;
}

/** A change to every key and scalar. */
export const scalarRewriting = (blames: readonly Blame[], scalar: (text: string) => string): TreeRewriting => ({
  blames,
  scalar,
  rewrite: (json) => mapScalars(json, scalar),
});

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
type Order = (a: JsonMember, b: JsonMember) => number;

const ascending: Order = ([a], [b]) => byCodeUnit(a, b);
const ignoringCase: Order = ([a], [b]) => byCodeUnit(a.toLowerCase(), b.toLowerCase());

const sorted = (order: Order) => (json: JsonText) => mapMembers(json, (members) => members.toSorted(order));

/** Only the outermost object. */
const outermost =
  (replace: (members: readonly JsonMember[]) => readonly JsonMember[]) =>
  (json: JsonText): JsonText =>
    json.kind === 'object' ? { kind: 'object', members: replace(json.members) } : json;

export const keyOrders: readonly TreeRewriting[] = [
  { blames: [blame('BODY_KEYS_SORTED')], rewrite: sorted(ascending) },
  { blames: [blame('BODY_KEYS_SORTED', 'only the outermost ones')], rewrite: outermost((members) => members.toSorted(ascending)) },
  { blames: [blame('BODY_KEYS_SORTED', 'ignoring letter case')], rewrite: sorted(ignoringCase) },
  { blames: [blame('BODY_KEYS_SORTED', 'descending')], rewrite: sorted((a, b) => ascending(b, a)) },
];

const is =
  (...texts: readonly string[]) =>
  ([, value]: JsonMember): boolean =>
    value.kind === 'scalar' && texts.includes(value.text);
const isEmpty = ([, value]: JsonMember): boolean =>
  (value.kind === 'object' && value.members.length === 0) || (value.kind === 'array' && value.items.length === 0);

type Unwanted = (member: JsonMember) => boolean;
const without =
  (unwanted: Unwanted) =>
  (members: readonly JsonMember[]): readonly JsonMember[] =>
    members.filter((member) => !unwanted(member));
const isNull: Unwanted = is('null');
const isNullOrBlank: Unwanted = is('null', '""');

export const droppings: readonly TreeRewriting[] = [
  { blames: [blame('BODY_NULLS_DROPPED', 'nulls')], rewrite: (json) => mapMembers(json, without(isNull)) },
  { blames: [blame('BODY_NULLS_DROPPED', 'nulls, only in the outermost object')], rewrite: outermost(without(isNull)) },
  { blames: [blame('BODY_NULLS_DROPPED', 'nulls and empty strings')], rewrite: (json) => mapMembers(json, without(isNullOrBlank)) },
  {
    blames: [blame('BODY_NULLS_DROPPED', 'nulls, empty strings, empty objects and arrays')],
    rewrite: (json) =>
      mapMembers(
        json,
        without((m) => isNullOrBlank(m) || isEmpty(m)),
      ),
  },
  { blames: [blame('BODY_NULLS_DROPPED', 'empty objects and arrays')], rewrite: (json) => mapMembers(json, without(isEmpty)) },
  {
    blames: [blame('BODY_NULLS_DROPPED', 'default values: null, false, 0 and empty strings')],
    rewrite: (json) => mapMembers(json, without(is('null', '""', 'false', '0'))),
  },
];

const number = /^-?\d/;
const isNumber = (text: string): boolean => number.test(text);
const isInteger = (text: string): boolean => /^-?\d+$/.test(text);

/** `1.716331341E12`, as Double.toString of Java writes large and small numbers. */
const javaDouble = (text: string): string => {
  const value = Number(text);
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? value.toFixed(1) : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
};

const numbers = (detail: string, rewrite: (text: string) => string): TreeRewriting =>
  scalarRewriting([blame('BODY_REFORMATTED', detail)], (text) => (isNumber(text) ? rewrite(text) : text));

/** Numbers written in another form: the same value or what is left of it after a detour through floating point. */
export const numberForms: readonly TreeRewriting[] = [
  numbers('numbers as JavaScript writes them', (text) => String(Number(text))),
  numbers('whole numbers without ".0"', (text) => text.replace(/\.0+$/, '')),
  numbers('decimals without zeros at the end', (text) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text)),
  numbers('whole numbers with ".0"', (text) => (isInteger(text) ? `${text}.0` : text)),
  numbers('whole numbers with ".00"', (text) => (isInteger(text) ? `${text}.00` : text)),
  numbers('numbers as Java doubles', javaDouble),
  numbers('numbers with two decimals', (text) => Number(text).toFixed(2)),
  numbers('numbers in quotation marks', (text) => `"${text}"`),
  scalarRewriting([blame('BODY_REFORMATTED', 'numbers without their quotation marks')], (text) =>
    /^"-?(0|[1-9]\d*)(\.\d+)?"$/.test(text) ? text.slice(1, -1) : text,
  ),
];
