import { decodeText, redactHeaderLines, redactHeaders } from '../../journal/exchange-json.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { clipText } from '../../problems/display-text.ts';
import type { WireExchange } from './result.ts';

/** Bodies of the catalogue are shorter; what a fault makes longer says nothing more. */
const maxBodyLength = 4000;

/**
 * What is shown of an exchange as evidence: the messages as they were on the wire, so that sealed
 * ones stay sealed, with credentials redacted.
 *
 * @param startedUs when the case began, by the journal's monotonic clock
 */
export const wireExchange = (entry: JournalEntry, startedUs: number): WireExchange => ({
  ref: entry.id,
  number: entry.number,
  arrivalMs: toMilliseconds(entry.arrival.atUs - startedUs),
  endedMs: toMilliseconds(entry.delivery.endedUs - startedUs),
  method: entry.method,
  target: entry.target,
  requestHeaders: redactHeaderLines(entry.request.headerLines),
  requestBody: showBody(entry.request.body),
  httpStatus: entry.reply.httpStatus,
  responseHeaders: Object.entries(redactHeaders(entry.reply.headers)),
  responseBody: showBody(entry.reply.body),
  rule: entry.scripted?.rule,
  reason: entry.verdict.reason,
});

const toMilliseconds = (microseconds: number): number => Math.round(microseconds / 1000);

const showBody = (body: Buffer): string => {
  const text = decodeText(body);
  return text === undefined ? `(${body.length} bytes, no text)` : clipText(text, maxBodyLength);
};
