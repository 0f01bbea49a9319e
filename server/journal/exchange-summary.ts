import { findingIds, isSigned } from './exchange-query.ts';
import type { JournalEntry } from './journal-entry.ts';

/** An exchange in a line of a list, as plain JSON values. */
export type ExchangeSummary = ReturnType<typeof summarizeExchange>;

export const summarizeExchange = (entry: JournalEntry) => {
  const { verdict, request, reply, scripted, clientId, operation, identity } = entry;
  return {
    number: entry.number,
    id: entry.id,
    receivedAt: entry.receivedAt,
    ...(clientId === undefined ? {} : { clientId }),
    ...(operation === undefined ? {} : { operation }),
    method: entry.method,
    target: entry.target,
    ...(identity === undefined ? {} : { identity }),
    step: verdict.step,
    code: verdict.code,
    status: verdict.status,
    reason: verdict.reason,
    marks: entry.marks,
    findings: findingIds(entry),
    ...(entry.pendingDiagnosis === undefined ? {} : { diagnosisPending: true }),
    ...(scripted === undefined ? {} : { rule: scripted.rule }),
    sealed: entry.sealed,
    signed: isSigned(entry),
    httpStatus: reply.httpStatus,
    milliseconds: entry.milliseconds,
    requestBytes: request.body.length,
    replyBytes: reply.body.length,
    changed: entry.changes.length,
  };
};
