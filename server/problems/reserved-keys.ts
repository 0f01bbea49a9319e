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
