export interface JsonDifference {
  readonly field: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** The fields in which two maps differ, in the order of the first. */
export const compareMaps = (
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): readonly JsonDifference[] =>
  [...new Set([...left.keys(), ...right.keys()])].flatMap((field) => {
    const row = { field, left: left.get(field), right: right.get(field) };
    return row.left === row.right ? [] : [row];
  });

/** The values of a JSON document by their paths: `amount.value`, `items[0].name`. */
export const flattenJson = (value: unknown, path = ''): ReadonlyMap<string, string> => {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return new Map([[path, JSON.stringify(value)]]);
  const isList = Array.isArray(value);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => {
      const step = isList ? `[${name}]` : path === '' ? name : `.${name}`;
      return [...flattenJson(inner, path + step)];
    }),
  );
};
