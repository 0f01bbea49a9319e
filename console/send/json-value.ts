export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What has to be laid over an example so that it becomes the value; null takes a field away. */
export const laidOver = (base: JsonObject, value: JsonObject): JsonObject => ({
  ...Object.fromEntries(Object.keys(base).flatMap((name) => (name in value ? [] : [[name, null]]))),
  ...Object.fromEntries(
    Object.entries(value).filter(
      ([name, field]) => JSON.stringify(field) !== JSON.stringify(base[name]),
    ),
  ),
});

/** An object with one field set, or taken away by undefined. */
export const withField = (
  object: JsonObject,
  name: string,
  value: JsonValue | undefined,
): JsonObject =>
  value === undefined
    ? Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))
    : { ...object, [name]: value };
