import type { OutboundAttempt, OutboundRecord } from '../state/state.ts';
import type { OutboundCallId } from './outbound-calls.ts';
import type { OutboundFaultId } from './outbound-faults.ts';

/** A message to be sent. */
export interface NewOutbound extends Pick<OutboundRecord, 'fields'> {
  readonly call: OutboundCallId;
  readonly encrypt?: boolean | undefined;
  readonly fault?: OutboundFaultId | undefined;
  /** The scenario's rule that asks for it. */
  readonly rule?: string | undefined;
}

export const createOutboundRecord = (
  { call, fields, encrypt = false, fault, rule }: NewOutbound,
  createdAt: number,
  dueAt: number,
): OutboundRecord => ({
  ...{ call, fields, encrypt, createdAt, dueAt },
  fault: fault ?? null,
  rule: rule ?? null,
  state: 'pending',
  attempts: [],
  claimedUntil: null,
});

export interface SendPlan {
  /** Pauses between the sends, in milliseconds. */
  readonly pausesMs: readonly number[];
  /** `unknownOnly`: S and F end the retries too (register OB-16). */
  readonly retryOn: 'notSuccess' | 'unknownOnly';
}

/** Whether an attempt leaves nothing to be sent again. */
const endsPlan = (
  { acknowledged, status }: OutboundAttempt,
  hasResult: boolean,
  { retryOn }: SendPlan,
): boolean => acknowledged || (retryOn === 'unknownOnly' && hasResult && status !== 'U');

/**
 * The record after an attempt.
 * @param plan no pauses for a query: it is sent once
 * @param hasResult whether the answer was trustworthy and had a result
 */
export const afterAttempt = (
  record: OutboundRecord,
  attempt: OutboundAttempt,
  plan: SendPlan,
  hasResult: boolean,
): OutboundRecord => {
  const attempts = [...record.attempts, attempt];
  const base = { ...record, attempts, claimedUntil: null };
  if (attempt.acknowledged) return { ...base, state: 'acknowledged', dueAt: null };
  if (record.state !== 'pending') return base;
  const pause = plan.pausesMs[attempts.length - 1];
  if (endsPlan(attempt, hasResult, plan) || pause === undefined)
    return { ...base, state: 'exhausted', dueAt: null };
  return { ...base, dueAt: attempt.at + pause };
};
