import { createHash } from 'node:crypto';
import type { StatusMachine } from '../contract/contract.ts';
import type { Finding } from '../contract/finding.ts';
import type { Entity, JsonObject } from '../world/state.ts';
import { accept, type Endpoint, type Refused, refuse } from './endpoint.ts';

export const syncOrder: Endpoint = {
  operationId: 'syncOrder',
  collection: 'orders',
  idempotencyKey: 'requestId',
  identity: ['merchantBizNo'],
  eventTime: 'orderModifyTime',
  staleCode: 'ORDER_STATUS_INVALID',
  decide: (request, held, context) => {
    const drift = held === undefined || context.policies['order.identityDrift'] === 'ignore' ? undefined : identityDrift(request, held);
    if (drift !== undefined) return drift;
    if (context.policies['order.statusMachine'] === 'off') return accept('status changes are not checked', ['E-01']);
    const machine = context.statusMachines.get(String(request['merchantBizType']));
    return machine === undefined ? accept('no statuses are known for this business type', ['E-01']) : checkStatus(request, held, machine);
  },
  answerFields: (held, { clientId }): JsonObject =>
    held === undefined
      ? {}
      : { orderId: orderIdOf(clientId, String(held.fields['merchantBizNo'])), orderStatus: held.fields['orderStatus'] ?? null },
};

const constantFields = ['orderCreateTime', 'merchantBizType'] as const;

const identityDrift = (request: JsonObject, held: Entity): Refused | undefined => {
  const field = constantFields.find((name) => request[name] !== held.fields[name]);
  return (
    field &&
    refuse(
      'PARAM_ILLEGAL',
      `${field}: must stay what the order's first message said, ${JSON.stringify(held.fields[field])} (got ${JSON.stringify(request[field])})`,
      ['O-04'],
    )
  );
};

const checkStatus = (request: JsonObject, held: Entity | undefined, machine: StatusMachine) => {
  const status = String(request['orderStatus']);
  const rule = machine.get(status);
  if (rule === undefined) {
    return refuse(
      'ORDER_STATUS_INVALID',
      `orderStatus: "${status}" is not a status of ${String(request['merchantBizType'])} (${[...machine.keys()].join(', ')})`,
      ['E-01'],
    );
  }
  const findings = rule.legacy ? [legacyStatus(status)] : [];
  if (held === undefined) return accept('a new order', ['E-01', 'E-04'], findings);
  const before = String(held.fields['orderStatus']);
  const allowed = machine.get(before)?.next ?? [];
  if (allowed.includes(status))
    return accept(before === status ? `the order stays ${status}` : `the order goes from ${before} to ${status}`, ['E-01'], findings);
  const ways = allowed.length === 0 ? `${before} is final` : `after ${before} only ${allowed.join(', ')}`;
  return refuse('ORDER_STATUS_INVALID', `orderStatus: the order cannot go from ${before} to ${status} (${ways})`, ['E-01']);
};

const legacyStatus = (status: string): Finding => ({
  id: 'ORDER_STATUS_LEGACY',
  sentence: `orderStatus ${status} stands only on an older page of the documents`,
  register: 'E-02',
});

/** The same client and order give the same id in every run (register E-04): 28 digits, the shape of the family's ids. */
const orderIdOf = (clientId: string, merchantBizNo: string): string => {
  const hash = createHash('sha256')
    .update(JSON.stringify([clientId, merchantBizNo]))
    .digest('hex')
    .slice(0, 24);
  return BigInt(`0x${hash}`).toString().padStart(28, '0').slice(-28);
};
