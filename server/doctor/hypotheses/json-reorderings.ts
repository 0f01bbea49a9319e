import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { JsonRewriting } from './json-body.ts';
import { type JsonMember, type JsonText, mapMembers } from './json-text.ts';

type TreeRewrite = (json: JsonText) => JsonText;

const treeRewriting = (
  frequent: boolean,
  tree: TreeRewrite,
  ...suspicions: readonly Suspicion[]
): JsonRewriting => ({
  suspicions,
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
const onlyOutermost =
  (replace: (members: readonly JsonMember[]) => readonly JsonMember[]) =>
  (json: JsonText): JsonText =>
    json.kind === 'object' ? { kind: 'object', members: replace(json.members) } : json;

export const keyOrders: readonly JsonRewriting[] = [
  treeRewriting(true, sortMembers(ascending), suspect('BODY_KEYS_SORTED')),
  treeRewriting(
    true,
    onlyOutermost((members) => members.toSorted(ascending)),
    suspect('BODY_KEYS_SORTED', 'only the outermost ones'),
  ),
  treeRewriting(
    false,
    sortMembers(ignoringCase),
    suspect('BODY_KEYS_SORTED', 'ignoring letter case'),
  ),
  treeRewriting(
    false,
    sortMembers((a, b) => ascending(b, a)),
    suspect('BODY_KEYS_SORTED', 'descending'),
  ),
];

const hasValueIn =
  (...texts: readonly string[]) =>
  ([, value]: JsonMember): boolean =>
    value.kind === 'scalar' && texts.includes(value.text);
const isEmpty = ([, value]: JsonMember): boolean =>
  (value.kind === 'object' && value.members.length === 0) ||
  (value.kind === 'array' && value.items.length === 0);

type Unwanted = (member: JsonMember) => boolean;
const keepUnless =
  (unwanted: Unwanted) =>
  (members: readonly JsonMember[]): readonly JsonMember[] =>
    members.filter((member) => !unwanted(member));
const everywhere = (unwanted: Unwanted) => (json: JsonText) =>
  mapMembers(json, keepUnless(unwanted));
const isNullMember: Unwanted = hasValueIn('null');
const isNullOrBlank: Unwanted = hasValueIn('null', '""');
const isDefault: Unwanted = hasValueIn('null', '""', 'false', '0');

export const droppings: readonly JsonRewriting[] = [
  treeRewriting(true, everywhere(isNullMember), suspect('BODY_NULLS_DROPPED', 'nulls')),
  treeRewriting(
    true,
    onlyOutermost(keepUnless(isNullMember)),
    suspect('BODY_NULLS_DROPPED', 'nulls, only in the outermost object'),
  ),
  treeRewriting(
    true,
    everywhere(isNullOrBlank),
    suspect('BODY_NULLS_DROPPED', 'nulls and empty strings'),
  ),
  treeRewriting(
    false,
    everywhere((member) => isNullOrBlank(member) || isEmpty(member)),
    suspect('BODY_NULLS_DROPPED', 'nulls, empty strings, empty objects and arrays'),
  ),
  treeRewriting(
    false,
    everywhere(isEmpty),
    suspect('BODY_NULLS_DROPPED', 'empty objects and arrays'),
  ),
  treeRewriting(
    false,
    everywhere(isDefault),
    suspect('BODY_NULLS_DROPPED', 'default values: null, false, 0 and empty strings'),
  ),
];
