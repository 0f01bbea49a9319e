/**
 * JSON as written: numbers and strings keep their source text, so that writing it again changes the
 * layout and nothing else. JSON.parse rounds 2088000000000000001 and loses `1.0` and `\/`.
 */
export type JsonText =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonText[] }
  | { readonly kind: 'scalar'; readonly text: string };

/** The key as written, quotes included. */
export type JsonMember = readonly [key: string, value: JsonText];

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
export const mapMembers = (
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
export const detectLayout = (json: JsonText, text: string): JsonLayout | undefined =>
  jsonLayouts.find((layout) => writeJsonText(json, layout) === text);
