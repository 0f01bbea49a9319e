import { composeSample } from '../admin/compose-sample.ts';
import type { Operation } from '../domain/contract/contract.ts';
import type { Json, JsonObject } from '../domain/state/state.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { readInputFile, usageError } from './input-output.ts';
import type { BodyOptions } from './options.ts';

/** Builds the body: the bytes of a file as they are, or a new sample of the contract. */
export const buildRequestBody = (
  operation: Operation,
  { example, set, body }: BodyOptions,
): Buffer => {
  if (body !== undefined) {
    if (example !== undefined || set.length > 0)
      throw usageError(
        '--body',
        'sends a file unchanged, so --example and --set have no effect',
        'Leave --body out, or the others.',
      );
    return readInputFile(body);
  }
  if (example !== undefined && !operation.examples.has(example))
    throw usageError(
      '--example',
      `${operation.id} has no example "${example}"`,
      suggest(example, [...operation.examples.keys()]),
    );
  const assignments = set.map(readAssignment);
  const sample = composeSample(operation, {
    example,
    fields: Object.fromEntries(
      assignments.flatMap(({ path: [field = '', ...deeper], value }) =>
        deeper.length === 0 ? [[field, value]] : [],
      ),
    ),
    time: Date.now(),
  });
  const nested = assignments.filter(({ path }) => path.length > 1);
  return Buffer.from(JSON.stringify(nested.reduce(assign, sample)));
};

/** The fields with those of `--set` laid over them; null deletes one. */
export const applyAssignments = (fields: JsonObject, set: readonly string[]): JsonObject =>
  set.map(readAssignment).reduce(assign, fields);

/** The top-level fields that `--set` changes: null where one is deleted. */
export const readChangedFields = (fields: JsonObject, set: readonly string[]): JsonObject => {
  const after = applyAssignments(fields, set);
  const names = set.map((text) => readAssignment(text).path[0] ?? '');
  return Object.fromEntries(names.map((name) => [name, after[name] ?? null]));
};

interface Assignment {
  readonly text: string;
  readonly path: readonly string[];
  readonly value: Json;
}

const readAssignment = (text: string): Assignment => {
  const cut = text.indexOf('=');
  const path = text.slice(0, Math.max(cut, 0)).split('.');
  if (path.includes(''))
    throw usageError(
      '--set',
      `"${text}" is not field=value`,
      'Write e.g. --set orderStatus=USED, --set amount=100 or --set merchant.segmentId=A.',
    );
  return { text, path, value: parseSetValue(text.slice(cut + 1)) };
};

/** A copy in which the field at the path has the value; null deletes the field. */
const assign = (sample: JsonObject, { text, path, value }: Assignment): JsonObject => {
  const copy = structuredClone(sample) as Record<string, Json>;
  let parent: Record<string, Json> = copy;
  for (const [depth, name] of path.slice(0, -1).entries()) {
    requireIndex(parent, name, text);
    const child = Object.hasOwn(parent, name) ? parent[name] : undefined;
    const next = child === undefined || child === null ? {} : child;
    if (typeof next !== 'object')
      throw usageError(
        '--set',
        `"${text}": ${path.slice(0, depth + 1).join('.')} is ${JSON.stringify(next)}, ` +
          'which has no fields',
        'Set the field itself, or leave out the part after it.',
      );
    setField(parent, name, next as Json);
    // Lists take the index as a name: goods.0.price.
    parent = next as Record<string, Json>;
  }
  const last = path.at(-1) ?? '';
  requireIndex(parent, last, text);
  if (value === null && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (value === null) delete parent[last];
  else setField(parent, last, value);
  return copy;
};

const requireIndex = (parent: unknown, name: string, text: string): void => {
  if (Array.isArray(parent) && !(/^\d{1,4}$/.test(name) && Number(name) <= parent.length))
    throw usageError(
      '--set',
      `"${text}": ${name} is not an index of a list with ${parent.length} entries`,
      'Count from 0: --set goods.0.price=100.',
    );
};

/** Plain assignment would change the prototype for `__proto__`. */
const setField = (object: Record<string, Json>, name: string, value: Json): void => {
  const descriptor = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(object, name, descriptor);
};

const parseSetValue = (text: string): Json => {
  try {
    const value: Json = JSON.parse(text);
    // An integer that would lose digits is an id.
    return typeof value === 'number' && /^-?\d+$/.test(text) && String(value) !== text
      ? text
      : value;
  } catch {
    return text;
  }
};
