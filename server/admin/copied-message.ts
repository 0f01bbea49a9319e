import * as z from 'zod';
import type { ReadMessage } from '../doctor/read-http.ts';
import { omitUndefined } from '../protocol/omit-undefined.ts';

/** What the doctor needs of a journal entry as JSON. */
const journalEntry = z.object({
  method: z.string(),
  target: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), bodyBase64: z.string() }),
});

/** @returns the request of a journal entry, or undefined when the bytes are not one. */
export const readJournalEntry = (bytes: Buffer): ReadMessage | undefined => {
  const checked = journalEntry.safeParse(parseJsonBytes(bytes));
  if (!checked.success) return undefined;
  const { method, target, request } = checked.data;
  const host = request.headers['host'];
  return {
    kind: 'request',
    method,
    target,
    ...omitUndefined({ host }),
    headers: Object.entries(request.headers),
    body: Buffer.from(request.bodyBase64, 'base64'),
  };
};

const parseJsonBytes = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
};
