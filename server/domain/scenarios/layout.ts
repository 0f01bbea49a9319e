import * as z from 'zod';
import { isRecord } from '../../problems/plain-object.ts';
import type { Json, JsonObject } from '../state/state.ts';

export const jsonValue: z.ZodType<unknown> = z.json();

/** How a response is written: the same content in other bytes, which the signature covers. */
export const layoutChoice = z
  .strictObject({
    members: z
      .enum(['reversed', 'sorted'])
      .optional()
      .describe('order of the members of every object'),
    addToResult: z
      .record(z.string(), jsonValue)
      .optional()
      .describe('members that the contract does not know, added to the result object'),
    spaces: z
      .boolean()
      .optional()
      .describe('true: spaces and line breaks between the tokens of the JSON'),
    headerNames: z
      .enum(['capitalized', 'upper'])
      .optional()
      .describe('spelling of the header names; lower case when absent'),
    headerPairs: z
      .literal('reversed')
      .optional()
      .describe('order of the pairs in Signature and Encrypt'),
  })
  .describe('the response in other bytes than usual, covered by its signature');

export type Layout = z.infer<typeof layoutChoice>;

/** The JSON text of a response body. */
export const writeInLayout = (body: JsonObject, layout: Layout | undefined): string => {
  if (layout === undefined) return JSON.stringify(body);
  const { members, addToResult, spaces } = layout;
  // Checked to be JSON by the file's schema.
  const added = addToResult as JsonObject | undefined;
  const extended = added === undefined ? body : addToResults(body, added);
  const ordered = members === undefined ? extended : orderMembers(extended, members);
  return spaces === true ? JSON.stringify(ordered, null, 2) : JSON.stringify(ordered);
};

const addToResults = (body: JsonObject, added: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      isRecord(value) && 'resultCode' in value ? { ...value, ...added } : value,
    ]),
  );

const orderMembers = (value: Json, order: 'reversed' | 'sorted'): Json => {
  if (Array.isArray(value)) return value.map((one: Json) => orderMembers(one, order));
  if (!isRecord(value)) return value;
  const members = Object.entries(value);
  const ordered =
    order === 'sorted' ? members.sort(([a], [b]) => (a < b ? -1 : 1)) : members.reverse();
  return Object.fromEntries(ordered.map(([name, one]) => [name, orderMembers(one, order)]));
};

type SentHeaders = Readonly<Record<string, string>>;

/** Headers as they are sent; elsewhere their names are in lower case. */
export const spellHeaders = (headers: SentHeaders, layout: Layout | undefined): SentHeaders => {
  if (layout?.headerNames === undefined && layout?.headerPairs === undefined) return headers;
  const { headerNames, headerPairs } = layout;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      headerNames === undefined ? name : spellName(name, headerNames),
      headerPairs === 'reversed' && pairHeaders.has(name) ? reversePairs(value) : value,
    ]),
  );
};

const spellName = (name: string, spelling: 'capitalized' | 'upper'): string =>
  spelling === 'upper'
    ? name.toUpperCase()
    : name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

const pairHeaders = new Set(['signature', 'encrypt']);

/** Values are URL-encoded, so a comma only separates. */
const reversePairs = (value: string): string => value.split(',').reverse().join(',');
