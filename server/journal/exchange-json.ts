import { type DiagnosisJson, diagnosisToJson } from '../doctor/report/diagnosis-json.ts';
import { summarizeExchange } from './exchange-summary.ts';
import type { JournalEntry, Message, Scripted, StateChange } from './journal-entry.ts';
import { redactHeaders, shownHeaderLines } from './shown-headers.ts';

/** What a view may show. */
export interface RedactionOptions {
  /** Whether what stood in sealed bodies is shown (setting `journal.plaintext`). */
  readonly plaintext: boolean;
}

/** Everything that is known of an exchange, as plain JSON values. */
export const exchangeToJson = (entry: JournalEntry, showing: RedactionOptions) => ({
  ...summarizeExchange(entry),
  steps: entry.steps,
  basis: entry.verdict.basis,
  notes: entry.findings,
  ...(entry.diagnosis === undefined ? {} : { diagnosis: shownDiagnosis(entry, showing) }),
  ...(entry.scripted === undefined ? {} : { scripted: scriptedToJson(entry.scripted) }),
  request: {
    ...messageToJson(entry.request, showing),
    headerLines: shownHeaderLines(entry.request.headerLines),
  },
  reply: {
    httpStatus: entry.reply.httpStatus,
    ...messageToJson(entry.reply, showing),
    headerLines: Object.entries(entry.reply.headers),
  },
  keyVersions: entry.keyVersions,
  changes: entry.changes.map((change) => changeToJson(change, entry.sealed && !showing.plaintext)),
});

/** Bytes as text, where they are UTF-8. */
export const decodeText = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const messageToJson = ({ headers, body, plain }: Message, showing: RedactionOptions) => ({
  headers: redactHeaders(headers),
  bodyBase64: body.toString('base64'),
  ...bodyText(body),
  bytes: body.length,
  ...(plain === undefined ? {} : { opened: openedToJson(plain, showing) }),
});

const bodyText = (body: Buffer): { readonly bodyText?: string } => {
  const text = decodeText(body);
  return text === undefined ? {} : { bodyText: text };
};

const openedToJson = (plain: Buffer, { plaintext }: RedactionOptions) => {
  if (!plaintext) return { redacted: true };
  const text = decodeText(plain);
  return {
    redacted: false,
    ...(text === undefined ? {} : { text }),
    bodyBase64: plain.toString('base64'),
  };
};

/** Someone may have signed the text that he then sealed: the signed content is that text. */
const shownDiagnosis = (
  { diagnosis, request }: JournalEntry,
  { plaintext }: RedactionOptions,
): DiagnosisJson | undefined => {
  if (diagnosis === undefined) return undefined;
  const json = diagnosisToJson(diagnosis);
  const isSealed =
    request.headers['encrypt'] !== undefined || request.headers['encryption'] !== undefined;
  if (plaintext || !isSealed) return json;
  const { difference: _difference, signed, ...rest } = json;
  if (signed === undefined) return rest;
  const { contentBase64: _content, ...read } = signed;
  return { ...rest, signed: read };
};

const scriptedToJson = ({ rule, delivery: { fault, security, delayMs } }: Scripted) => ({
  rule,
  ...(fault === undefined ? {} : { fault: fault.id, phase: fault.phase }),
  ...(security === undefined ? {} : { security: security.id }),
  ...(delayMs === 0 ? {} : { delayMs }),
});

const changeToJson = ({ collection, id, before, after }: StateChange, isRedacted: boolean) => ({
  collection,
  id,
  kind: before === null ? 'added' : after === null ? 'removed' : 'changed',
  ...(isRedacted ? { redacted: true } : { before, after }),
});
