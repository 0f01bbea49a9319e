import type { Contract, Finding, Operation } from '../domain/contract/contract.ts';
import { faultTags } from '../domain/faults/choice.ts';
import type { Decision } from '../domain/operations/decide-request.ts';
import { type DeliveryPlan, ordinaryDelivery } from '../domain/scenarios/select-rule.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { Answer, JsonObject } from '../domain/state/state.ts';
import type { DiagnosisJob } from '../journal/diagnosis-queue.ts';
import type { Delivery, StateChange, Verdict } from '../journal/journal-entry.ts';
import { StoreError } from '../storage/store.ts';
import { type Known, Refusal, type StepError } from './exchange.ts';
import { BrokenOffError } from './steps/receive.ts';

/** How an exchange ends: what is answered, why, and how the answer is to be delivered. */
export interface Outcome {
  readonly kind:
    | 'decided'
    /** A scripted fault applied before anything was decided. */
    | 'aborted'
    | 'refused'
    /** Decided, and then not kept by the store. */
    | 'uncommitted'
    /** A bug. */
    | 'failed'
    /** The request never became complete: there is nothing to answer. */
    | 'broken-off';
  readonly known: Known;
  /** What the reply says: a decision's answer, or a refusal. */
  readonly result: {
    readonly answer: Answer;
    readonly httpStatus: number;
    readonly isRefusal: boolean;
  };
  readonly verdict: Verdict;
  readonly delivery: DeliveryPlan;
  readonly tags: readonly string[];
  /** The parsed body that was decided on. */
  readonly request?: JsonObject | undefined;
  readonly identity?: string | undefined;
  /** The scripted rule that matched. */
  readonly rule?: string | undefined;
  readonly changes?: readonly StateChange[] | undefined;
  /** Notes of the decision; those of the steps before it are in the exchange. */
  readonly findings?: readonly Finding[] | undefined;
  /** Why the signature or the encryption was refused: made, or still pending. */
  readonly diagnosis?: DiagnosisJob | undefined;
  /** The bug or the full disk that caused an UNKNOWN_EXCEPTION. */
  readonly error?: unknown;
}

export const fromDecision = (
  { answer, basis, reason, tags }: Decision,
  known: Known,
  {
    delivery,
    request,
    identity,
    rule,
    changes,
    findings,
  }: Pick<Outcome, 'delivery' | 'request' | 'identity' | 'rule' | 'changes' | 'findings'>,
): Outcome => ({
  kind: 'decided',
  known,
  result: { answer, httpStatus: 200, isRefusal: false },
  verdict: { step: 'decide', code: answer.code, status: answer.status, basis, reason },
  delivery,
  tags: delivery === ordinaryDelivery ? tags : [...tags, ...deliveryTags(delivery)],
  request,
  identity,
  rule,
  changes,
  findings,
});

/** Where codes that no decision chose get their status, text and HTTP status from. */
export interface ResultTables {
  readonly contract: Contract;
  readonly httpStatus: Settings['httpStatus'];
}

/**
 * A refusal as an answer: from the operation's own table where it lists the code, else from the
 * gateway's.
 */
export const refusalResult = (
  refusal: Refusal,
  operation: Operation | undefined,
  { contract, httpStatus }: ResultTables,
): Outcome['result'] => {
  const row = operation?.results.get(refusal.code) ?? contract.gatewayResults.get(refusal.code);
  if (row === undefined) throw new Error(`the contract has no result code ${refusal.code}`);
  return {
    answer: {
      code: row.code,
      status: row.status,
      message: row.message,
      ...readDetail(refusal),
      fields: {},
    },
    httpStatus:
      httpStatus === 'ok'
        ? 200
        : (refusal.details.httpStatus ??
          contract.gatewayResults.get(refusal.code)?.httpStatus ??
          400),
    isRefusal: true,
  };
};

const readDetail = ({ details: { message } }: Refusal): Pick<Answer, 'detail'> =>
  message === undefined ? {} : { detail: message };

/**
 * An internal error: UNKNOWN_EXCEPTION with the operation's own status, without its cause (register
 * G-02, G-18).
 * @param mayBeVisible whether a change is or may become visible: then the status is U, whatever the
 * operation's table says (register G-28)
 */
export const internalErrorResult = (
  operation: Operation | undefined,
  { contract, httpStatus }: ResultTables,
  mayBeVisible: boolean,
): Outcome['result'] => {
  const row =
    operation?.results.get('UNKNOWN_EXCEPTION') ?? contract.gatewayResults.get('UNKNOWN_EXCEPTION');
  return {
    answer: {
      code: 'UNKNOWN_EXCEPTION',
      status: mayBeVisible ? 'U' : (row?.status ?? 'U'),
      message: row?.message ?? 'unknown',
      fields: {},
    },
    httpStatus: httpStatus === 'ok' ? 200 : 500,
    isRefusal: true,
  };
};

