import type { Operation, OperationId } from '../../../domain/contract/contract.ts';
import type { Endpoint } from '../../../domain/operations/endpoint.ts';
import { endpoints } from '../../../domain/operations/index.ts';
import { valueAt } from '../../../domain/scenarios/conditions.ts';
import type { Json, JsonObject } from '../../../domain/state/state.ts';
import type { CasePlan, MessageTemplate } from '../types.ts';

/** The contract's example that the messages of an operation are made of. */
const samples: Readonly<Record<OperationId, string>> = {
  syncAdditionalInfo: 'full',
  syncAccountLinkage: 'bind',
  syncPaymentInfo: 'full',
  syncOrder: 'MOVIE_TICKET',
  updateMembershipCard: 'update',
};

/** Fields of an identity that name the one thing; the others say of what kind it is. */
export const tokenFields: Readonly<Record<OperationId, string>> = {
  syncAdditionalInfo: 'accountId',
  syncAccountLinkage: 'externalIdentityValue',
  syncPaymentInfo: 'accountId',
  syncOrder: 'merchantBizNo',
  updateMembershipCard: 'passId',
};

export const endpointFor = (operation: OperationId): Endpoint => {
  const found = endpoints.find(({ operationId }) => operationId === operation);
  if (found === undefined) throw new Error(`no endpoint serves ${operation}`);
  return found;
};

export interface MessageOptions {
  readonly operation: Operation;
  readonly plan: CasePlan;
  /** At most 16 characters, letters and digits. */
  readonly token: string;
  /** The moment of the business event, milliseconds since 1970. */
  readonly time: number;
  /** The merchant's own fields, laid over the sample. */
  readonly fields?: JsonObject | undefined;
}

/** Business data as a driver gets it: everything but the requestId. */
export const composeMessages = (options: MessageOptions): readonly JsonObject[] => {
  const templates: readonly MessageTemplate[] = options.plan.messages ?? [{}];
  return templates.map((template, index) => composeMessage(options, template, index));
};

const composeMessage = (
  { operation, token, time, fields = {} }: MessageOptions,
  { fields: changes = {}, isSameThing = false, eventTimeOffsetMs = 0 }: MessageTemplate,
  index: number,
): JsonObject => {
  const { requestId: _, ...sample } = operation.examples.get(samples[operation.id]) ?? {};
  const { eventTime } = endpointFor(operation.id);
  const name = isSameThing || index === 0 ? token : `${token}${index + 1}`;
  const eventMs = time + eventTimeOffsetMs;
  const message: Record<string, Json> = { ...sample };
  if (eventTime !== null) message[eventTime] = eventMs;
  if (operation.id === 'syncOrder') message['orderCreateTime'] = time - 1000;
  Object.assign(message, fields, changes[operation.id]);
  message[tokenFields[operation.id]] = name;
  // As in a scenario's `with`, null removes a field.
  for (const [field, value] of Object.entries(message)) if (value === null) delete message[field];
  return operation.id === 'updateMembershipCard' ? withDataToken(message, token, index) : message;
};

/**
 * A card has no requestId: two messages are two only if their bodies differ, so each carries its
 * number in dataInfo.
 */
const withDataToken = (message: JsonObject, token: string, index: number): JsonObject => {
  const { dataInfo } = message;
  if (typeof dataInfo !== 'object' || dataInfo === null || Array.isArray(dataInfo)) return message;
  return { ...message, dataInfo: { ...dataInfo, billNo: `${token}${index + 1}` } };
};

/** Fields that are no sign of which message a request carries: the application may set them. */
const applicationFields = new Set(['requestId', 'requestTime', 'bizTime', 'orderModifyTime']);

/**
 * Conditions of a rule that only requests with the nth message meet; undefined when nothing but the
 * event time distinguishes it.
 */
export const messageConditions = (
  messages: readonly JsonObject[],
  index: number,
): Readonly<Record<string, string | number>> | undefined => {
  const message = messages[index] ?? {};
  const others = messages.filter((_, other) => other !== index);
  const found: Record<string, string | number> = {};
  let left = others;
  for (const [path, value] of scalars(message)) {
    if (left.length === 0) break;
    const same = left.filter((other) => valueAt(other, path) === value);
    if (same.length === left.length || applicationFields.has(path)) continue;
    found[path] = value;
    left = same;
  }
  return left.length > 0 ? undefined : found;
};

const scalars = (fields: JsonObject, before = ''): [string, string | number][] =>
  Object.entries(fields).flatMap(([name, value]): [string, string | number][] => {
    // A dot in a condition reads a field of an object, so a name must not have one.
    if (name.includes('.') || name.includes('$')) return [];
    const path = `${before}${name}`;
    if (typeof value === 'string' || typeof value === 'number') return [[path, value]];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? scalars(value as JsonObject, `${path}.`) : [];
  });
