import * as z from 'zod';
import { type ReadMessage, readHar } from '../doctor/read-http.ts';
import { tryParseJson } from '../problems/json-text.ts';
import { omitUndefined } from '../protocol/omit-undefined.ts';

/** What the doctor needs of a journal entry as JSON. */
const journalEntry = z.object({
  method: z.string(),
  target: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), bodyBase64: z.string() }),
});

/** What `exec --journal` writes. */
const journalFile = z.object({ exchanges: z.array(journalEntry) });

/**
 * The requests of a journal entry, of a file that `exec --journal` wrote, or of an HTTP Archive, in
 * their order.
 * @returns undefined when the bytes are none of these
 */
export const readCopiedExchanges = (bytes: Buffer): readonly ReadMessage[] | undefined => {
  const value = tryParseJson(bytes.toString('utf8'));
  const entry = journalEntry.safeParse(value);
  if (entry.success) return [toReadMessage(entry.data)];
  const file = journalFile.safeParse(value);
  return file.success ? file.data.exchanges.map(toReadMessage) : readHar(value);
};

const toReadMessage = ({ method, target, request }: z.infer<typeof journalEntry>): ReadMessage => {
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