/** The outcome of an exchange that a step has ended. */
export const fromError = ({ step, known, cause }: StepError, tables: ResultTables): Outcome => {
  if (cause instanceof BrokenOffError) return concludeBrokenOff(cause, known, tables);
  if (cause instanceof Refusal) return concludeRefusal(cause, step, known, tables);
  const result = internalErrorResult(known.operation, tables, false);
  if (cause instanceof StoreError) return concludeUncommitted(cause, step, known, result);
  const { code, status } = result.answer;
  return {
    kind: 'failed',
    known,
    result,
    verdict: { step, code, status, basis: ['G-02', 'G-18'], reason: 'internal error; see the log' },
    delivery: ordinaryDelivery,
    tags: [],
    error: cause,
  };
};

const concludeRefusal = (
  refusal: Refusal,
  step: string,
  known: Known,
  tables: ResultTables,
): Outcome => {
  const result = refusalResult(refusal, known.operation, tables);
  const { code, status } = result.answer;
  const { register, reason } = refusal.details;
  return {
    kind: 'refused',
    known,
    result,
    verdict: { step, code, status, basis: [register], reason },
    delivery: ordinaryDelivery,
    tags: [],
  };
};

const concludeBrokenOff = (
  { body, message }: BrokenOffError,
  known: Known,
  tables: ResultTables,
): Outcome => ({
  kind: 'broken-off',
  known: { ...known, body },
  result: internalErrorResult(known.operation, tables, false),
  verdict: { step: 'receive', code: 'none', status: 'U', basis: ['G-36'], reason: message },
  delivery: ordinaryDelivery,
  tags: ['broken-off'],
});

/**
 * Never F: the change may become visible. Where a restart may find it, there is no answer at all
 * (register G-28).
 */
const concludeUncommitted = (
  error: StoreError,
  step: string,
  known: Known,
  result: Outcome['result'],
): Outcome => ({
  kind: 'uncommitted',
  known,
  result: { ...result, answer: { ...result.answer, status: 'U' } },
  verdict: {
    step,
    code: error.isOutcomeUnknown ? 'NO_ANSWER' : result.answer.code,
    status: 'U',
    basis: ['G-28'],
    reason: error.message,
  },
  delivery: error.isOutcomeUnknown
    ? { ...ordinaryDelivery, fault: { id: 'close', phase: 'after-commit', parameters: {} } }
    : ordinaryDelivery,
  tags: [],
  error,
});

/**
 * Nothing was decided, and whatever arrives is not the platform's answer: the client cannot know
 * more than U.
 */
export const concludeAbort = (
  step: string,
  known: Known,
  { rule, delivery, changes }: Pick<Outcome, 'rule' | 'delivery' | 'changes'>,
  result: Outcome['result'],
): Outcome => ({
  kind: 'aborted',
  known,
  result,
  verdict: {
    step,
    code: 'NO_ANSWER',
    status: 'U',
    basis: [],
    reason: `${rule} scripted ${delivery.fault?.id} ${delivery.fault?.phase}; nothing was decided`,
  },
  delivery,
  rule,
  changes,
  tags: ['scripted', ...deliveryTags(delivery)],
});

const deliveryTags = (delivery: DeliveryPlan): string[] => [
  ...(delivery.delayIsDrawn === true ? [`delay:${delivery.delayMs}`] : []),
  ...faultTags(delivery),
];

/**
 * Answering failed. The journal keeps what was decided and changed; after a decision the answer
 * must say U, because the change is visible (register G-28).
 */
export const withFailedReply = (
  outcome: Outcome,
  error: unknown,
  tables: ResultTables,
): Outcome => {
  const isDecided = outcome.kind === 'decided';
  const mayBeVisible = isDecided || outcome.kind === 'uncommitted';
  const result = internalErrorResult(outcome.known.operation, tables, mayBeVisible);
  const { code, status } = result.answer;
  return {
    ...outcome,
    result,
    verdict: {
      step: 'reply',
      code,
      status,
      basis: [mayBeVisible ? 'G-28' : 'G-18'],
      reason: isDecided
        ? `the answer failed after the decision; what was decided stays (${outcome.verdict.code}); see the log`
        : `the answer failed; it would have been ${outcome.verdict.code}; see the log`,
    },
    delivery: ordinaryDelivery,
    error,
  };
};

/** No answer could be sent: the connection is closed, so the client knows no more than U. */
export const withoutAnswer = (outcome: Outcome): Outcome => ({
  ...outcome,
  verdict: { ...outcome.verdict, code: 'NO_ANSWER', status: 'U' },
});

/**
 * The outcome in view of what was delivered. A client that closed the connection before its answer
 * was complete knows no more than U, whatever was decided. Where a script broke the delivery, the
 * script's outcome is kept.
 */
export const afterDelivery = (outcome: Outcome, { complete, endedBy }: Delivery): Outcome => {
  if (complete || endedBy !== 'client' || outcome.delivery.fault !== undefined) return outcome;
  const { code, reason } = outcome.verdict;
  return {
    ...outcome,
    verdict: {
      ...outcome.verdict,
      code: 'NO_ANSWER',
      status: 'U',
      basis: [...outcome.verdict.basis, 'G-35'],
      reason: `the client closed the connection before its answer (${code}) was complete; ${reason}`,
    },
    tags: [...outcome.tags, 'client-left'],
  };
};
