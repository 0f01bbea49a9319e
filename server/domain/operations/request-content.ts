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
  const names = Object.keys(request);
  const length = names.length * fieldLength;
  const digits = length <= scratch.length ? scratch : Buffer.allocUnsafe(length);
  let at = 0;
  for (const name of names) {
    at = writeDigits(digits, at, hashName(name), nameLength);
    at = writeDigits(digits, at, hashValue(request[name] ?? null), valueLength);
  }
  return digits.toString('latin1', 0, length);
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

/** The digits are written as bytes: to add them to a text would make an object for each. */
const scratch = Buffer.alloc(fieldLength * 64);

const nameHash = (name: string): string => toDigits(hashName(name), nameLength);

const valueHash = (value: Json): string => toDigits(hashValue(value), valueLength);

const splitHash = (hashes: string, at: number): [string, string] => [
  hashes.slice(at, at + nameLength),
  hashes.slice(at + nameLength, at + fieldLength),
];

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** @returns the place after them */
const writeDigits = (into: Buffer, from: number, hashed: number, count: number): number => {
  for (let at = 0; at < count; at++) into[from + at] = alphabet[(hashed >>> (6 * at)) & 63] ?? 0;
  return from + count;
};

const toDigits = (hashed: number, count: number): string =>
  scratch.toString('latin1', 0, writeDigits(scratch, 0, hashed, count));

/**
 * The 32-bit hash of Fowler, Noll and Vo, mixed so that each of its digits depends on the whole
 * text. Signed from the beginning: the engine keeps such numbers without an object for each.
 */
const hashText = (text: string): number => mix(addText(firstHash, text));

/** Nearly all requests have the names of the documents. */
const knownNames = new Map<string, number>();
const mostNames = 256;

const hashName = (name: string): number => {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const hashed = hashText(name);
  if (knownNames.size < mostNames) knownNames.set(name, hashed);
  return hashed;
};

/** Of a string as it is, in quotes; of everything else as canonical JSON. */
const hashValue = (value: Json): number =>
  mix(typeof value === 'string' ? addQuoted(firstHash, value) : addJson(firstHash, value));

const firstHash = 0x811c9dc5 | 0;

const addText = (hashed: number, text: string): number => {
  let sum = hashed;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum;
};

const addQuoted = (hashed: number, text: string): number =>
  addText(addText(addText(hashed, '"'), text), '"');

/** As if `canonicalJson` of the value were added, without building that text. */
const addJson = (hashed: number, value: Json): number => {
  if (typeof value === 'string')
    return isPlain.test(value) ? addQuoted(hashed, value) : addText(hashed, JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return addText(hashed, String(value));
  let sum = addText(hashed, Array.isArray(value) ? '[' : '{');
  let separator = '';
  if (Array.isArray(value))
    for (const item of value) {
      sum = addJson(addText(sum, separator), item);
      separator = ',';
    }
  else
    for (const name of Object.keys(value).sort()) {
      sum = addText(addJson(addText(sum, separator), name), ':');
      sum = addJson(sum, (value as JsonObject)[name] ?? null);
      separator = ',';
    }
  return addText(sum, Array.isArray(value) ? ']' : '}');
};

/** Texts that JSON has as they are; most are such. */
const isPlain = /^[\w .,:;/@+-]*$/;

const mix = (hashed: number): number => hashed ^ (hashed >>> 15);

const canonicalJson = (value: Json): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as JsonObject;
  let members = '';
  for (const name of Object.keys(object).sort())
    members += `,${JSON.stringify(name)}:${canonicalJson(object[name] ?? null)}`;
  return `{${members.slice(1)}}`;
};
