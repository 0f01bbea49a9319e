import { decodeText, redactHeaderLines, redactHeaders } from '../../journal/exchange-views.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { clipText } from '../../problems/display-text.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import type { CaseAttempt, CaseEvidence } from './case-evidence.ts';
import { describeAnswer } from './checks/check.ts';
import type { EvidenceExchange, TimelineEvent, WireExchange } from './result.ts';
import type { JobRecord } from './types.ts';

/** A case in words. */
export interface CaseDescription {
  readonly timeline: readonly TimelineEvent[];
  readonly notes: readonly string[];
}

export const describeCase = (evidence: CaseEvidence): CaseDescription => {
  const { record } = evidence;
  const toMs = (us: number): number => Math.round((us - record.startedUs) / 1000);
  return {
    timeline: [
      ...record.jobs.flatMap((job) => jobEvents(job, toMs)),
      ...evidence.attempts.flatMap((attempt) => attemptEvents(attempt, toMs)),
    ].sort((a, b) => a.atMs - b.atMs),
    notes: describeNotes(evidence),
  };
};

/** An attempt as evidence. */
export const referTo = (attempt: CaseAttempt, { record }: CaseEvidence): EvidenceExchange =>
  refer(attempt, (us) => Math.round((us - record.startedUs) / 1000));

type ToMs = (us: number) => number;

const jobEvents = (record: JobRecord, toMs: ToMs): readonly TimelineEvent[] => {
  const { job, claim, claimedUs, end, endedUs } = record;
  const events: TimelineEvent[] = [
    { atMs: toMs(record.givenUs), kind: 'job', text: `job ${job.action}` },
  ];
  if (claim !== undefined && claimedUs !== undefined)
    events.push({
      atMs: toMs(claimedUs),
      kind: 'report',
      text: [`claimed ${claim.outcome}`, claim.resultCode, claim.reason]
        .filter((part) => part !== undefined && part !== claim.outcome)
        .join(', '),
    });
  if (end.kind === 'killed' || end.kind === 'deadline')
    events.push({
      atMs: toMs(endedUs),
      kind: 'killed',
      text: end.kind === 'killed' ? 'killed, as the case plans' : 'ended at the deadline',
    });
  if (claim === undefined && (end.kind === 'exited' || end.kind === 'signalled'))
    events.push({
      atMs: toMs(endedUs),
      kind: 'exit',
      text:
        end.kind === 'exited'
          ? `ended without an opinion, exit code ${end.code}`
          : `ended without an opinion by ${end.signal}`,
    });
  return events;
};

const attemptEvents = (attempt: CaseAttempt, toMs: ToMs): readonly TimelineEvent[] => {
  const { id, atUs, content, delivery, message, isLibraryRetry } = attempt;
  const requestId = content?.requestId;
  const events: TimelineEvent[] = [
    {
      atMs: toMs(atUs),
      kind: 'attempt',
      text:
        `message ${message}${requestId === undefined ? '' : ` as ${requestId}`}` +
        (isLibraryRetry ? ', repeated by the HTTP library' : ''),
      ref: id,
    },
  ];
  if (delivery?.complete === true && delivery.lastByteUs !== undefined)
    events.push({
      atMs: toMs(delivery.lastByteUs),
      kind: 'delivered',
      text: describeAnswer(attempt),
      ref: id,
    });
  else if (delivery !== undefined)
    events.push({
      atMs: toMs(delivery.endedUs),
      kind: 'ended',
      text: `${describeAnswer(attempt)}, ended by the ${delivery.endedBy === 'client' ? 'client' : 'server'}`,
      ref: id,
    });
  return events;
};

const describeNotes = ({ attempts, record }: CaseEvidence): readonly string[] => {
  const retries = attempts.filter(({ isLibraryRetry }) => isLibraryRetry).length;
  return [
    ...(retries > 0 ? [`the HTTP library repeated ${retries} of the requests by itself`] : []),
    ...record.jobs.flatMap(({ remarks }) => remarks),
  ];
};

const refer = (attempt: CaseAttempt, toMs: ToMs): EvidenceExchange => {
  const { id, number, atUs, delivery, view, code, status, fault, phase, security } = attempt;
  const struck =
    security === undefined
      ? fault === undefined
        ? undefined
        : `fault:${fault}@${phase ?? ''}`
      : `security:${security}`;
  const { lastByteUs } = delivery ?? {};
  return {
    ref: id,
    number,
    arrivalMs: toMs(atUs),
    view,
    code,
    status,
    ...omitUndefined({
      lastByteMs: lastByteUs === undefined ? undefined : toMs(lastByteUs),
      endedMs: delivery === undefined ? undefined : toMs(delivery.endedUs),
      endedBy: delivery?.endedBy,
      struck,
      requestId: attempt.content?.requestId,
    }),
  };
};

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
