import type { RegisterId } from '../contract/basis.ts';
import type { Finding, Operation, ResultRow } from '../contract/contract.ts';

import type { ScriptedResult } from '../scenarios/select-rule.ts';
import type { Answer, Change, Entity, JsonObject, RememberedRequest } from '../state/state.ts';
import { type Endpoint, normalizeName, type Policies, type RuleContext } from './endpoint.ts';
import { contentFingerprint, differingFields, hashFields } from './request-content.ts';

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

/** Everything that a decision depends on, but for what a scenario scripted. */
export interface DecisionInput {
  readonly endpoint: Endpoint;
  readonly operation: Operation;
  readonly call: Call;
  readonly held: Held;
  readonly context: RuleContext;
}

export type Tag = 'duplicate' | 'mismatch' | 'stale' | 'scripted';

// Kept with every attempt that lint remembers: one list for all.
const duplicateTags: readonly Tag[] = ['duplicate'];
const mismatchTags: readonly Tag[] = ['mismatch'];
const staleTags: readonly Tag[] = ['stale'];

export interface Decision {
  readonly answer: Answer;
  readonly changes: readonly Change[];
  readonly tags: readonly Tag[];
  readonly basis: readonly RegisterId[];
  readonly reason: string;
  readonly findings: readonly Finding[];
}

/**
 * Names the thing a request is about: the values of its identity fields, in order (register O-03).
 */
export const buildIdentity = (
  endpoint: Endpoint,
  request: JsonObject,
  policies: Policies,
): string =>
  JSON.stringify(
    endpoint.identify?.(request, policies) ??
      endpoint.identity.map((field) => normalizeName(request[field])),
  );

/**
 * The record a requestId is remembered under (register I-01), or undefined where the operation has
 * none.
 */
export const buildRequestKey = (endpoint: Endpoint, request: JsonObject): string | undefined =>
  endpoint.idempotencyKey === null
    ? undefined
    : `${endpoint.operationId} ${String(request[endpoint.idempotencyKey])}`;

/**
 * Idempotency, then the order of events, then the endpoint's own rule; what a scenario scripted is
 * laid over the outcome. A script that keeps the change commits what the operation itself decided,
 * request id included, as if only the answer were lost. Pure.
 */
export const decideRequest = (
  input: DecisionInput,
  script: ScriptedResult | undefined,
): Decision => {
  const { endpoint, operation, held, context } = input;
  const decision = decideDuplicate(input) ?? decideStale(input) ?? applyRule(input);
  const natural = remember(input, decision, decision.answer);
  if (script?.result === undefined)
    return script?.change === 'drop' ? dropChange(natural, script) : natural;
  const result = scriptedResult(operation, script.result, script);
  const keeps = script.change === undefined ? result.status === 'S' : script.change === 'keep';
  // A failure that keeps nothing returns what is held, not what would have been.
  const fields =
    keeps || result.status === 'S'
      ? decision.answer.fields
      : endpoint.answerFields(held.entity, context);
  const answer = { ...result, fields: { ...fields, ...script.body } };
  const kept = answer.status === 'S' ? remember(input, decision, answer) : natural;
  return {
    ...decision,
    answer,
    changes: keeps ? kept.changes : [],
    tags: [...decision.tags, 'scripted'],
    reason:
      `${script.name} scripted ${answer.code}${keeps ? ' and kept the change' : ''}; ` +
      `unscripted: ${decision.answer.code}, ${decision.reason}`,
  };
};

/** Decided and then not committed, as by a crash in between. */
const dropChange = (decision: Decision, { name }: ScriptedResult): Decision => ({
  ...decision,
  changes: [],
  reason: `${name} dropped the change; ${decision.reason}`,
});

const decideDuplicate = ({
  endpoint,
  operation,
  call,
  held: { entity, remembered },
  context,
}: DecisionInput): Decision | undefined => {
  if (remembered === undefined) return undefined;
  const { policies } = context;
  const again: Decision = {
    answer: {
      ...remembered.answer,
      fields: replayedFields(
        remembered.answer.fields,
        endpoint.answerFields(entity, context),
        policies,
      ),
    },
    changes: [],
    tags: duplicateTags,
    basis: ['I-02'],
    reason: 'the same requestId with the same body: the first answer again',
    findings: [],
  };
  if (remembered.fingerprint === call.fingerprint) return again;
  if (remembered.content !== undefined && remembered.content === fingerprintContent(call, policies))
    return {
      ...again,
      basis: ['I-02', 'I-03'],
      reason: 'the same requestId with the same content: the first answer again',
    };
  const policy = policies['idempotency.mismatch'];
  if (policy === 'replay') {
    return {
      ...again,
      tags: mismatchTags,
      basis: ['I-03'],
      reason: 'a known requestId with another body: the first answer again',
    };
  }
  const detail = mismatchDetail(remembered, call, operation);
  return {
    answer: buildAnswer(operation, policy, detail, endpoint.answerFields(entity, context)),
    changes: [],
    tags: mismatchTags,
    basis: ['I-03'],
    reason: detail,
    findings: [],
  };
};

/**
 * Fields next to the result describe the record as it is now, unless they are to be repeated too
 * (register I-02).
 */
const replayedFields = (first: JsonObject, current: JsonObject, policies: Policies): JsonObject =>
  policies['idempotency.replay'] === 'first'
    ? first
    : Object.fromEntries(
        Object.entries(first).map(([name, value]) => [name, current[name] ?? value]),
      );

const fingerprintContent = ({ request }: Call, policies: Policies): string | undefined => {
  const compare = policies['idempotency.compare'];
  return compare === 'body'
    ? undefined
    : contentFingerprint(request, compare === 'key' ? ['requestTime'] : []);
};

