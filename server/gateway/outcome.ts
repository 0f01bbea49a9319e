import type { Contract, Finding } from '../domain/contract/contract.ts';

import { faultTags } from '../domain/faults/choice.ts';
import { type Delivery, plainDelivery } from '../domain/scenarios/select-rule.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { DiagnosisJob } from '../journal/diagnosis-queue.ts';
import type { StateChange, Verdict } from '../journal/journal-entry.ts';
import { type Committed, StoreError } from '../storage/store.ts';
import type { Exchange } from './exchange.ts';
import { AbortedByFault, Refusal } from './refusal.ts';
import { internalErrorResult, type ReplyResult, refusalResult } from './reply/compose-reply.ts';
import type { Decided } from './steps/decide.ts';
import { ClientDisconnected } from './steps/receive.ts';

/** How an exchange ends: what is told, why, and how it travels. */
export interface Outcome {
  readonly told: ReplyResult;
  readonly verdict: Verdict;
  readonly delivery: Delivery;
  readonly marks: readonly string[];
  readonly identity?: string;
  /** The rule that had its say. */
  readonly rule?: string;
  readonly changes?: readonly StateChange[];
  /** Why the signature or the sealing was refused: made, or still pending. */
  readonly diagnosis?: DiagnosisJob;
  /** The bug or the full disk behind an UNKNOWN_EXCEPTION. */
  readonly error?: unknown;
}

export const fromDecision = (
  { outcome, evicted }: Committed<Decided>,
  exchange: Exchange,
): Outcome => {
  exchange.addFindings(...outcome.findings, ...(evicted > 0 ? [evictedRequests(evicted)] : []));
  const { answer, basis, reason } = outcome;
  return {
    told: { answer, httpStatus: 200, isRefusal: false },
    verdict: { step: 'decide', code: answer.code, status: answer.status, basis, reason },
    delivery: outcome.delivery,
    marks: [...outcome.marks, ...deliveryMarks(outcome.delivery)],
    identity: outcome.identity,
    changes: outcome.recorded,
    ...(outcome.rule === undefined ? {} : { rule: outcome.rule }),
  };
};

const evictedRequests = (count: number): Finding => ({
  id: 'REQUEST_IDS_FORGOTTEN',
  sentence: `${count} request id${count === 1 ? ' was' : 's were'} forgotten to make room (idempotency.max)`,
  register: 'I-05',
});

/**
 * A refusal, a state that could not be kept, or something unforeseen. @throws CallerGone again:
 * there is nobody to tell.
 */
export const fromError = (
  error: unknown,
  exchange: Exchange,
  contract: Contract,
  httpStatus: Settings['httpStatus'],
): Outcome => {
  if (error instanceof ClientDisconnected) throw error;
  if (error instanceof AbortedByFault)
    return concludeInterruption(
      error,
      exchange,
      internalErrorResult(exchange, contract, httpStatus),
    );
  if (error instanceof StoreError)
    return concludeNotKept(error, exchange, internalErrorResult(exchange, contract, httpStatus));
  const refused = error instanceof Refusal;
  const told = refused
    ? refusalResult(error, exchange, contract, httpStatus)
    : internalErrorResult(exchange, contract, httpStatus);
  const { code, status } = told.answer;
  const verdict: Verdict = refused
    ? {
        step: exchange.lastStep,
        code,
        status,
        basis: [error.details.register],
        reason: error.details.reason,
      }
    : {
        step: exchange.lastStep,
        code,
        status,
        basis: ['G-02', 'G-18'],
        reason: 'something unforeseen; see the log',
      };
  return { told, verdict, delivery: plainDelivery, marks: [], ...(refused ? {} : { error }) };
};

/**
 * Never F: the change may become visible. Where a restart may find it, there is no answer at all
 * (register G-28).
 */
const concludeNotKept = (error: StoreError, exchange: Exchange, told: ReplyResult): Outcome => ({
  told: { ...told, answer: { ...told.answer, status: 'U' } },
  verdict: {
    step: exchange.lastStep,
    code: error.isOutcomeUnknown ? 'NO_ANSWER' : told.answer.code,
    status: 'U',
    basis: ['G-28'],
    reason: error.message,
  },
  delivery: error.isOutcomeUnknown
    ? { ...plainDelivery, fault: { id: 'close', phase: 'after-commit', parameters: {} } }
    : plainDelivery,
  marks: [],
  error,
});

/**
 * The outcome was settled, and then its answer failed. The journal keeps what was decided and
 * changed; the caller must not be told more than U, because a change is there (register G-28).
 */
export const concludeLateFailure = (
  error: unknown,
  exchange: Exchange,
  conclusion: Outcome,
  told: ReplyResult,
): Outcome => {
  const mayBeKept = exchange.isDecided || conclusion.error instanceof StoreError;
  const status = mayBeKept ? 'U' : told.answer.status;
  return {
    ...conclusion,
    told: { ...told, answer: { ...told.answer, status } },
    verdict: {
      step: exchange.lastStep,
      code: told.answer.code,
      status,
      basis: [mayBeKept ? 'G-28' : 'G-18'],
      reason: exchange.isDecided
        ? `the answer failed after the decision; what was decided stays (${conclusion.verdict.code}); see the log`
        : `the answer failed; it would have been ${conclusion.verdict.code}; see the log`,
    },
    delivery: plainDelivery,
    error,
  };
};

/**
 * Its answer could not be sent either: the connection is closed, so the caller knows no more than
 * U.
 */
export const withoutAnswer = (conclusion: Outcome): Outcome => ({
  ...conclusion,
  verdict: { ...conclusion.verdict, code: 'NO_ANSWER', status: 'U' },
});

/**
 * Nothing was decided, so nothing is told: whatever arrives is not the platform's answer. The
 * caller cannot know more than U.
 */
const concludeInterruption = (
  { rule, delivery, changes }: AbortedByFault,
  exchange: Exchange,
  told: ReplyResult,
): Outcome => ({
  told,
  verdict: {
    step: exchange.lastStep,
    code: 'NO_ANSWER',
    status: 'U',
    basis: [],
    reason: `${rule} scripted ${delivery.fault?.id} ${delivery.fault?.phase}; nothing was decided`,
  },
  delivery,
  rule,
  changes,
  marks: ['scripted', ...deliveryMarks(delivery)],
});

const deliveryMarks = (delivery: Delivery): string[] => [
  ...(delivery.delayIsDrawn === true ? [`delay:${delivery.delayMs}`] : []),
  ...faultTags(delivery),
];
