import type { Operation, ResultRow } from '../contract/contract.ts';
import type { Finding, RegisterId } from '../contract/finding.ts';
import type { Script } from '../scenario/script.ts';
import type { Answer, Change, Entity, JsonObject, RememberedRequest } from '../world/state.ts';
import type { Endpoint, RuleContext } from './endpoint.ts';

/** A request that has passed the gateway. */
export interface Call {
  readonly request: JsonObject;
  readonly fingerprint: string;
  readonly identity: string;
  readonly requestKey: string | undefined;
}

/** What the world holds of this call. */
export interface Held {
  readonly entity: Entity | undefined;
  readonly remembered: RememberedRequest | undefined;
}

export type Mark = 'duplicate' | 'mismatch' | 'stale' | 'scripted';

export interface Decision {
  readonly answer: Answer;
  readonly changes: readonly Change[];
  readonly marks: readonly Mark[];
  readonly basis: readonly RegisterId[];
  readonly reason: string;
  readonly findings: readonly Finding[];
}

/** Names the thing a request is about: the values of its identity fields, in order. */
export const identityOf = (endpoint: Endpoint, request: JsonObject): string =>
  JSON.stringify(endpoint.identity.map((field) => request[field] ?? null));

/** The record a requestId is remembered under (register I-01), or undefined where the operation has none. */
export const requestKeyOf = (endpoint: Endpoint, request: JsonObject): string | undefined =>
  endpoint.idempotencyKey === null ? undefined : `${endpoint.operationId} ${String(request[endpoint.idempotencyKey])}`;

/**
 * Idempotency, then the order of events, then the endpoint's own rule; what a scenario scripted is laid over the outcome.
 * A script that keeps the change commits what the operation itself decided, request id included, as if only the answer were lost. Pure.
 */
export const decideRequest = (
  endpoint: Endpoint,
  operation: Operation,
  call: Call,
  held: Held,
  context: RuleContext,
  script: Script | undefined,
): Decision => {
  const decision =
    repeated(endpoint, operation, call, held, context) ??
    stale(endpoint, operation, call, held, context) ??
    ruled(endpoint, operation, call, held, context);
  const natural = remember(call, held, decision, decision.answer);
  if (script?.result === undefined) return script?.change === 'drop' ? dropped(natural, script) : natural;
  const result = scriptedResult(operation, script.result, script);
  const keeps = script.change === undefined ? result.status === 'S' : script.change === 'keep';
  // A failure that keeps nothing tells what is held, not what would have been.
  const fields = keeps || result.status === 'S' ? decision.answer.fields : endpoint.answerFields(held.entity, context);
  const told = { ...result, fields: { ...fields, ...script.body } };
  const kept = told.status === 'S' ? remember(call, held, decision, told) : natural;
  return {
    ...decision,
    answer: told,
    changes: keeps ? kept.changes : [],
    marks: [...decision.marks, 'scripted'],
    reason: `${script.name} scripted ${told.code}${keeps ? ' and kept the change' : ''}; unscripted: ${decision.answer.code}, ${decision.reason}`,
  };
};

/** Decided and then not committed, as by a crash in between. */
const dropped = (decision: Decision, { name }: Script): Decision => ({
  ...decision,
  changes: [],
  reason: `${name} dropped the change; ${decision.reason}`,
});

const repeated = (
  endpoint: Endpoint,
  operation: Operation,
  call: Call,
  { entity, remembered }: Held,
  context: RuleContext,
): Decision | undefined => {
  if (remembered === undefined) return undefined;
  if (remembered.fingerprint === call.fingerprint) {
    return {
      answer: remembered.answer,
      changes: [],
      marks: ['duplicate'],
      basis: ['I-02'],
      reason: 'the same requestId with the same body: the first answer again',
      findings: [],
    };
  }
  const policy = context.policies['idempotency.mismatch'];
  if (policy === 'replay') {
    return {
      answer: remembered.answer,
      changes: [],
      marks: ['mismatch'],
      basis: ['I-03'],
      reason: 'a known requestId with another body: the first answer again',
      findings: [],
    };
  }
  const detail = 'requestId: already used with another body';
  return {
    answer: answerOf(operation, policy, detail, endpoint.answerFields(entity, context)),
    changes: [],
    marks: ['mismatch'],
    basis: ['I-03'],
    reason: detail,
    findings: [],
  };
};

const stale = (endpoint: Endpoint, operation: Operation, call: Call, { entity }: Held, context: RuleContext): Decision | undefined => {
  const time = eventTimeOf(endpoint, call.request);
  const policy = context.policies['ordering.stale'];
  if (time === null || entity === undefined || entity.eventTime === null || time > entity.eventTime || policy === 'apply') return undefined;
  const detail = `${endpoint.eventTime}: ${time} is not newer than ${entity.eventTime}, which is held`;
  const code = policy === 'ignore' ? 'SUCCESS' : endpoint.staleCode;
  return {
    answer: answerOf(operation, code, code === 'SUCCESS' ? undefined : detail, endpoint.answerFields(entity, context)),
    changes: [],
    marks: ['stale'],
    basis: ['O-01', 'O-02'],
    reason: detail,
    findings: [],
  };
};

const ruled = (endpoint: Endpoint, operation: Operation, call: Call, { entity }: Held, context: RuleContext): Decision => {
  const ruling = endpoint.decide(call.request, entity, context);
  const { basis, reason } = ruling;
  if (!ruling.accepted) {
    return {
      answer: answerOf(operation, ruling.code, ruling.detail, endpoint.answerFields(entity, context)),
      changes: [],
      marks: [],
      basis,
      reason,
      findings: [],
    };
  }
  const next: Entity =
    ruling.keepsHeld === true && entity !== undefined
      ? entity
      : { fields: call.request, eventTime: eventTimeOf(endpoint, call.request), updates: (entity?.updates ?? 0) + 1 };
  const changes: Change[] = next === entity ? [] : [{ collection: endpoint.collection, id: call.identity, value: next }];
  return {
    answer: answerOf(operation, 'SUCCESS', undefined, endpoint.answerFields(next, context)),
    changes,
    marks: [],
    basis,
    reason,
    findings: ruling.findings ?? [],
  };
};

const scriptedResult = (operation: Operation, result: string, script: Script): Omit<Answer, 'fields'> => {
  const { code, status, message } = resultRow(operation, result);
  return { code, status: script.status ?? status, message: script.message ?? message };
};

/**
 * S and F are remembered, U never is: a retry after U is processed anew. What a scenario scripted instead is not remembered
 * either, unless it is a success: the script is asked again at every call (register I-04).
 */
const remember = ({ requestKey, fingerprint }: Call, { remembered }: Held, decision: Decision, answer: Answer): Decision => {
  if (requestKey === undefined || remembered !== undefined || answer.status === 'U') return decision;
  return { ...decision, changes: [...decision.changes, { collection: 'requests', id: requestKey, value: { fingerprint, answer } }] };
};

const eventTimeOf = (endpoint: Endpoint, request: JsonObject): number | null =>
  endpoint.eventTime === null ? null : Number(request[endpoint.eventTime]);

const answerOf = (operation: Operation, code: string, detail: string | undefined, fields: JsonObject): Answer => {
  const { status, message } = resultRow(operation, code);
  return { code, status, message: detail ?? message, fields };
};

const resultRow = (operation: Operation, code: string): ResultRow => {
  const row = operation.results.get(code);
  if (row === undefined) throw new Error(`${operation.id} has no result code ${code}: the contract and the rule disagree`);
  return row;
};