const mismatchDetail = (
  { fieldHashes }: RememberedRequest,
  { request }: Call,
  { knownFields }: Operation,
): string => {
  if (fieldHashes === undefined) return 'requestId: already used with another body';
  const known = [...knownFields.values()].flatMap((names) => [...names]);
  const fields = differingFields(fieldHashes, request, known);
  return fields.length === 0
    ? 'requestId: already used with another body, the same JSON in another layout'
    : `requestId: already used with another body; what differs: ${fields.join(', ')}`;
};

const decideStale = ({
  endpoint,
  operation,
  call,
  held: { entity },
  context,
}: DecisionInput): Decision | undefined => {
  const time = readEventTime(endpoint, call.request);
  const policy = context.policies['ordering.stale'];
  if (
    time === null ||
    entity === undefined ||
    entity.eventTime === null ||
    time > entity.eventTime ||
    policy === 'apply'
  )
    return undefined;
  const flaws = endpoint.flaws?.(call.request, entity, context) ?? [];
  const lateness = `${endpoint.eventTime}: ${time} is not newer than ${entity.eventTime}, which is held`;
  const detail = [lateness, ...flaws.map((flaw) => flaw.reason)].join('; ');
  const code = policy === 'ignore' ? 'SUCCESS' : endpoint.staleCode;
  return {
    answer: buildAnswer(
      operation,
      code,
      code === 'SUCCESS' ? undefined : detail,
      endpoint.answerFields(entity, context),
    ),
    changes: [],
    tags: staleTags,
    basis: ['O-01', 'O-02', ...flaws.flatMap(({ basis }) => basis)],
    reason: detail,
    findings: flaws.map(({ reason, basis }) => ({
      id: 'STALE_AND_INVALID',
      sentence: `stale, and it would be refused if it were not: ${reason}`,
      register: basis[0] ?? 'O-01',
    })),
  };
};

const applyRule = ({
  endpoint,
  operation,
  call,
  held: { entity },
  context,
}: DecisionInput): Decision => {
  const decided = endpoint.decide(call.request, entity, context);
  const { basis, reason } = decided;
  if (!decided.accepted) {
    return {
      answer: buildAnswer(
        operation,
        decided.code,
        decided.detail,
        endpoint.answerFields(entity, context),
      ),
      changes: [],
      tags: [],
      basis,
      reason,
      findings: [],
    };
  }
  const next: Entity =
    decided.keepsHeld === true && entity !== undefined
      ? entity
      : {
          fields: endpoint.fieldsToHold?.(call.request, entity, context) ?? call.request,
          eventTime: readEventTime(endpoint, call.request),
          updates: (entity?.updates ?? 0) + 1,
        };
  const changes: Change[] =
    next === entity ? [] : [{ collection: endpoint.collection, id: call.identity, value: next }];
  return {
    answer: buildAnswer(operation, 'SUCCESS', undefined, endpoint.answerFields(next, context)),
    changes,
    tags: [],
    basis,
    reason,
    findings: [...(decided.findings ?? []), ...farAhead(endpoint, next, context)],
  };
};

/**
 * More than a clock that is wrong by minutes: the local time of another zone, or a made-up date.
 */
const farAheadMs = 60 * 60 * 1000;

const farAhead = (
  { eventTime: field }: Endpoint,
  { eventTime }: Entity,
  { now }: RuleContext,
): readonly Finding[] =>
  eventTime === null || eventTime <= now + farAheadMs
    ? []
    : [
        {
          id: 'EVENT_TIME_AHEAD',
          sentence:
            `${field}: ${eventTime} is ${Math.round((eventTime - now) / 60_000)} minutes ` +
            'ahead; until then every update is stale',
          register: 'O-02',
        },
      ];

const scriptedResult = (
  operation: Operation,
  result: string,
  script: ScriptedResult,
): Omit<Answer, 'fields' | 'detail'> => {
  const row =
    script.unlisted === true ? operation.results.get(result) : findResultRow(operation, result);
  return {
    code: result,
    status: script.status ?? row?.status ?? 'U',
    message: script.message ?? row?.message ?? result,
  };
};

/**
 * S and F are remembered, U never is: a retry after U is processed again. What a scenario scripted
 * instead is not remembered either, unless it is a success: the script is asked again at every call
 * (register I-04).
 */
const remember = (
  { call, held: { remembered }, context: { policies } }: DecisionInput,
  decision: Decision,
  answer: Answer,
): Decision => {
  const { requestKey, fingerprint, request } = call;
  if (requestKey === undefined || remembered !== undefined || answer.status === 'U')
    return decision;
  const content = fingerprintContent(call, policies);
  const fieldHashes = hashFields(request);
  const value =
    content === undefined
      ? { fingerprint, fieldHashes, answer }
      : { fingerprint, content, fieldHashes, answer };
  return {
    ...decision,
    changes: [...decision.changes, { collection: 'requests', id: requestKey, value }],
  };
};

const readEventTime = (endpoint: Endpoint, request: JsonObject): number | null =>
  endpoint.eventTime === null ? null : Number(request[endpoint.eventTime]);

const buildAnswer = (
  operation: Operation,
  code: string,
  detail: string | undefined,
  fields: JsonObject,
): Answer => {
  const { status, message } = findResultRow(operation, code);
  return detail === undefined
    ? { code, status, message, fields }
    : { code, status, message, detail, fields };
};

const findResultRow = (operation: Operation, code: string): ResultRow => {
  const row = operation.results.get(code);
  if (row === undefined)
    throw new Error(
      `${operation.id} has no result code ${code}: the contract and the rule disagree`,
    );
  return row;
};
