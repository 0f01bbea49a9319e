import { asSchema, type Schema } from '../../api/contract.ts';

export interface YamlCompletion {
  readonly label: string;
  /** What is inserted in the place of what was typed. */
  readonly insert: string;
  readonly info: string | undefined;
}

export interface FoundCompletion {
  /** The beginning of the word at the cursor. */
  readonly typed: string;
  readonly options: readonly YamlCompletion[];
}

/** Where the cursor is in a YAML document. */
export interface YamlPlace {
  /** Keys from the root; `-` is an item of a list. */
  readonly path: readonly string[];
  /** `value`: after a colon. */
  readonly kind: 'key' | 'value';
  readonly typed: string;
}

/**
 * Finds the place at the end of a text by its indentation and its braces. A document that is being
 * typed is not yet valid, so it is not parsed.
 */
export const findYamlPlace = (text: string): YamlPlace => {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  const own = readLine(last);
  const path: string[] = [...own.items];
  let { indent } = own;
  for (let at = lines.length - 2; at >= 0 && indent > 0; at--) {
    const { indent: outer, items, content } = readLine(lines[at] ?? '');
    const key = /^([\w.-]+):\s*(?:#.*)?$/.exec(content)?.[1];
    const inner = outer + items.length * 2;
    if (content === '' || content.startsWith('#')) continue;
    if (inner < indent) {
      if (key === undefined) continue;
      path.unshift(...items, key);
      indent = outer;
    } else if (items.length > 0 && inner === indent && outer < indent) {
      // A sibling: the line that begins this item of the list.
      path.unshift(...items);
      indent = outer;
    }
  }
  return readFlow(own.content, path);
};

interface YamlLine {
  readonly indent: number;
  readonly items: readonly string[];
  readonly content: string;
}

const readLine = (line: string): YamlLine => {
  const [, spaces = '', dashes = '', content = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(line) ?? [];
  return { indent: spaces.length, items: dashes.match(/-/g) ?? [], content };
};

/** Follows `key: { inner: [` to the innermost open brace. */
const readFlow = (content: string, outer: readonly string[]): YamlPlace => {
  const stack: string[][] = [];
  let word = '';
  let isInText = false;
  for (const letter of content) {
    if (letter === '"' || letter === "'") isInText = !isInText;
    if (isInText) word += letter;
    else if (letter === '{' || letter === '[') {
      const key = /([\w.-]+)\s*:\s*$/.exec(word)?.[1];
      stack.push([...(key === undefined ? [] : [key]), ...(letter === '[' ? ['-'] : [])]);
      word = '';
    } else if (letter === '}' || letter === ']') {
      stack.pop();
      word = '';
    } else if (letter === ',') word = '';
    else word += letter;
  }
  const rest = word.trimStart();
  const path = [...outer, ...stack.flat()];
  const value = /^([\w.-]+):\s+(\S*)$/.exec(rest);
  return value === null
    ? { path, kind: 'key', typed: /[\w.-]*$/.exec(rest)?.[0] ?? '' }
    : { path: [...path, value[1] ?? ''], kind: 'value', typed: value[2] ?? '' };
};

/** The alternatives of a schema, references followed. */
const listAlternatives = (root: Schema, schema: Schema, depth = 0): readonly Schema[] => {
  if (depth > 8) return [];
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const target = ref
      .replace(/^#\//, '')
      .split('/')
      .reduce((inner: Schema, name) => asSchema(inner[name]), root);
    return listAlternatives(root, target, depth + 1);
  }
  const parts = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => {
    const list = schema[name];
    return Array.isArray(list) ? list : [];
  });
  return [schema, ...parts.flatMap((part) => listAlternatives(root, asSchema(part), depth + 1))];
};

const resolvePath = (root: Schema, path: readonly string[]): readonly Schema[] => {
  let schemas = listAlternatives(root, root);
  for (const step of path)
    schemas = schemas.flatMap((schema) => {
      const next = step === '-' ? schema['items'] : asSchema(schema['properties'])[step];
      return next === undefined ? [] : listAlternatives(root, asSchema(next));
    });
  return schemas;
};

const readInfo = (schema: Schema): string | undefined =>
  typeof schema['description'] === 'string' ? schema['description'] : undefined;

/** What a JSON schema allows at the end of a YAML text. */
export const completeAt = (root: Schema, text: string): FoundCompletion | undefined => {
  const { path, kind, typed } = findYamlPlace(text);
  const options = new Map<string, YamlCompletion>();
  for (const schema of resolvePath(root, path)) {
    if (kind === 'key') {
      for (const [name, property] of Object.entries(asSchema(schema['properties']))) {
        const info = listAlternatives(root, asSchema(property)).map(readInfo).find(Boolean);
        options.set(name, { label: name, insert: `${name}: `, info });
      }
    } else {
      const values = Array.isArray(schema['enum'])
        ? schema['enum']
        : 'const' in schema
          ? [schema['const']]
          : schema['type'] === 'boolean'
            ? [true, false]
            : [];
      for (const value of values)
        options.set(String(value), {
          label: String(value),
          insert: String(value),
          info: readInfo(schema),
        });
    }
  }
  const found = [...options.values()].filter(({ label }) => label.startsWith(typed));
  return found.length === 0 ? undefined : { typed, options: found };
};
