import * as z from 'zod';
import { checkYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import { StartupError } from '../../problems/problem.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { bases, type RegisterId } from '../contract/basis.ts';
import { isNode, type Node, nodeAt, readFieldSchemas, resolveRef } from '../contract/document.ts';
import type { Json, JsonObject, OutboundAttempt, OutboundRecord } from '../state/state.ts';
import type { OutboundFaultId } from './outbound-faults.ts';

/** The calls that AlipayHK makes to merchants, as `openapi/outbound.yaml` names them. */
export const outboundCallIds = [
  'create-membership',
  'bill-notify',
  'query-unpaid-bills',
  'query-account',
  'verify-account',
  'top-up',
  'query-latest-payment-info',
  'unbind-account',
  'bind-account',
  'create-bill-order',
  'create-add-on-order',
  'add-on-order-notify',
  'payment-notify',
  'authorization-cancel-notify',
  'sister-payment-notify',
] as const;
export type OutboundCallId = (typeof outboundCallIds)[number];

const webhook = z.object({
  operationId: z.string(),
  summary: z.string(),
  'x-provenance': z.object({
    basis: z.enum(bases),
    register: z.string().regex(/^OB-\d{2}$/),
    note: z.string().optional(),
  }),
  'x-kind': z.enum(['notification', 'query']),
  'x-envelope': z.enum(['plain', 'older']),
  'x-path': z.string().optional(),
  'x-function': z.string().optional(),
  'x-id-field': z.string().optional(),
  'x-time-field': z.string().optional(),
  'x-complete': z.boolean(),
  'x-unknown': z.array(z.string()).default([]),
  'x-merchant': z.string(),
});

/** One call of the contract. */
export interface OutboundCall {
  readonly id: OutboundCallId;
  readonly operationId: string;
  readonly summary: string;
  readonly register: RegisterId;
  readonly basis: (typeof bases)[number];
  /** `notification`: sent again by the plan; `query`: the user waits for the answer. */
  readonly kind: 'notification' | 'query';
  /** `older`: head and body in `request`, with a signature next to it (register OB-17). */
  readonly envelope: 'plain' | 'older';
  /** The merchant's path where a page prints one. */
  readonly path: string | undefined;
  readonly functionName: string | undefined;
  /** Names the event: a merchant applies it once. */
  readonly idField: string | undefined;
  readonly timeField: string | undefined;
  readonly isComplete: boolean;
  /** What no public page says. */
  readonly unknown: readonly string[];
  /** What a correct merchant does. */
  readonly merchant: string;
  /** The business fields of the document's example, without an envelope. */
  readonly example: JsonObject;
  /** Names of the business fields. */
  readonly fields: readonly string[];
  /** JSON pointers of the schemas within the document. */
  readonly requestPointer: string;
  readonly answerPointer: string;
}

export interface OutboundContract {
  readonly document: Node;
  readonly calls: ReadonlyMap<OutboundCallId, OutboundCall>;
}

/** Reads `openapi/outbound.yaml`. @throws StartupError when it is not that document */
export const readOutboundContract = (file: string): OutboundContract => {
  const source = readLocatedYaml(file);
  if (source.problems.length > 0) throw new StartupError(source.problems);
  const document = isNode(source.value) ? source.value : {};
  const shape = z.object({
    webhooks: z.record(z.enum(outboundCallIds), z.object({ post: webhook })),
  });
  const checked = checkYaml(source, shape, 'Reinstall the package, or correct the file.');
  if ('problems' in checked) throw new StartupError(checked.problems);
  const calls = outboundCallIds.map((id): [OutboundCallId, OutboundCall] => [
    id,
    toCall(id, document, checked.data.webhooks[id].post),
  ]);
  return { document, calls: new Map(calls) };
};

const toCall = (
  id: OutboundCallId,
  document: Node,
  post: z.infer<typeof webhook>,
): OutboundCall => {
  const operation = nodeAt(document, 'webhooks', id, 'post');
  const content = nodeAt(operation, 'requestBody', 'content', 'application/json');
  const schemaName = refName(nodeAt(content, 'schema'));
  const answerName = refName(nodeAt(operation, 'responses', '200'));
  const isOlder = post['x-envelope'] === 'older';
  const bodyName = isOlder ? `${schemaName}Body` : schemaName;
  const schema = resolveRef(document, { $ref: `#/components/schemas/${bodyName}` });
  const example = nodeAt(content, 'example') as JsonObject;
  return {
    id,
    operationId: post.operationId,
    summary: post.summary,
    register: post['x-provenance'].register as RegisterId,
    basis: post['x-provenance'].basis,
    kind: post['x-kind'],
    envelope: post['x-envelope'],
    path: post['x-path'],
    functionName: post['x-function'],
    idField: post['x-id-field'],
    timeField: post['x-time-field'],
    isComplete: post['x-complete'],
    unknown: post['x-unknown'],
    merchant: post['x-merchant'].trim(),
    example: isOlder ? (nodeAt(example, 'request', 'body') as JsonObject) : example,
    fields: [...readFieldSchemas(document, resolveRef(document, schema)).keys()],
    requestPointer: `#/components/schemas/${bodyName}`,
    answerPointer: `#/components/responses/${answerName}/content/application~1json/schema`,
  };
};

const refName = (node: Node): string => String(node['$ref']).split('/').at(-1) ?? '';

/** What makes the message of one sending its own. */
export interface MessageOccasion {
  /** In the field that names the event, unless that is given. */
  readonly unique: string;
  /** In the field that says when it happened. */
  readonly now: number;
}

/**
 * The business fields of a call: those of the example, those given over them (null removes one),
 * and an id and a time of their own where these are not given.
 */
export const composeFields = (
  { example, idField, timeField }: OutboundCall,
  given: JsonObject,
  { unique, now }: MessageOccasion,
): JsonObject => {
  const own: Record<string, Json> = {};
  if (idField !== undefined) own[idField] = unique;
  if (timeField !== undefined) own[timeField] = writeTimestamp(now);
  const fields = { ...example, ...own, ...given };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
};

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
