export interface FieldChange {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * A record's fields by name; an entity's own fields stand beside its event time and count, without
 * the wrapping.
 */
const flat = (record: unknown): ReadonlyMap<string, string> => {
  if (typeof record !== 'object' || record === null)
    return new Map(record === null || record === undefined ? [] : [['', shown(record)]]);
  return new Map(
    Object.entries(record).flatMap(([name, value]) =>
      name === 'fields' && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([field, inner]) => [field, shown(inner)] as const)
        : [[`(${name})`, shown(value)] as const],
    ),
  );
};

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Every field of a record before and after, those that changed first. */
export const fieldChanges = (before: unknown, after: unknown): readonly FieldChange[] => {
  const [left, right] = [flat(before), flat(after)];
  const fields = [...new Set([...right.keys(), ...left.keys()])];
  const rows = fields.map((field) => ({ field, before: left.get(field), after: right.get(field) }));
  return [
    ...rows.filter((row) => row.before !== row.after),
    ...rows.filter((row) => row.before === row.after),
  ];
};
