import { createHmac, randomBytes } from 'node:crypto';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import { type DiagnosisJson, diagnosisToJson } from '../doctor/render-diagnosis.ts';
import { omitUndefined } from '../protocol/omit-undefined.ts';
import { findingIds, isSigned } from './exchange-query.ts';
import type {
  JournalEntry,
  Message,
  OpenExchange,
  Scripted,
  StateChange,
} from './journal-entry.ts';
import { traceExchange } from './trace-context.ts';

/** What a view may show. */
export interface RedactionOptions {
  /** Whether the plaintext of encrypted bodies is shown (setting `journal.plaintext`). */
  readonly plaintext: boolean;
}

/** Everything that is known of an exchange, as plain JSON values. */
export const exchangeToJson = (entry: JournalEntry, showing: RedactionOptions) => ({
  ...summarizeExchange(entry),
  steps: entry.steps,
  basis: entry.verdict.basis,
  notes: entry.findings,
  ...omitUndefined({
    diagnosis: entry.diagnosis && redactDiagnosis(entry, showing),
    scripted: entry.scripted && scriptedToJson(entry.scripted),
  }),
  request: {
    ...messageToJson(entry.request, showing),
    headerLines: redactHeaderLines(entry.request.headerLines),
  },
  reply: {
    httpStatus: entry.reply.httpStatus,
    ...messageToJson(entry.reply, showing),
    headerLines: Object.entries(entry.reply.headers),
  },
  keyVersions: entry.keyVersions,
  ...omitUndefined({ symmetricKeyDigest: entry.symmetricKeyDigest }),
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
  ...textOfBody(body),
  bytes: body.length,
  ...omitUndefined({ opened: plain && openedToJson(plain, showing) }),
});

const textOfBody = (body: Buffer): { readonly bodyText?: string } => {
  const text = decodeText(body);
  return text === undefined ? {} : { bodyText: text };
};

const openedToJson = (plain: Buffer, { plaintext }: RedactionOptions) => {
  if (!plaintext) return { redacted: true };
  const text = decodeText(plain);
  return {
    redacted: false,
    ...omitUndefined({ text }),
    bodyBase64: plain.toString('base64'),
  };
};

/** Someone may have signed the text that he then sealed: the signed content is that text. */
const redactDiagnosis = (
  { diagnosis, request: received, reply, direction }: JournalEntry,
  { plaintext }: RedactionOptions,
): DiagnosisJson | undefined => {
  if (diagnosis === undefined) return undefined;
  const json = diagnosisToJson(diagnosis);
  // The doctor examines what the merchant has signed.
  const request = direction === 'outbound' ? reply : received;
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
  ...omitUndefined({
    fault: fault?.id,
    phase: fault?.phase,
    security: security?.id,
    delayMs: delayMs === 0 ? undefined : delayMs,
  }),
});

const changeToJson = ({ collection, id, before, after }: StateChange, isRedacted: boolean) => ({
  collection,
  id,
  kind: before === null ? 'added' : after === null ? 'removed' : 'changed',
  ...(isRedacted ? { redacted: true } : { before, after }),
});

/** An exchange in a line of a list, as plain JSON values. */
export type ExchangeSummary = ReturnType<typeof summarizeExchange>;

export const summarizeExchange = (entry: JournalEntry) => {
  const { verdict, request, reply, scripted, clientId, operation, identity } = entry;
  return {
    number: entry.number,
    id: entry.id,
    receivedAt: entry.receivedAt,
    direction: entry.direction ?? ('inbound' as const),
    ...describeOutbound(entry),
    arrival: entry.arrival,
    ...omitUndefined({ requestCompleteUs: entry.requestCompleteUs, clientId, operation }),
    connection: entry.connection,
    delivery: omitUndefined(entry.delivery),
    method: entry.method,
    target: entry.target,
    ...omitUndefined({ identity, ...describeContent(request) }),
    step: verdict.step,
    code: verdict.code,
    status: verdict.status,
    reason: verdict.reason,
    tags: entry.tags,
    findings: findingIds(entry),
    ...omitUndefined({
      diagnosisPending: entry.pendingDiagnosis === undefined ? undefined : true,
      rule: scripted?.rule,
      trace: traceExchange(entry),
    }),
    sealed: entry.sealed,
    signed: isSigned(entry),
    httpStatus: reply.httpStatus,
    milliseconds: entry.milliseconds,
    requestBytes: request.body.length,
    replyBytes: reply.body.length,
    changed: entry.changes.length,
  };
};

/** Random, so that a digest says nothing about a body but that another one equals it. */
const digestKey = randomBytes(16);

const requestIdPattern = /"requestId"\s*:\s*"([^"\\]{1,128})"/;

/** Shows in a list which bodies were sent again and which have changed, without the bodies. */
const describeContent = ({ plain, body }: Message) => {
  const content = plain ?? body;
  if (content.length === 0) return {};
  return {
    // A search in the text: parsing each body of a list would cost more than the rest of its row.
    requestId: requestIdPattern.exec(content.subarray(0, 16_384).toString('utf8'))?.[1],
    contentDigest: createHmac('sha256', digestKey).update(content).digest('base64url').slice(0, 16),
  };
};

const describeOutbound = ({ outbound }: JournalEntry) => {
  if (outbound === undefined) return {};
  const { attempt, nextAttemptAt, ...rest } = outbound;
  return { attempt, ...omitUndefined({ nextAttemptAt }), outbound: omitUndefined(rest) };
};

/** A request in flight, as plain JSON values. */
export const openExchangeToJson = ({
  number,
  id,
  receivedAt,
  arrival,
  connection,
  method,
  target,
  operation,
  clientId,
}: OpenExchange) =>
  omitUndefined({
    ...{ number, id, receivedAt, arrival, connection, method, target, operation, clientId },
  });

/** Headers that let their bearer in somewhere. */
export const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'agent-token',
]);

const redacted = '(redacted)';

/** By lower-case name. */
export const redactHeaders = (
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretHeaders.has(name) ? redacted : value,
    ]),
  );

/** Names and values in turns, as pairs. */
export const redactHeaderLines = (
  lines: readonly string[],
): readonly (readonly [name: string, value: string])[] =>
  headerPairs(lines).map(([name, value]) => [
    name,
    secretHeaders.has(name.toLowerCase()) ? redacted : value,
  ]);

export const headerPairs = (lines: readonly string[]): (readonly [name: string, value: string])[] =>
  lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? ''] as const] : []));

/** What a diagnosis found, in one line. */
export const formatCause = ({ cause }: Diagnosis): string =>
  cause === undefined
    ? 'UNEXPLAINED: no cause is proved'
    : `${cause.id}: ${cause.sentence}${cause.detail === undefined ? '' : ` (${cause.detail})`}`;
