/**
 * JSON as written: numbers and strings keep their source text, so that writing it again changes the
 * layout and nothing else. JSON.parse would round 2088000000000000001 and forget `1.0` and `\/`.
 */
export type JsonText =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonText[] }
  | { readonly kind: 'scalar'; readonly text: string };

/** The key as written, quotes included. */
export type JsonMember = readonly [key: string, value: JsonText];

const blank = /[ \t\r\n]*/y;
const scalar = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Deeper nesting is not business data, and would cost stack. */
const deepest = 64;

/** @returns undefined when the text is no JSON, or nests too deeply. */
export const readJsonText = (text: string): JsonText | undefined => {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.take(blank);
  return value !== undefined && reader.at === text.length ? value : undefined;
};

class Reader {
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
    this.take(blank);
    return this.#text[this.at];
  }

  #skip(sign: string): boolean {
    if (this.#next() !== sign) return false;
    this.at++;
    return true;
  }

  value(depth: number): JsonText | undefined {
    if (depth > deepest) return undefined;
    if (this.#skip('{')) return this.#object(depth);
    if (this.#skip('[')) return this.#array(depth);
    const text = this.take(scalar);
    return text === '' ? undefined : { kind: 'scalar', text };
  }

  #object(depth: number): JsonText | undefined {
    const members: JsonMember[] = [];
    if (this.#skip('}')) return { kind: 'object', members };
    do {
      const key = this.#next() === '"' ? this.take(scalar) : '';
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
 * Shows every scalar that is not a key, in order, until it is told that this is enough. @returns
 * whether it was
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
