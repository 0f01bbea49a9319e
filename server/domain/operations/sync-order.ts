import { hash } from 'node:crypto';
import type { Finding, StatusMachine } from '../contract/contract.ts';

import type { Entity, Json, JsonObject } from '../state/state.ts';
import {
  type Accepted,
  accept,
  changedFields,
  type Endpoint,
  normalizeName,
  type Policies,
  type Refused,
  type RuleContext,
  refuseWith,
} from './endpoint.ts';
import { operationRecords } from './operation-records.ts';

const constantFields = ['orderCreateTime', 'merchantBizType'] as const;

const findStatusMachine = (
  request: JsonObject,
  { statusMachines }: RuleContext,
): StatusMachine | undefined => statusMachines.get(String(request['merchantBizType']));

/**
 * What no later message can put right: a constant that has changed, a status that does not exist.
 */
const findFlaws = (
  request: JsonObject,
  held: Entity | undefined,
  context: RuleContext,
): readonly Refused[] => {
  const { policies } = context;
  const drift =
    held === undefined || policies['order.identityDrift'] === 'ignore'
      ? []
      : identityDrift(request, held);
  const machine =
    policies['order.statusMachine'] === 'off' ? undefined : findStatusMachine(request, context);
  return [...drift, ...(machine === undefined ? [] : unknownStatus(request, machine))];
};

const identityDrift = (request: JsonObject, held: Entity): readonly Refused[] =>
  constantFields
    .filter((name) => request[name] !== held.fields[name])
    .map((name) =>
      refuseWith(
        'PARAM_ILLEGAL',

        `${name}: must stay what the order's first message said, ` +
          `${JSON.stringify(held.fields[name])} (got ${JSON.stringify(request[name])})`,
        ['O-04'],
      ),
    );

const unknownStatus = (request: JsonObject, machine: StatusMachine): readonly Refused[] => {
  const status = String(request['orderStatus']);
  if (machine.has(status)) return [];
  const known = [...machine.keys()].join(', ');
  const detail = `orderStatus: "${status}" is not a status of ${String(request['merchantBizType'])} (${known})`;
  return [refuseWith('ORDER_STATUS_INVALID', detail, ['E-01'])];
};

/**
 * Two sub-merchants may use one merchantBizNo. The deprecated name of the account counts where the
 * new one is missing (register O-03).
 */
const listIdentity = (request: JsonObject, policies: Policies): readonly Json[] => {
  const account =
    normalizeName(request['merchantAccountId']) ?? normalizeName(request['merchantId']);
  const number = normalizeName(request['merchantBizNo']);
  return account === null || policies['order.identity'] === 'merchantBizNo'
    ? [number]
    : [number, account];
};

export const syncOrder: Endpoint = {
  operationId: 'syncOrder',
  ...operationRecords.syncOrder,
  idempotencyKey: 'requestId',
  identify: (request, policies) => listIdentity(request, policies),
  eventTime: 'orderModifyTime',
  staleCode: 'ORDER_STATUS_INVALID',
  decide: (request, held, context) => {
    const [flaw] = findFlaws(request, held, context);
    if (flaw !== undefined) return flaw;
    const findings = held === undefined ? [] : changedUser(request, held);
    if (context.policies['order.statusMachine'] === 'off')
      return accept('status changes are not checked', ['E-01'], findings);
    const machine = findStatusMachine(request, context);
    return machine === undefined
      ? accept('no statuses are known for this business type', ['E-01'], findings)
      : checkChange(request, held, machine, findings);
  },
  flaws: findFlaws,
  answerFields: (held, { clientId, policies }): JsonObject =>
    held === undefined
      ? {}
      : {
          orderId: deriveOrderId(clientId, listIdentity(held.fields, policies)),
          orderStatus: held.fields['orderStatus'] ?? null,
        },
};

const checkChange = (
  request: JsonObject,
  held: Entity | undefined,
  machine: StatusMachine,
  odd: readonly Finding[],
): Accepted | Refused => {
  const status = String(request['orderStatus']);
  const findings = machine.get(status)?.legacy === true ? [...odd, legacyStatus(status)] : odd;
  if (held === undefined) return accept('a new order', ['E-01', 'E-04'], findings);
  const before = String(held.fields['orderStatus']);
  const allowed = machine.get(before)?.next ?? [];
  if (allowed.includes(status))
    return accept(
      before === status
        ? `the order stays ${status}`
        : `the order goes from ${before} to ${status}`,
      ['E-01'],
      findings,
    );
  const ways =
    allowed.length === 0 ? `${before} is final` : `after ${before} only ${allowed.join(', ')}`;
  return refuseWith(
    'ORDER_STATUS_INVALID',
    `orderStatus: the order cannot go from ${before} to ${status} (${ways})`,
    ['E-01'],
  );
};

const changedUser = (request: JsonObject, held: Entity): readonly Finding[] =>
  changedFields(request, held, ['userId', 'openId']).map((field) => ({
    id: 'ORDER_USER_CHANGED',
    sentence: `${field}: is another one than the order had; its user is not expected to change`,
    register: 'O-04',
  }));

const legacyStatus = (status: string): Finding => ({
  id: 'ORDER_STATUS_LEGACY',
  sentence: `orderStatus ${status} is documented only on an older page`,
  register: 'E-02',
});

/**
 * The same client and order give the same id in every run (register E-04): 28 digits, the shape of
 * the family's ids.
 */
const deriveOrderId = (clientId: string, identity: readonly Json[]): string => {
  const digits = hash('sha256', JSON.stringify([clientId, ...identity]), 'hex').slice(0, 24);
  return BigInt(`0x${digits}`).toString().padStart(28, '0').slice(-28);
};
