import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../state/state.ts';

/**
 * SHA-256 of what a request says, whatever its layout: keys in order, no spaces. @param without
 * fields that do not count
 */
export const contentFingerprint = (request: JsonObject, without: readonly string[]): string =>
  hash(
    'sha256',
    canonicalJson(
      without.some((name) => Object.hasOwn(request, name))
        ? Object.fromEntries(Object.entries(request).filter(([name]) => !without.includes(name)))
        : request,
    ),
    'base64',
  );

/**
 * A few characters for each field of a request, to say later which of them another request has
 * changed. Nothing is decided by them: a collision costs a name in a sentence.
 */
export const hashFields = (request: JsonObject): string => {
  let hashes = '';
  for (const name of Object.keys(request))
    hashes += nameHash(name) + valueHash(request[name] ?? null);
  return hashes;
};

/**
 * Names of the fields that are new, changed or gone. @param known names to look for among those
 * that are gone
 */
export const differingFields = (
  hashes: string,
  request: JsonObject,
  known: readonly string[],
): readonly string[] => {
  const before = new Map(
    Array.from({ length: hashes.length / fieldLength }, (_, at) =>
      splitHash(hashes, at * fieldLength),
    ),
  );
  const changed = Object.entries(request)
    .filter(([name, value]) => before.get(nameHash(name)) !== valueHash(value))
    .map(([name]) => name);
  const now = new Set(Object.keys(request).map(nameHash));
  const gone = [...before.keys()].filter((name) => !now.has(name));
  return [
    ...changed,
    ...gone.map((name) => known.find((one) => nameHash(one) === name) ?? 'a field that is gone'),
  ];
};

const nameLength = 2;
const valueLength = 4;
const fieldLength = nameLength + valueLength;

const nameHash = (name: string): string => digits(fnv1a(name), nameLength);

const valueHash = (value: Json): string =>
  digits(fnv1a(typeof value === 'string' ? `"${value}"` : canonicalJson(value)), valueLength);

const splitHash = (hashes: string, at: number): [string, string] => [
  hashes.slice(at, at + nameLength),
  hashes.slice(at + nameLength, at + fieldLength),
];

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const digits = (hashed: number, count: number): string => {
  let text = '';
  for (let at = 0; at < count; at++) text += alphabet[(hashed >>> (6 * at)) & 63];
  return text;
};

/**
 * The 32-bit hash of Fowler, Noll and Vo, mixed so that each of its digits depends on the whole
 * text. Signed: the engine keeps such numbers without an object for each.
 */
const fnv1a = (text: string): number => {
  let hashed = 0x811c9dc5;
  for (let at = 0; at < text.length; at++)
    hashed = Math.imul(hashed ^ text.charCodeAt(at), 0x01000193);
  return hashed ^ (hashed >>> 15);
};

const canonicalJson = (value: Json): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as JsonObject;
  let members = '';
  for (const name of Object.keys(object).sort())
    members += `,${JSON.stringify(name)}:${canonicalJson(object[name] ?? null)}`;
  return `{${members.slice(1)}}`;
};
