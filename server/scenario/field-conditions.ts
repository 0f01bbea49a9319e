import type { Json, JsonObject } from '../world/state.ts';
import type { FieldCondition } from './scenario-file.ts';

/** Whether fields fit some conditions. */
export type FieldsFit = (fields: JsonObject) => boolean;

const always: FieldsFit = () => true;

/** Readies conditions on fields once, for the many requests they will be held against; a dot in a name goes into an object. */
export const readyConditions = (conditions: Readonly<Record<string, FieldCondition>> | undefined): FieldsFit => {
  const checks = Object.entries(conditions ?? {}).map(([path, condition]) => readyCondition(path.split('.'), condition));
  const [only, ...more] = checks;
  if (only === undefined) return always;
  return more.length === 0 ? only : (fields) => checks.every((check) => check(fields));
};

const readyCondition = (path: readonly string[], condition: FieldCondition): FieldsFit => {
  const fits = readyValue(condition);
  return (fields) => fits(valueUnder(fields, path));
};

type ValueFits = (value: Json | undefined) => boolean;

const readyValue = (condition: FieldCondition): ValueFits => {
  if (typeof condition !== 'object' || condition === null) return (value) => value === condition;
  const { equals, prefix, regex, present, min, max } = condition;
  const pattern = regex === undefined ? undefined : new RegExp(regex, 'u');
  return (value) =>
    (equals === undefined || value === equals) &&
    (prefix === undefined || (typeof value === 'string' && value.startsWith(prefix))) &&
    (pattern === undefined || (typeof value === 'string' && pattern.test(value))) &&
    (present === undefined || present === (value !== undefined)) &&
    (min === undefined || (typeof value === 'number' && value >= min)) &&
    (max === undefined || (typeof value === 'number' && value <= max));
};

/** The value under a dotted path, or undefined. */
export const valueAt = (fields: JsonObject, path: string): Json | undefined => valueUnder(fields, path.split('.'));

const valueUnder = (fields: JsonObject, path: readonly string[]): Json | undefined => {
  let node: Json | undefined = fields;
  for (const name of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as JsonObject)[name];
  }
  return node;
};
