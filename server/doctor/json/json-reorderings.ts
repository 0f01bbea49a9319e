import { type Blame, blame } from '../finding.ts';
import type { JsonRewriting } from './json-rewriting.ts';
import { type JsonMember, type JsonText, mapMembers } from './json-text.ts';

type Rewrite = (json: JsonText) => JsonText;

const row = (frequent: boolean, tree: Rewrite, ...blames: readonly Blame[]): JsonRewriting => ({
  blames,
  frequent,
  tree,
});

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
type Order = (a: JsonMember, b: JsonMember) => number;

const ascending: Order = ([a], [b]) => byCodeUnit(a, b);
const ignoringCase: Order = ([a], [b]) => byCodeUnit(a.toLowerCase(), b.toLowerCase());

const sortMembers = (order: Order) => (json: JsonText) =>
  mapMembers(json, (members) => members.toSorted(order));

/** Only the outermost object. */
const outermost =
  (replace: (members: readonly JsonMember[]) => readonly JsonMember[]) =>
  (json: JsonText): JsonText =>
    json.kind === 'object' ? { kind: 'object', members: replace(json.members) } : json;

export const keyOrders: readonly JsonRewriting[] = [
  row(true, sortMembers(ascending), blame('BODY_KEYS_SORTED')),
  row(
    true,
    outermost((members) => members.toSorted(ascending)),
    blame('BODY_KEYS_SORTED', 'only the outermost ones'),
  ),
  row(false, sortMembers(ignoringCase), blame('BODY_KEYS_SORTED', 'ignoring letter case')),
  row(
    false,
    sortMembers((a, b) => ascending(b, a)),
    blame('BODY_KEYS_SORTED', 'descending'),
  ),
];

const is =
  (...texts: readonly string[]) =>
  ([, value]: JsonMember): boolean =>
    value.kind === 'scalar' && texts.includes(value.text);
const isEmpty = ([, value]: JsonMember): boolean =>
  (value.kind === 'object' && value.members.length === 0) ||
  (value.kind === 'array' && value.items.length === 0);

type Unwanted = (member: JsonMember) => boolean;
const without =
  (unwanted: Unwanted) =>
  (members: readonly JsonMember[]): readonly JsonMember[] =>
    members.filter((member) => !unwanted(member));
const everywhere = (unwanted: Unwanted) => (json: JsonText) => mapMembers(json, without(unwanted));
const isNull: Unwanted = is('null');
const isNullOrBlank: Unwanted = is('null', '""');
const isDefault: Unwanted = is('null', '""', 'false', '0');

export const droppings: readonly JsonRewriting[] = [
  row(true, everywhere(isNull), blame('BODY_NULLS_DROPPED', 'nulls')),
  row(
    true,
    outermost(without(isNull)),
    blame('BODY_NULLS_DROPPED', 'nulls, only in the outermost object'),
  ),
  row(true, everywhere(isNullOrBlank), blame('BODY_NULLS_DROPPED', 'nulls and empty strings')),
  row(
    false,
    everywhere((member) => isNullOrBlank(member) || isEmpty(member)),
    blame('BODY_NULLS_DROPPED', 'nulls, empty strings, empty objects and arrays'),
  ),
  row(false, everywhere(isEmpty), blame('BODY_NULLS_DROPPED', 'empty objects and arrays')),
  row(
    false,
    everywhere(isDefault),
    blame('BODY_NULLS_DROPPED', 'default values: null, false, 0 and empty strings'),
  ),
];
