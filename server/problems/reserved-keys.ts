/** Keys that JavaScript gives a meaning of its own: one of them vanishes silently when an object is copied. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export type KeyPath = readonly (string | number)[];

/**
 * Where a value has a reserved key, at any depth; undefined when it has none.
 * A dotted key names several: `amount.__proto__`.
 * @param isReserved which keys are meant, all three when absent
 */
export const findReservedKey = (value: unknown, isReserved = isReservedKey): KeyPath | undefined => {
  const open: { readonly node: object; readonly path: KeyPath }[] = [];
  const visit = (node: unknown, path: KeyPath): void => {
    if (typeof node === 'object' && node !== null) open.push({ node, path });
  };
  visit(value, []);
  // A list instead of recursion: how deep a value is nested is not for its writer to decide.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) visit(item, [...path, index]);
      continue;
    }
    for (const [key, child] of Object.entries(node)) {
      if (isReserved(key)) return [...path, key];
      visit(child, [...path, key]);
    }
  }
  return undefined;
};

const isReservedKey = (key: string): boolean => key.split('.').some((part) => reserved.has(part));

/** What is wrong with such a key, and what to do about it. */
export const reservedKeyProblem = (path: KeyPath): { readonly message: string; readonly remedy: string } => ({
  message: `${path.join('.')}: the key "${String(path.at(-1))}" is reserved`,
  remedy: 'Use another name: __proto__, constructor and prototype have a meaning in JavaScript.',
});
