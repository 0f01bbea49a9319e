import * as z from 'zod';
import type { ReadMessage } from '../doctor/read-http.ts';

/** What the doctor needs of a journal entry as JSON. */
const journalEntry = z.object({
  method: z.string(),
  target: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), bodyBase64: z.string() }),
});

/** @returns the request of a journal entry, or undefined when the bytes are not one. */
export const readJournalEntry = (bytes: Buffer): ReadMessage | undefined => {
  const checked = journalEntry.safeParse(parseJson(bytes));
  if (!checked.success) return undefined;
  const { method, target, request } = checked.data;
  const host = request.headers['host'];
  return {
    kind: 'request',
    method,
    target,
    ...(host === undefined ? {} : { host }),
    headers: Object.entries(request.headers),
    body: Buffer.from(request.bodyBase64, 'base64'),
  };
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
};
