/** Whether a value is a JSON object: no list, and not null. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type UndefinedKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** T whose members that may be undefined are optional instead. */
export type OmitUndefined<T> = Omit<T, UndefinedKeys<T>> & {
  [K in UndefinedKeys<T>]?: Exclude<T[K], undefined>;
};

/**
 * A copy without the members whose value is undefined, for types with optional members and for
 * JSON. Only for a record's own enumerable members, not nested ones.
 *
 * @example omitUndefined({ orderNo: 'A1', remark: undefined }) // { orderNo: 'A1' }
 */
export const omitUndefined = <T extends object>(record: T): OmitUndefined<T> =>
  Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as OmitUndefined<T>;
