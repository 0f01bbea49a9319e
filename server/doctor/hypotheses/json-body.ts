import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import {
  compact,
  detectLayout,
  type JsonLayout,
  type JsonMember,
  type JsonText,
  mapMembers,
  readJsonText,
  writeJsonText,
} from './json-text.ts';

/** A change to JSON, by its meaning or by its spelling. */
export interface JsonRewriting {
  readonly suspicions: readonly Suspicion[];
  /** Tried together with other changes, not only alone. */
  readonly frequent: boolean;
  /** Other members, or in another order. */
  readonly tree?: (json: JsonText) => JsonText;
  /** Other spellings of keys and values in a text of any layout, which stays as it is. */
  readonly text?: (text: string) => string;
}

/** In a text that is JSON. */
export const jsonStringPattern = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
export const jsonScalarPattern = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * A body that is JSON, read once for all hypotheses. Its frequent forms are cached, since several
 * hypotheses start from them.
 */
export class ParsedJsonBody {
  readonly text: string;
  readonly json: JsonText;
  /** The text without the white space around it. */
  readonly core: string;
  /** White space around the JSON. */
  readonly start: string;
  readonly end: string;
  /** The layout it was sent in; undefined when it is not in the table. */
  readonly layout: JsonLayout | undefined;
  readonly #frequent = new Map<JsonLayout | JsonRewriting, string>();
  readonly #trees = new Map<JsonRewriting, JsonText>();

  constructor(text: string, core: string, json: JsonText) {
    const at = text.indexOf(core);
    this.text = text;
    this.json = json;
    this.core = core;
    this.start = text.slice(0, at);
    this.end = text.slice(at + core.length);
    this.layout = detectLayout(json, core);
  }

  /**
   * The layout that rewritings of the tree are written in: the one that was sent where it is known.
   */
  get usualLayout(): JsonLayout {
    return this.layout ?? compact;
  }

  inLayout(layout: JsonLayout): string {
    return layout === this.layout
      ? this.core
      : this.#keep(layout, () => writeJsonText(this.json, layout));
  }

  /** The tree after a frequent rewriting, which is written in many ways. */
  treeAfter(rewriting: JsonRewriting): JsonText {
    const tree = this.#trees.get(rewriting) ?? rewriting.tree?.(this.json) ?? this.json;
    this.#trees.set(rewriting, tree);
    return tree;
  }

  /** @returns undefined when the rewriting changes nothing */
  rewritten(rewriting: JsonRewriting): string | undefined {
    const { tree, text } = rewriting;
    const before = tree === undefined ? this.core : this.inLayout(this.usualLayout);
    const after = this.#keep(rewriting, () =>
      tree === undefined
        ? (text?.(before) ?? before)
        : writeJsonText(tree(this.json), this.usualLayout),
    );
    return after === before ? undefined : after;
  }

  #keep(form: JsonLayout | JsonRewriting, make: () => string): string {
    const text = this.#frequent.get(form) ?? make();
    if (form.frequent === true) this.#frequent.set(form, text);
    return text;
  }
}

export const readJsonBody = (text: string): ParsedJsonBody | undefined => {
  const core = text.replace(/^\uFEFF/, '').trim();
  const json = core === '' ? undefined : readJsonText(core);
  return json === undefined ? undefined : new ParsedJsonBody(text, core, json);
};

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
