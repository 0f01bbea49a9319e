import type { OutboundCall } from '../domain/outbound/outbound-calls.ts';
import type { OutboundFaultId } from '../domain/outbound/outbound-faults.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { omitUndefined } from '../protocol/omit-undefined.ts';
import type { SentCopy } from './send-call.ts';

/** What the journal records of a sending besides the exchange itself. */
export interface RecordOptions {
  readonly number: number;
  readonly clientId: string;
  readonly messageId: string;
  /** Where several replicas send: each numbers by itself. */
  readonly replica?: string | undefined;
  readonly call: OutboundCall;
  readonly url: URL;
  readonly fault: OutboundFaultId | undefined;
  readonly rule: string | undefined;
  /** By the client's clock. */
  readonly sentAt: number;
  /** From 1. */
  readonly attempt: number;
  readonly nextAttemptAt: number | undefined;
}

/** An exchange in the other direction as an entry of the journal. */
export const toJournalEntry = (
  { composed, fields, dialed, judgement }: SentCopy,
  options: RecordOptions,
): JournalEntry => {
  const { number, call, url, fault, sentAt } = options;
  const { times } = dialed;
  const answer = 'answer' in dialed ? dialed.answer : undefined;
  const [first] = judgement.problems;
  const identity = call.idField === undefined ? undefined : fields[call.idField];
  return {
    number,
    id: [options.messageId, options.replica ?? [], number].flat().join('-'),
    direction: 'outbound',
    receivedAt: sentAt,
    arrival: { order: number, atUs: Math.round(times.startedUs) },
    requestCompleteUs: times.sentUs === undefined ? undefined : Math.round(times.sentUs),
    connection: { ordinal: 0, position: 1, tls: url.protocol === 'https:' },
    delivery: {
      firstByteUs: times.firstByteUs,
      lastByteUs: answer === undefined ? undefined : times.endedUs,
      endedUs: times.endedUs,
      bytes: answer?.body.length ?? 0,
      complete: answer !== undefined,
      endedBy: answer === undefined && judgement.code !== 'BROKEN_OFF' ? 'server' : 'client',
    },
    method: 'POST',
    target: composed.target,
    clientId: options.clientId,
    identity: identity === undefined ? undefined : JSON.stringify([identity]),
    diagnosis: judgement.diagnosis,
    steps: [
      {
        name: 'send',
        microseconds: Math.round((times.sentUs ?? times.endedUs) - times.startedUs),
        refused: answer === undefined,
      },
      ...(answer === undefined
        ? []
        : [
            {
              name: 'judge-answer',
              microseconds: Math.round(times.endedUs - (times.sentUs ?? times.startedUs)),
              refused: !judgement.acknowledged,
            },
          ]),
    ],
    verdict: {
      step: answer === undefined ? 'send' : 'judge-answer',
      code: judgement.code,
      status: judgement.status,
      basis: [call.register, 'OB-16', 'OB-19'],
      reason: first?.sentence ?? 'acknowledged: SUCCESS, signed, in time',
    },
    tags: [
      judgement.acknowledged ? 'acknowledged' : 'not-acknowledged',
      ...(fault === undefined ? [] : [fault]),
    ],
    findings: judgement.problems,
    request: {
      headers: Object.fromEntries(
        splitHeaderLines(composed.headerLines).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      headerLines: composed.headerLines,
      body: composed.body,
      plain: composed.plain,
    },
    reply: {
      httpStatus: answer?.httpStatus ?? 0,
      headers: answer?.headers ?? {},
      body: answer?.body ?? Buffer.alloc(0),
      plain: judgement.plain,
    },
    sealed: composed.plain !== undefined,
    changes: [],
    keyVersions: {
      ...composed.keyVersions,
      ...omitUndefined({ verified: judgement.keyVersion }),
    },
    verifiedWith: judgement.keyVersion,
    milliseconds: Math.round((times.endedUs - times.startedUs) / 1000),
    outbound: {
      messageId: options.messageId,
      call: call.id,
      url: url.href,
      acknowledged: judgement.acknowledged,
      attempt: options.attempt,
      nextAttemptAt: options.nextAttemptAt,
      rule: options.rule,
    },
  };
};

const splitHeaderLines = (lines: readonly string[]): (readonly [name: string, value: string])[] =>
  lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? ''] as const] : []));
