import { isRecord } from '../../problems/plain-object.ts';
import type { Finding } from '../contract/contract.ts';
import type { Entity, Json, JsonObject } from '../state/state.ts';
import { accept, changedFields, type Endpoint, noFields, refuseWith } from './endpoint.ts';
import { operationRecords } from './operation-records.ts';

const detailTypeMissing: Finding = {
  id: 'UPDATE_DETAIL_TYPE_MISSING',
  sentence:
    'updateDetailType is missing; the current page marks it required even when status is CLOSED',
  register: 'E-12',
};

const changedConstant = (field: string): Finding => ({
  id: 'PASS_CONSTANT_CHANGED',
  sentence: `${field}: is another one than the card had; a card is not expected to change its user or template`,
  register: 'O-03',
});

const passExpired: Finding = {
  id: 'PASS_EXPIRED',
  sentence:
    'the endDate of the pass has come; whether the real gateway still updates it is not documented',
  register: 'E-23',
};

export const updateMembershipCard: Endpoint = {
  operationId: 'updateMembershipCard',
  ...operationRecords.updateMembershipCard,
  idempotencyKey: null,
  eventTime: null,
  staleCode: 'PASS_UPDATE_FAIL',
  decide: (request, held, { policies, now }) => {
    if (held === undefined && policies['membership.unknownPass'] === 'PASS_HAS_NOT_EXIST') {
      return refuseWith('PASS_HAS_NOT_EXIST', 'passId: no such pass is known', ['E-10']);
    }
    if (held?.fields['status'] === 'CLOSED') {
      return policies['membership.closedPass'] === 'SUCCESS'
        ? { ...accept('the pass is closed already; answered as done', ['E-11']), keepsHeld: true }
        : refuseWith(
            'PASS_UPDATE_FAIL',
            'passId: the pass is CLOSED; only an active pass can be updated',
            ['E-11'],
          );
    }
    const isExpired = held !== undefined && hasExpired(held, now);
    if (
      isExpired &&
      !revives(request, now) &&
      policies['membership.expiredPass'] === 'PASS_UPDATE_FAIL'
    ) {
      return refuseWith(
        'PASS_UPDATE_FAIL',
        'passId: the endDate of the pass has come; only an active pass can be updated',
        ['E-23'],
      );
    }
    const findings = [
      ...(held === undefined
        ? []
        : changedFields(request, held, ['userId', 'templateCode']).map(changedConstant)),
      ...(request['updateDetailType'] === undefined ? [detailTypeMissing] : []),
      ...(isExpired ? [passExpired] : []),
    ];
    return accept(
      held === undefined ? 'the pass is known from now on' : 'the pass is updated',
      [held === undefined ? 'E-10' : 'O-03'],
      findings,
    );
  },
  fieldsToHold: (request, held, { policies }) =>
    policies['membership.update'] === 'replace'
      ? request
      : mergeFields(request, held?.fields ?? {}),
  answerFields: noFields,
};

/**
 * What belongs to the card rather than to the message: it stays when an update does not carry it
 * (register E-24).
 */
const lastingFields = ['userId', 'openId', 'templateCode', 'endDate', 'codeInfo'] as const;

/** What the page calls nullable: a null clears it (register G-27). */
const clearedByNull = ['billNo', 'lastChangePoints', 'pointsProvider'];

const mergeFields = (request: JsonObject, held: JsonObject): JsonObject => {
  const { dataInfo, ...rest } = request;
  const lasting = lastingFields.flatMap((name): [string, Json][] =>
    held[name] === undefined ? [] : [[name, held[name]]],
  );
  const fields = { ...Object.fromEntries(lasting), ...rest };
  const data = { ...asObject(held['dataInfo']), ...asObject(dataInfo) };
  return Object.fromEntries([
    ...Object.entries(fields).filter(([name, value]) => name !== 'codeInfo' || value !== null),
    ...(Object.keys(data).length === 0
      ? []
      : [
          [
            'dataInfo',
            Object.fromEntries(
              Object.entries(data).filter(
                ([name, value]) => value !== null || !clearedByNull.includes(name),
              ),
            ),
          ],
        ]),
  ]);
};

const asObject = (value: Json | undefined): JsonObject =>
  isRecord(value) ? (value as JsonObject) : {};

/**
 * An expired card may still be closed, and its end may be moved: both are what one does with such a
 * card (register E-23).
 */
const revives = (request: JsonObject, now: number): boolean =>
  request['status'] === 'CLOSED' ||
  (typeof request['endDate'] === 'number' && request['endDate'] > now);

const hasExpired = ({ fields }: Entity, now: number): boolean =>
  typeof fields['endDate'] === 'number' && fields['endDate'] <= now;
