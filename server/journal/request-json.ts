import type { JsonObject } from '../domain/state/state.ts';
import type { JournalEntry } from './journal-entry.ts';

const parsed = new WeakMap<JournalEntry, JsonObject>();

/**
 * Larger ones are parsed anew each time: what is parsed takes several times the room, and the
 * journal's bounds do not count it.
 */
const largestKept = 8192;

/**
 * The request's fields, opened if it was sealed; none when it is no JSON object. Parsed when first
 * asked for, not when it came.
 */
export const requestJson = (entry: JournalEntry): JsonObject => {
  const known = parsed.get(entry);
  if (known !== undefined) return known;
  const bytes = entry.request.plain ?? entry.request.body;
  const json = parseObject(bytes.toString('utf8'));
  if (bytes.length <= largestKept) parsed.set(entry, json);
  return json;
};

const parseObject = (text: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(text);
    // What JSON.parse returns and is an object is a JsonObject.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : {};
  } catch {
    return {};
  }
};
