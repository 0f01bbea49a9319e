import { clipText } from './display-text.ts';
import { isRecord } from './plain-object.ts';

/** The value of a JSON text; undefined when the text is not JSON, a value that JSON does not have. */
export const tryParseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The object of a JSON text; undefined when the text is anything else. */
export const tryParseJsonObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const value = tryParseJson(text);
  return isRecord(value) ? value : undefined;
};

/** What JSON.parse does not keep of a text. */
export interface JsonLosses {
  /** Dotted paths of names that are given twice in one object: the last one counts. */
  readonly duplicates: readonly string[];
  /** Numbers that JavaScript changes, as they were written, by dotted path. */
  readonly numbers: ReadonlyMap<string, string>;
}

const noLosses: JsonLosses = { duplicates: [], numbers: new Map() };

/**
 * Finds losses in a text that JSON.parse accepts. One look at its bytes rules them out for most
 * texts.
 */
export const findJsonLosses = (bytes: Buffer, value: unknown): JsonLosses =>
  countPlainNames(bytes) === countNames(value) ? noLosses : scanForLosses(bytes.toString());

/** How many names a JSON text has; NaN where a number has 16 digits or more, or an exponent. */
const countPlainNames = (bytes: Buffer): number => {
  let names = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) at = findQuote(bytes, at + 1);
    else if (byte === colon) names++;
    else if (isDigit(byte)) {
      const start = at;
      while (isDigit(bytes[at + 1]) || bytes[at + 1] === point) at++;
      if (at - start >= 15 || bytes[at + 1] === smallE || bytes[at + 1] === bigE) return Number.NaN;
    }
  }
  return names;
};

/** The next quote that ends a string. */
const findQuote = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
};

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39;

const quote = 0x22;
const point = 0x2e;
const colon = 0x3a;
const bigE = 0x45;
const backslash = 0x5c;
const smallE = 0x65;

const countNames = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const one of value) count += countNames(one);
  else for (const name in value) count += 1 + countNames((value as Record<string, unknown>)[name]);
  return count;
};

interface Level {
  readonly path: string;
  /** undefined: a list. */
  readonly names: Set<string> | undefined;
  /** The name or index of the value that comes next. */
  at: string;
}

const jsonToken = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/g;

const scanForLosses = (text: string): JsonLosses => {
  const duplicates: string[] = [];
  const numbers = new Map<string, string>();
  const levels: Level[] = [];
  let expectsName = false;
  for (const [piece] of text.matchAll(jsonToken)) {
    const level = levels.at(-1);
    const path = level === undefined ? '' : join(level.path, level.at);
    if (piece === '{' || piece === '[') {
      levels.push({
        path,
        names: piece === '{' ? new Set() : undefined,
        at: piece === '{' ? '' : '0',
      });
      expectsName = piece === '{';
    } else if (piece === '}' || piece === ']') {
      levels.pop();
      expectsName = false;
    } else if (piece === ',') {
      expectsName = level?.names !== undefined;
      if (level !== undefined && level.names === undefined) level.at = String(Number(level.at) + 1);
    } else if (piece.startsWith('"') && expectsName && level?.names !== undefined) {
      const name = String(JSON.parse(piece));
      if (level.names.has(name)) duplicates.push(join(level.path, name));
      level.names.add(name);
      level.at = name;
      expectsName = false;
    } else if (/^[-\d]/.test(piece) && losesPrecision(piece)) numbers.set(path, piece);
  }
  return { duplicates, numbers };
};

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const losesPrecision = (written: string): boolean => {
  const value = Number(written);
  return /^-?\d+$/.test(written)
    ? !Number.isSafeInteger(value) && String(value) !== written
    : !Number.isFinite(value);
};

