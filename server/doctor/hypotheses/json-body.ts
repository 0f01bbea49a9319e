import { type Suspicion, suspect } from '../catalogue/mistakes.ts';

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

/**
 * JSON as written: numbers and strings keep their source text, so that writing it again changes the
 * layout and nothing else. JSON.parse rounds 2088000000000000001 and loses `1.0` and `\/`.
 */
export type JsonText =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonText[] }
  | { readonly kind: 'scalar'; readonly text: string };

/** The key as written, quotes included. */
type JsonMember = readonly [key: string, value: JsonText];

const whiteSpace = /[ \t\r\n]*/y;
const scalarAtOffset = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Deeper nesting is not business data and risks a stack overflow. */
const maxJsonDepth = 64;

/** @returns undefined when the text is not JSON, or nests too deeply */
export const readJsonText = (text: string): JsonText | undefined => {
  const reader = new JsonTextParser(text);
  const value = reader.value(0);
  reader.take(whiteSpace);
  return value !== undefined && reader.at === text.length ? value : undefined;
};

class JsonTextParser {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  #next(): string | undefined {
    this.take(whiteSpace);
    return this.#text[this.at];
  }

  #skip(sign: string): boolean {
    if (this.#next() !== sign) return false;
    this.at++;
    return true;
  }

  value(depth: number): JsonText | undefined {
    if (depth > maxJsonDepth) return undefined;
    if (this.#skip('{')) return this.#object(depth);
    if (this.#skip('[')) return this.#array(depth);
    const text = this.take(scalarAtOffset);
    return text === '' ? undefined : { kind: 'scalar', text };
  }

  #object(depth: number): JsonText | undefined {
    const members: JsonMember[] = [];
    if (this.#skip('}')) return { kind: 'object', members };
    do {
      const key = this.#next() === '"' ? this.take(scalarAtOffset) : '';
      if (key === '' || !this.#skip(':')) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      members.push([key, value]);
    } while (this.#skip(','));
    return this.#skip('}') ? { kind: 'object', members } : undefined;
  }

  #array(depth: number): JsonText | undefined {
    const items: JsonText[] = [];
    if (this.#skip(']')) return { kind: 'array', items };
    do {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#skip(','));
    return this.#skip(']') ? { kind: 'array', items } : undefined;
  }
}

/** The same tree with every object's members replaced, the innermost first. */
const mapMembers = (
  json: JsonText,
  replace: (members: readonly JsonMember[]) => readonly JsonMember[],
): JsonText => {
  if (json.kind === 'scalar') return json;
  if (json.kind === 'array')
    return { kind: 'array', items: json.items.map((item) => mapMembers(item, replace)) };
  return {
    kind: 'object',
    members: replace(json.members.map(([key, value]) => [key, mapMembers(value, replace)])),
  };
};

/**
 * Visits every scalar that is not a key, in order, until `isEnough` returns true.
 * @returns whether it did
 */
export const someScalar = (json: JsonText, isEnough: (text: string) => boolean): boolean => {
  if (json.kind === 'scalar') return isEnough(json.text);
  if (json.kind === 'array') return json.items.some((item) => someScalar(item, isEnough));
  return json.members.some(([, value]) => someScalar(value, isEnough));
};

/** Without escapes, and without what JSON wants escaped. */
const plainString = /^"[^"\\\p{Cc}]*"$/u;

/** The value of a string as written; a text that is no JSON string stays as it is. */
export const parsedString = (text: string): string => {
  if (plainString.test(text)) return text.slice(1, -1);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
};

/** How a serialiser lays out JSON. */
export interface JsonLayout {
  readonly name: string;
  /** Undefined: everything on one line. */
  readonly indent?: string;
  readonly colon: string;
  readonly comma: string;
  readonly lineFeed: '\n' | '\r\n';
  /** Between the braces and their content, on one line. */
  readonly inside: string;
  /** Jackson keeps arrays on their line and puts spaces into empty braces. */
  readonly jackson?: true;
  /** Tried together with other changes, not only alone. */
  readonly frequent?: true;
}

const line = (name: string, comma: string, colon: string, frequent?: true): JsonLayout => ({
  name,
  colon,
  comma,
  lineFeed: '\n',
  inside: '',
  ...(frequent && { frequent }),
});

const indentJson = (name: string, indent: string, more: Partial<JsonLayout> = {}): JsonLayout => ({
  name,
  indent,
  colon: ': ',
  comma: ',',
  lineFeed: '\n',
  inside: '',
  ...more,
});

export const compact: JsonLayout = line('compact', ',', ':', true);
export const spaced: JsonLayout = line('a space after commas and colons', ', ', ': ', true);

export const jsonLayouts: readonly JsonLayout[] = [
  compact,
  spaced,
  indentJson('2 spaces', '  ', { frequent: true }),
  indentJson('4 spaces', '    ', { frequent: true }),
  indentJson('tabs', '\t', { frequent: true }),
  indentJson('Jackson', '  ', { colon: ' : ', jackson: true }),
  indentJson('2 spaces, CR LF', '  ', { lineFeed: '\r\n' }),
  indentJson('4 spaces, CR LF', '    ', { lineFeed: '\r\n' }),
  indentJson('tabs, CR LF', '\t', { lineFeed: '\r\n' }),
  indentJson('Jackson, CR LF', '  ', { colon: ' : ', jackson: true, lineFeed: '\r\n' }),
  line('a space after colons', ',', ': '),
  line('a space after commas', ', ', ':'),
  line('spaces around colons', ', ', ' : '),
  { ...line('spaces inside the braces', ', ', ': '), inside: ' ' },
  { ...line('spaces inside the braces, none at colons', ',', ':'), inside: ' ' },
  indentJson('3 spaces', '   '),
  indentJson('8 spaces', '        '),
  indentJson('1 space', ' '),
  indentJson('line breaks without indentation', ''),
  indentJson('line breaks without indentation, a space after commas', '', { comma: ', ' }),
  indentJson('2 spaces, none after colons', '  ', { colon: ':' }),
  indentJson('4 spaces, none after colons', '    ', { colon: ':' }),
  indentJson('tabs, none after colons', '\t', { colon: ':' }),
  indentJson('4 spaces, a space after commas', '    ', { comma: ', ' }),
  indentJson('2 spaces, a space after commas', '  ', { comma: ', ' }),
];

/** Writes the tree in a layout. */
export const writeJsonText = (json: JsonText, layout: JsonLayout, margin = ''): string => {
  if (json.kind === 'scalar') return json.text;
  const isArray = json.kind === 'array';
  const open = isArray ? '[' : '{';
  const close = isArray ? ']' : '}';
  if ((isArray ? json.items : json.members).length === 0)
    return layout.jackson === true ? `${open} ${close}` : open + close;
  const { indent, comma, lineFeed, inside } = layout;
  if (isArray && layout.jackson === true) return `[ ${writeItems(json, layout, margin, ', ')} ]`;
  if (indent === undefined)
    return open + inside + writeItems(json, layout, margin, comma) + inside + close;
  const inner = margin + indent;
  const lineStart = lineFeed + inner;
  const items = writeItems(json, layout, inner, comma + lineStart);
  return open + lineStart + items + lineFeed + margin + close;
};

/** One after the other: joining lists takes most of the time of a search that writes hundreds. */
const writeItems = (
  json: Exclude<JsonText, { readonly kind: 'scalar' }>,
  layout: JsonLayout,
  margin: string,
  separator: string,
): string => {
  let text = '';
  if (json.kind === 'array') {
    for (const item of json.items)
      text += (text === '' ? '' : separator) + writeJsonText(item, layout, margin);
    return text;
  }
  for (const [key, value] of json.members) {
    if (text !== '') text += separator;
    text += key + layout.colon;
    text += value.kind === 'scalar' ? value.text : writeJsonText(value, layout, margin);
  }
  return text;
};

/** The layout in which the text was written, if it is one of the table. */
const detectLayout = (json: JsonText, text: string): JsonLayout | undefined =>
  jsonLayouts.find((layout) => writeJsonText(json, layout) === text);