/** Says why a text is not JSON, in words that do not depend on the engine's. */
export const describeJsonError = (text: string, error: unknown): string => {
  const slip = slips.find(({ isThis }) => isThis(text))?.sentence;
  const why = error instanceof Error ? error.message : '';
  const at = Number(/at position (\d+)/.exec(why)?.[1] ?? Number.NaN);
  const endsEarly = /end of JSON|unterminated/i.test(why) || at >= text.length;
  if (slip !== undefined) return slip;
  if (endsEarly) return 'it ends too soon: a closing bracket or quotation mark is missing';
  if (Number.isNaN(at)) return 'it begins with something that is not JSON';
  const before = text.slice(0, at).split('\n');
  const near = JSON.stringify(clipText(text.slice(at), 12));
  return `unexpected ${near} in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
};

interface Slip {
  readonly isThis: (text: string) => boolean;
  readonly sentence: string;
}

const withoutStrings = (text: string): string =>
  text.slice(0, 100_000).replace(/"(?:[^"\\]|\\.)*"/g, '""');

const slips: readonly Slip[] = [
  {
    isThis: (text) => text.startsWith('\uFEFF'),
    sentence: 'it starts with a byte order mark; send JSON without it',
  },
  { isThis: (text) => /^\s*</.test(text), sentence: 'it is XML or HTML' },
  { isThis: (text) => /^[\w.%[\]-]+=/.test(text), sentence: 'it is form data (name=value)' },
  {
    isThis: (text) => /^\s*(\{\s*|\[\s*)?'/.test(text),
    sentence: 'it has single quotation marks; JSON has double ones',
  },
  {
    isThis: (text) => /,\s*[}\]]/.test(withoutStrings(text)),
    sentence: 'it has a comma before a closing bracket',
  },
  {
    isThis: (text) => /(^|[\s,{[])\/[/*]/.test(withoutStrings(text)),
    sentence: 'it has a comment, which JSON does not have',
  },
  {
    isThis: (text) => /\b(NaN|Infinity|undefined|None|True|False)\b/.test(withoutStrings(text)),
    sentence: 'it has NaN, Infinity, undefined, None, True or False; JSON has null, true and false',
  },
  {
    isThis: (text) => /[{,]\s*[A-Za-z_$][\w$]*\s*:/.test(withoutStrings(text)),
    sentence: 'it has a name without quotation marks',
  },
];

/**
 * Whether objects and lists are nested in more levels than these. It looks no deeper, so that depth
 * itself can do no harm; whatever walks through an accepted value may then do so without counting.
 */
export const isDeeperThan = (value: unknown, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const name in value)
    if (isDeeperThan((value as Record<string, unknown>)[name], levels - 1)) return true;
  return false;
};

/**
 * Keys that JavaScript gives a meaning of its own: one of them vanishes silently when an object is
 * copied.
 */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export type KeyPath = readonly (string | number)[];

/**
 * Where a value has a reserved key, at any depth; undefined when it has none.
 * A dotted key names several: `amount.__proto__`.
 * @param isReserved which keys are meant, all three when absent
 */
export const findReservedKey = (
  value: unknown,
  isReserved = isReservedKey,
): KeyPath | undefined => {
  // Lists and links to parents instead of recursion and copied paths: how deep a value is nested is
  // not for its writer to decide.
  const open: NodePosition[] = [];
  const visit = (node: unknown, parent: NodePosition | undefined, key: string | number): void => {
    if (typeof node === 'object' && node !== null) open.push({ node, parent, key });
  };
  visit(value, undefined, '');
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (Array.isArray(place.node)) {
      for (const [index, item] of place.node.entries()) visit(item, place, index);
      continue;
    }
    for (const [key, child] of Object.entries(place.node)) {
      if (isReserved(key)) return [...pathTo(place), key];
      visit(child, place, key);
    }
  }
  return undefined;
};

interface NodePosition {
  readonly node: object;
  readonly parent: NodePosition | undefined;
  readonly key: string | number;
}

const pathTo = (place: NodePosition): KeyPath => {
  const path: (string | number)[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) path.push(at.key);
  return path.reverse();
};

const isReservedKey = (key: string): boolean => key.split('.').some((part) => reserved.has(part));

/** What is wrong with such a key, and what to do about it. */
export const reservedKeyProblem = (
  path: KeyPath,
): { readonly message: string; readonly remedy: string } => ({
  message: `${path.join('.')}: the key "${String(path.at(-1))}" is reserved`,
  remedy: 'Use another name: __proto__, constructor and prototype have a meaning in JavaScript.',
});
